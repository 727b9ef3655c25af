import type { IDataObject } from 'n8n-workflow';
import { collectionOf, limitOf, returnAllOrLimit } from '../../../shared/fields/common';
import type { Operation } from '../../../shared/operation/types';
import { isoTime, orNull } from '../../../shared/output/formats';

export const getAll: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many WhatsApp accounts',
	description: 'Get the WhatsApp numbers that are linked to the workspace, with their connection status',
	endpoints: ['GET /whatsapp_accounts', 'GET /v2/whatsapp_accounts'],
	effect: 'read',
	fields: [
		...returnAllOrLimit,
		collectionOf('options', [
			{
				displayName: 'Include Visibility',
				name: 'includeVisibility',
				type: 'boolean',
				default: true,
				description: 'Whether to add isVisible: if the teammate may use the number whom the API token belongs to',
			},
		]),
	],
	simplify: (account) => ({
		whatsappAccountId: account.id,
		phone: account.phone,
		name: orNull(account.account_name),
		status: account.status,
		connectedAt: isoTime(account.connected_on),
		ownerName: orNull(account.owner_name),
		ownerEmail: orNull(account.owner_email),
		...(account.is_visible !== undefined && { isVisible: account.is_visible }),
	}),
	async execute(item) {
		const endpoint = item.collection('options').flag('includeVisibility') ? 'GET /v2/whatsapp_accounts' : 'GET /whatsapp_accounts';
		const limit = limitOf(item);
		const { whatsapp_accounts: accounts } = await item.call(endpoint);
		return ((accounts ?? []) as IDataObject[]).slice(0, limit);
	},
};
