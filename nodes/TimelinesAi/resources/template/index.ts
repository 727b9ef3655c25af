import type { Resource } from '../../../shared/operation/types';
import { create } from './create.operation';
import { deleteTemplate } from './delete.operation';
import { get } from './get.operation';
import { getAll } from './getAll.operation';
import { trackUsage } from './trackUsage.operation';
import { update } from './update.operation';

export const template: Resource = {
	value: 'template',
	name: 'Template',
	operations: [getAll, create, deleteTemplate, get, trackUsage, update],
};
