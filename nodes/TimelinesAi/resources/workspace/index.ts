import type { Resource } from '../../../shared/operation/types';
import { get } from './get.operation';

export const workspace: Resource = { value: 'workspace', name: 'Workspace', operations: [get] };
