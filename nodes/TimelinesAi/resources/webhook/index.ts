import type { Resource } from '../../../shared/operation/types';
import { create } from './create.operation';
import { deleteWebhook } from './delete.operation';
import { get } from './get.operation';
import { getAll } from './getAll.operation';
import { update } from './update.operation';

export const webhook: Resource = {
	value: 'webhook',
	name: 'Webhook',
	operations: [getAll, create, deleteWebhook, get, update],
};
