/** Changes a chat: the maker of every operation that is one PATCH with fixed values. */
import type { IDataObject } from 'n8n-workflow';
import type { Item } from '../../../shared/operation/item';
import type { Operation } from '../../../shared/operation/types';
import { simplifyChat } from '../../../shared/output/simplify';
import { chatField, chatIdOf } from '../../fields/chat';

const endpoint = 'PATCH /chats/{chat_id}';

/** An operation that changes a chat to what `changes` says. The API ignores fields that it does not know, so these are its own names. */
export const chatChange = (
	words: Pick<Operation, 'value' | 'name' | 'action' | 'description'>,
	fields: Operation['fields'],
	changes: (item: Item) => IDataObject,
): Operation => ({
	...words,
	endpoints: [endpoint],
	effect: 'write',
	fields: [chatField, ...fields],
	simplify: simplifyChat,
	async execute(item) {
		const body = changes(item);
		return await item.call(endpoint, { ids: { chat_id: await chatIdOf(item) }, body });
	},
});
