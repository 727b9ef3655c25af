import { apiField, apiValues } from '../../../shared/fields/apiFields';
import type { Operation } from '../../../shared/operation/types';
import { isoTime } from '../../../shared/output/formats';
import { notice } from '../../fields/notice';
import { userFields, userOf } from '../../fields/user';

const endpoint = 'POST /workspaces/{workspace_id}/users/{user_id}/qr';

const lifetime = apiField('integer', {
	displayName: 'Expires In Hours',
	name: 'expiresInHours',
	required: true,
	typeOptions: { minValue: 1, maxValue: 168 },
	default: 24,
	description: 'How long the link works: 1 to 168 hours',
});

export const generate: Operation = {
	value: 'generate',
	name: 'Generate',
	action: 'Generate a QR code for a user',
	description: 'Make a link with a QR code, by which a user connects a WhatsApp number',
	endpoints: [endpoint],
	effect: 'send',
	fields: [
		notice('If the user has a connected WhatsApp account, it is disconnected at once. An earlier QR link of the user stops working.'),
		...userFields,
		lifetime.property,
	],
	simplify: (qr) => ({
		workspaceId: qr.workspace_id,
		userId: qr.user_id,
		qrLink: qr.qr_link,
		expiresAt: isoTime(qr.expires_at),
		whatsappDisconnected: qr.whatsapp_disconnected,
		previousQrRevoked: qr.previous_qr_revoked,
	}),
	async execute(item) {
		return await item.call(endpoint, {
			ids: userOf(item),
			body: apiValues(item, [lifetime]),
			hints: { unknown: 'It was not repeated, because that would revoke a link that may be new. Workspace: Get shows the QR links that work now.' },
		});
	},
};
