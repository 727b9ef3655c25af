import { apiField } from '../../../shared/fields/apiFields';
import { linkedChats } from '../../fields/chat';
import { accountField, labelsField } from '../../fields/people';
import { getChats } from './makers';

export const getAll = getChats(
	linkedChats,
	'Get the chats of the workspace, those with the newest messages first',
	[
		apiField('flag', {
			displayName: 'AI Auto-Response',
			name: 'chatgptAutoresponseEnabled',
			description: 'Whether the AI agent of TimelinesAI answers in the chat',
		}),
		apiField('moment', { displayName: 'Created After', name: 'createdAfter' }),
		apiField('moment', { displayName: 'Created Before', name: 'createdBefore' }),
		apiField('flag', { displayName: 'Group', name: 'group', description: 'Whether the chat is a group; off finds direct chats' }),
		apiField('list', labelsField({ displayName: 'Label', name: 'label', description: 'Chats with at least one of these labels' })),
		apiField('text', {
			displayName: 'Name',
			name: 'name',
			placeholder: 'e.g. Acme',
			description: 'Chats whose name contains this; several alternatives with commas between',
		}),
		apiField('phone', {
			displayName: 'Phone',
			name: 'phone',
			placeholder: 'e.g. +14155550123',
			description: 'The direct chat with exactly this phone number',
		}),
		apiField('flag', { displayName: 'Read', name: 'read', description: 'Whether the chat is read; off finds chats with unread messages' }),
		apiField('list', accountField({ displayName: 'WhatsApp Account', name: 'whatsappAccountId', description: 'Chats of this WhatsApp number' })),
		apiField('phone', {
			displayName: 'WhatsApp Phone',
			name: 'whatsappPhone',
			placeholder: 'e.g. +14155550123, +14155550124',
			description: 'Direct chats with these phone numbers and groups that they are members of',
		}),
	],
	'GET /v2/chats',
);
