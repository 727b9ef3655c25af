import type { Operation } from '../../../shared/operation/types';
import { isoTime, orNull } from '../../../shared/output/formats';
import { notice } from '../../fields/notice';
import { userFields, userOf } from '../../fields/user';

const endpoint = 'POST /workspaces/{workspace_id}/users/{user_id}/whatsapp/disconnect';

export const disconnect: Operation = {
	value: 'disconnect',
	name: 'Disconnect',
	action: 'Disconnect the WhatsApp account of a user',
	description: 'End the connection of a user’s WhatsApp account; nothing happens where there is none',
	endpoints: [endpoint],
	effect: 'write',
	fields: [
		notice('The user’s WhatsApp account stops sending, receiving and syncing at once. To connect it again, the user has to scan a new QR code.'),
		...userFields,
	],
	simplify: (end) => ({
		workspaceId: end.workspace_id,
		userId: end.user_id,
		disconnected: end.disconnected,
		disconnectedAt: isoTime(end.disconnected_at),
		whatsappAccountId: orNull(end.whatsapp_account_id),
		phone: orNull(end.phone_number),
	}),
	async execute(item) {
		return await item.call(endpoint, { ids: userOf(item) });
	},
};
