import type { Operation } from '../../../shared/operation/types';
import { chatField, chatIdOf } from '../../fields/chat';

const endpoint = 'POST /chats/{chat_id}/notes';
const maxText = 10_000;

export const create: Operation = {
	value: 'create',
	name: 'Create',
	action: 'Create a note in a chat',
	description: 'Leave a note for teammates in a chat; the customer does not see it',
	endpoints: [endpoint],
	effect: 'send',
	fields: [
		chatField,
		{
			displayName: 'Text',
			name: 'text',
			type: 'string',
			typeOptions: { rows: 4 },
			required: true,
			default: '',
			placeholder: 'e.g. Asked for an invoice, call back on Monday',
			description: 'The note, shown as it is; at most 10,000 characters',
		},
		{
			displayName: 'Private',
			name: 'isPrivate',
			type: 'boolean',
			default: true,
			description: 'Whether the note is private instead of public',
		},
	],
	async execute(item) {
		const body = { text: item.text('text', { required: true, max: maxText }), is_private: item.flag('isPrivate') ?? true };
		const chatId = await chatIdOf(item);
		const note = await item.call(endpoint, { ids: { chat_id: chatId }, body });
		return { chatId: Number(chatId), messageUid: note.message_uid ?? null };
	},
};
