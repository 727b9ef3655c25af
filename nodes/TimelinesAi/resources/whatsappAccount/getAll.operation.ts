import { collectionOf } from '../../../shared/fields/common';
import { isoTime, orNull } from '../../../shared/output/formats';
import { wholeList } from '../makers';

export const getAll = wholeList({
	action: 'Get many WhatsApp accounts',
	description: 'Get the WhatsApp numbers that are linked to the workspace, with their connection status',
	endpoints: ['GET /whatsapp_accounts', 'GET /v2/whatsapp_accounts'],
	fields: [
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
	read: async (item) => {
		const endpoint = item.collection('options').flag('includeVisibility') ? 'GET /v2/whatsapp_accounts' : 'GET /whatsapp_accounts';
		return (await item.call(endpoint)).whatsapp_accounts;
	},
});
