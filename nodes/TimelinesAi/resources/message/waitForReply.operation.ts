import type { IDataObject } from 'n8n-workflow';
import type { Item } from '../../../shared/operation/item';
import type { Operation } from '../../../shared/operation/types';
import { simplifyMessage } from '../../../shared/output/simplify';
import { pause } from '../../../shared/transport/pause';
import { chatField, chatIdOf } from '../../fields/chat';
import { pageOf } from '../chat/list';

const endpoint = 'GET /chats/{chat_id}/messages';

/** Seconds between two looks: soon at first, when a reply is likely, and seldom enough for the API's 50 requests a minute. */
const firstPollMs = 2_000;
const slowestPollMs = 15_000;

export const waitForReply: Operation = {
	value: 'waitForReply',
	name: 'Wait for Reply',
	action: 'Wait for a reply in a chat',
	description: 'Wait until the contact writes in a chat, up to a time limit, and give the reply; after that the item says replied: false',
	endpoints: [endpoint],
	effect: 'read',
	fields: [
		chatField,
		{
			displayName: 'After Message UID',
			name: 'afterMessage',
			type: 'string',
			default: '',
			placeholder: 'e.g. {{ $json.messageUid }}',
			description: 'The message that the reply answers, as Message: Send gives it, so that no quick reply is missed. Empty waits for what is written from now on.',
		},
		{
			displayName: 'Wait at Most (Seconds)',
			name: 'waitLimit',
			type: 'number',
			typeOptions: { minValue: 1, maxValue: 3600 },
			default: 300,
			description: 'The execution stays in memory meanwhile, so at most 3,600 seconds. To wait for hours or days use Send and Wait for Response.',
		},
	],
	simplify: ({ replied, ...message }, origin) => (replied ? { replied, ...simplifyMessage(message, origin) } : { replied, ...message }),
	async execute(item) {
		const limit = item.integer('waitLimit', { min: 1, max: 3600 }) ?? 300;
		const ids = { chat_id: await chatIdOf(item) };
		const after = item.text('afterMessage').trim() || (await newest(item, ids));
		const end = Date.now() + limit * 1000;
		for (let wait = firstPollMs; ; wait = Math.min(wait * 1.5, slowestPollMs)) {
			const reply = await firstReply(item, ids, after);
			if (reply) return { replied: true, ...reply };
			const left = end - Date.now();
			if (left <= 0) return { replied: false, chatId: Number(ids.chat_id), afterMessage: after ?? null, waitedSeconds: limit };
			await pause(Math.min(wait, left), item.api.signal);
		}
	},
};

/** The UID of the newest message of a chat; none where it is empty. */
async function newest(item: Item, ids: { chat_id: string }): Promise<string | undefined> {
	const { entries } = await pageOf(item, endpoint, 'messages', { ids });
	return entries[0] && String(entries[0].uid);
}

/** The first message that the contact wrote after another one. Notes and calls are no replies. */
async function firstReply(item: Item, ids: { chat_id: string }, after: string | undefined): Promise<IDataObject | undefined> {
	const query = { from_me: false, sorting_order: 'asc', after_message: after };
	const { entries } = await pageOf(item, endpoint, 'messages', { ids, query });
	return entries.find(({ message_type: type }) => type === 'whatsapp');
}
