import type { Resource } from '../../../shared/operation/types';
import { create } from './create.operation';
import { get } from './get.operation';
import { update } from './update.operation';

export const workspace: Resource = {
	value: 'workspace',
	name: 'Workspace',
	operations: [get, create, update],
};
