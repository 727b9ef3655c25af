import { limitOf, returnAllOrLimit } from '../../../shared/fields/common';
import type { Operation } from '../../../shared/operation/types';
import { readPages } from '../../../shared/transport/pages';
import { pageOf } from '../chat/list';
import { aTemplate } from './template';

const endpoint = 'GET /waba/templates';

export const getAll: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many WABA templates',
	description: 'Get the message templates of the WhatsApp Business accounts with their status at Meta, the newest first',
	endpoints: [endpoint],
	effect: 'read',
	fields: returnAllOrLimit,
	simplify: aTemplate.simplify,
	async execute(item) {
		return await readPages((page) => pageOf(item, endpoint, 'templates', { query: { page } }), { idOf: (template) => template.id }, limitOf(item));
	},
};
