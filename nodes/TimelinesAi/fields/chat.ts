/** The field that chooses a chat, and how the chat's id is found from it. */
import type { Item } from '../../shared/operation/item';
import { locator, typed } from '../../shared/fields/common';
import { exactPhone } from '../../shared/phone';
import { pageSize, readPages } from '../../shared/transport/pages';
import { chatsPage } from '../resources/chat/list';
import type { ChatKind } from './chatKind';

/** A chat from the list, by ID, by its URL or by the contact's phone number. */
export const chatField = locator(
	{
		displayName: 'Chat',
		name: 'chatId',
		required: true,
		description: 'The chat. The trigger and other operations give its ID as chatId.',
	},
	'searchChats',
	typed('By ID', 'id', 'e.g. 1000001'),
	typed('By URL', 'url', 'e.g. https://app.timelines.ai/chat/1000001/messages/'),
	typed('By Phone', 'phone', 'e.g. +14155550123', 'The chat with this contact; groups are not found by phone'),
);

/** The id of the chat that the user chose. A phone number costs one more request. */
export async function chatIdOf(item: Item): Promise<string> {
	const { mode, value } = item.locator('chatId');
	if (value === '') throw item.error('No chat is chosen', 'Choose one from the list, or take chatId from the trigger or another operation.');
	if (mode === 'phone') return await chatWithPhone(item, value);
	const id = /\/chat\/(\d+)/.exec(value)?.[1];
	if (mode === 'url' && !id) {
		throw item.error(`“${value}” is not the URL of a chat`, 'Open the chat in TimelinesAI and copy its address: https://app.timelines.ai/chat/1000001/messages/.');
	}
	return id ?? value;
}

async function chatWithPhone(item: Item, text: string): Promise<string> {
	const phone = exactPhone(text);
	if (!phone) throw item.error(`“${text}” is not a phone number`, 'Give it in international form, for example +14155550123.');
	const { entries } = await chatsPage(item, 'GET /chats', { phone });
	return onlyOne(item, entries, `the phone number ${phone}`);
}

/** The id of the one chat of exactly this name. The API finds names that contain it, so the exact one is picked here. */
export async function chatNamed(item: Item, name: string): Promise<string> {
	// A comma separates alternatives in this filter, so a name with commas is searched by its longest part.
	const [part = name] = name.split(',').sort((a, b) => b.length - a.length);
	const found = await readPages((page) => chatsPage(item, 'GET /chats', { name: part.trim(), page }), (chat) => chat.id);
	return onlyOne(item, found.filter((chat) => chat.name === name), `the name “${name}”`);
}

function onlyOne(item: Item, chats: Array<{ id?: unknown; name?: unknown }>, what: string): string {
	const [chat] = chats;
	if (!chat) throw item.error(`There is no chat with ${what}`, 'Check it in TimelinesAI. To write to somebody for the first time, use Message: Send to a phone number.');
	if (chats.length > 1) {
		const ids = chats.slice(0, 10).map(({ id }) => String(id)).join(', ');
		const count = chats.length >= pageSize ? `${pageSize} or more` : String(chats.length);
		throw item.error(`There are ${count} chats with ${what}: ${ids}`, 'Choose one of them by its ID, so that the right one is used.');
	}
	return String(chat.id);
}

/** Chats of linked WhatsApp numbers. */
export const linkedChats: ChatKind = { chats: '/chats', messages: '/messages', noun: 'chat', field: chatField, idOf: chatIdOf };
