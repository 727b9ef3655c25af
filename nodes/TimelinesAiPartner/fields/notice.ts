/** A note in the panel, above the fields of an operation: what it destroys or reveals. */
import type { INodeProperties } from 'n8n-workflow';

export const notice = (text: string): INodeProperties => ({ displayName: text, name: 'notice', type: 'notice', default: '' });
