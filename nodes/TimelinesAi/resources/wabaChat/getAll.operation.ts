import { apiField } from '../../../shared/fields/apiFields';
import { wabaChats } from '../../fields/chat';
import { wabaAccountField } from '../../fields/waba';
import { getChats } from '../chat/makers';

export const getAll = getChats(wabaChats, 'Get the chats of WhatsApp Business API numbers with their service windows, those with the newest messages first', [
	apiField('list', wabaAccountField({ name: 'wabaAccountId', description: 'Chats of this WhatsApp Business API number' })),
	apiField('phone', {
		displayName: 'WhatsApp Phone',
		name: 'whatsappPhone',
		placeholder: 'e.g. +14155550123',
		description: 'The chats with the contact who has this phone number',
	}),
]);
