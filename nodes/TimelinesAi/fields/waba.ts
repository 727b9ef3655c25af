/** Fields that choose a WhatsApp Business API number and a template that Meta has approved. */
import type { INodeProperties } from 'n8n-workflow';
import { locator, typed } from '../../shared/fields/common';

/** A WABA number; `name` is that of its id in the operation: `accountId`, or where it sends or filters `wabaAccountId`. */
export const wabaAccountField = (words: Pick<INodeProperties, 'name' | 'description' | 'required'>): INodeProperties =>
	locator({ displayName: 'WABA Account', ...words }, 'searchWabaAccounts', typed('By ID', 'id', 'e.g. 4021'));

export const wabaTemplateField = locator(
	{ displayName: 'WABA Template', name: 'templateId', required: true, description: 'A message template of the WhatsApp Business account' },
	'searchWabaTemplates',
	typed('By ID', 'id', 'e.g. 501'),
);
