import type { Operation } from '../../../shared/operation/types';
import { simplifyChat } from '../../../shared/output/simplify';
import { chatField, chatIdOf } from '../../fields/chat';

export const get: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get a chat',
	description: 'Get the name, phone, labels, responsible teammate and state of one chat',
	endpoints: ['GET /chats/{chat_id}'],
	effect: 'read',
	fields: [chatField],
	simplify: simplifyChat,
	async execute(item) {
		return await item.call('GET /chats/{chat_id}', { ids: { chat_id: await chatIdOf(item) } });
	},
};
