/** The fields that choose a chat of a linked number or a WABA chat, and how the chat's id is found from them. */
import type { INodeProperties } from 'n8n-workflow';
import { locator, typed } from '../../shared/fields/common';
import type { Item } from '../../shared/operation/item';
import { simplifyChat, simplifyWabaChat } from '../../shared/output/simplify';
import { exactPhone } from '../../shared/phone';
import { pageSize, readPages } from '../../shared/transport/pages';
import { chatIdentity, chatsPage } from '../resources/chat/list';
import type { ChatKind } from './chatKind';

/** A chat from a list, by ID, by its URL or by the contact's phone number. */
const chatFrom = (words: Pick<INodeProperties, 'displayName' | 'description'>, searchListMethod: string): INodeProperties =>
	locator(
		{ ...words, name: 'chatId', required: true },
		searchListMethod,
		typed('By ID', 'id', 'e.g. 1000001'),
		typed('By URL', 'url', 'e.g. https://app.timelines.ai/chat/1000001/messages/'),
		typed('By Phone', 'phone', 'e.g. +14155550123', 'The chat with this contact; groups are not found by phone'),
	);

export const chatField = chatFrom(
	{ displayName: 'Chat', description: 'The chat. The trigger and other operations give its ID as chatId.' },
	'searchChats',
);

export const wabaChatField = chatFrom(
	{ displayName: 'WABA Chat', description: 'A chat of a WhatsApp Business API number. The trigger and other operations give its ID as chatId.' },
	'searchWabaChats',
);

/** The id of the chat that the user chose. A phone number costs one more request, to `endpoint` with the filter `phoneFilter`. */
const chosenChat = (endpoint: string, phoneFilter: string) => async (item: Item): Promise<string> => {
	const { mode, value } = item.locator('chatId');
	if (value === '') throw item.error('No chat is chosen', 'Choose one from the list, or take chatId from the trigger or another operation.');
	if (mode === 'phone') {
		const phone = exactPhone(value);
		if (!phone) throw item.error(`“${value}” is not a phone number`, 'Give it in international form, for example +14155550123.');
		const { entries } = await chatsPage(item, endpoint, { [phoneFilter]: phone });
		return onlyOne(item, entries, `the phone number ${phone}`);
	}
	const id = /\/chat\/(\d+)/.exec(value)?.[1];
	if (mode === 'url' && !id) {
		throw item.error(`“${value}” is not the URL of a chat`, 'Open the chat in TimelinesAI and copy its address: https://app.timelines.ai/chat/1000001/messages/.');
	}
	return id ?? value;
};

export const chatIdOf = chosenChat('GET /chats', 'phone');

/** The id of the one chat of exactly this name. The API finds names that contain it, so the exact one is picked here. */
export async function chatNamed(item: Item, name: string): Promise<string> {
	// A comma separates alternatives in this filter, so a name with commas is searched by its longest part.
	const [part = name] = name.split(',').sort((a, b) => b.length - a.length);
	const found = await readPages((page) => chatsPage(item, 'GET /chats', { name: part.trim(), page }), chatIdentity);
	return onlyOne(item, found.filter((chat) => chat.name === name), `the name “${name}”`);
}

function onlyOne(item: Item, chats: Array<{ id?: unknown; name?: unknown }>, what: string): string {
	const [chat] = chats;
	if (!chat) throw item.error(`There is no chat with ${what}`, 'Check it in TimelinesAI. To write to somebody for the first time, send the message to a phone number.');
	if (chats.length > 1) {
		const ids = chats.slice(0, 10).map(({ id }) => String(id)).join(', ');
		const count = chats.length >= pageSize ? `${pageSize} or more` : String(chats.length);
		throw item.error(`There are ${count} chats with ${what}: ${ids}`, 'Choose one of them by its ID, so that the right one is used.');
	}
	return String(chat.id);
}

/** Chats of linked WhatsApp numbers. */
export const linkedChats: ChatKind = {
	chats: '/chats',
	messages: '/messages',
	noun: 'chat',
	field: chatField,
	simplify: simplifyChat,
	idOf: chatIdOf,
};

/** Chats of WhatsApp Business API numbers. */
export const wabaChats: ChatKind = {
	chats: '/waba/chats',
	messages: '/waba/messages',
	noun: 'WABA chat',
	field: wabaChatField,
	simplify: simplifyWabaChat,
	idOf: chosenChat('GET /waba/chats', 'whatsapp_phone'),
};
