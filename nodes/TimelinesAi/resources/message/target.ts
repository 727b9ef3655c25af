/** Where a message goes: the fields that say so, and the request that follows from them. For sending, and for asking and waiting. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { shownFor } from '../../../shared/fields/common';
import type { Item } from '../../../shared/operation/item';
import type { Parameters } from '../../../shared/operation/parameters';
import { cleanPhone } from '../../../shared/phone';
import { chatField, chatIdOf, chatNamed } from '../../fields/chat';
import { senderField } from '../../fields/people';

const toPhone = 'POST /messages';
const toJid = 'POST /messages/to_jid';
const toChat = 'POST /chats/{chat_id}/messages';

/** The endpoints that a message can leave by; GET /chats finds a chat by its name. */
export const sendEndpoints = [toPhone, toJid, toChat];

/** Send To, and what it needs. */
export const targetFields: INodeProperties[] = [
	{
		displayName: 'Send To',
		name: 'sendTo',
		type: 'options',
		options: [
			{ name: 'Chat', value: 'chat', description: 'A chat that exists, direct or group: the right choice for an answer' },
			{ name: 'Chat Name', value: 'chatName', description: 'The one chat or group of exactly this name' },
			{ name: 'JID', value: 'jid', description: 'WhatsApp’s own identifier of a contact or a group' },
			{ name: 'Phone Number', value: 'phone', description: 'Anybody on WhatsApp, also for the first time' },
		],
		default: 'chat',
	},
	{ ...chatField, ...shownFor('sendTo', 'chat') },
	{
		displayName: 'Phone Number',
		name: 'phone',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. +14155550123',
		description: 'The number in international form. Blanks, dashes and brackets do no harm.',
		...shownFor('sendTo', 'phone'),
	},
	{
		displayName: 'JID',
		name: 'jid',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. 14155550123@s.whatsapp.net',
		description: 'Ends with @s.whatsapp.net for a contact and with @g.us for a group. Chat: Get gives it.',
		...shownFor('sendTo', 'jid'),
	},
	{
		displayName: 'Chat Name',
		name: 'chatName',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. Acme Support Group',
		description: 'The exact name. No chat or several chats of that name are an error.',
		...shownFor('sendTo', 'chatName'),
	},
];

/** For the collection of options: what the API takes for some targets only. */
export const targetOptions: INodeProperties[] = [
	{
		displayName: 'Reply To Message UID',
		name: 'replyTo',
		type: 'string',
		default: '',
		placeholder: 'e.g. de919486-0c93-409d-ae66-c2bbb544faca',
		description: 'Quotes this message of the same chat',
		...shownFor('/sendTo', 'chat', 'jid', 'chatName'),
	},
	{
		...senderField({
			displayName: 'Send From',
			name: 'whatsappAccountPhone',
			description: 'The WhatsApp number that sends. By default it is the one that was connected last.',
		}),
		...shownFor('/sendTo', 'phone', 'jid'),
	},
];

/** Where the message goes: the endpoint, what every part carries and what only the first one does. */
export interface Target {
	endpoint: string;
	ids?: { chat_id: string };
	always?: IDataObject;
	once?: IDataObject;
}

/** Reads the fields. A chat name costs a request. */
export async function targetOf(item: Item, settings: Parameters): Promise<Target> {
	const to = item.choice('sendTo', ['chat', 'phone', 'jid', 'chatName']);
	const replyTo = { reply_to: settings.text('replyTo').trim() || undefined };
	switch (to) {
		case 'chat':
			return { endpoint: toChat, ids: { chat_id: await chatIdOf(item) }, once: replyTo };
		case 'chatName': {
			const name = item.text('chatName', { required: true, max: 256 });
			return { endpoint: toChat, ids: { chat_id: await chatNamed(item, name) }, once: replyTo };
		}
		case 'jid': {
			const jid = item.text('jid', { required: true }).trim();
			if (!/^[\w.-]+@[\w.]+$/.test(jid)) throw item.error(`“${jid.slice(0, 80)}” is not a JID`, 'It looks like 14155550123@s.whatsapp.net or 120363021234567890@g.us.');
			return { endpoint: toJid, always: { jid, ...sender(settings) }, once: replyTo };
		}
		case 'phone':
			return { endpoint: toPhone, always: { phone: phoneOf(item, 'phone', item.text('phone', { required: true })), ...sender(settings) } };
	}
}

const sender = (settings: Parameters): IDataObject => {
	const { value } = settings.locator('whatsappAccountPhone', 'phone');
	return { whatsapp_account_phone: value === '' ? undefined : phoneOf(settings, 'whatsappAccountPhone', value) };
};

/** The phone number in a field as the API takes it. */
export function phoneOf(parameters: Parameters, name: string, text: string): string {
	const phone = cleanPhone(text);
	if (phone) return phone;
	const what = name === 'phone' ? 'Phone Number' : 'Send From';
	throw parameters.error(`“${text.slice(0, 80)}” in “${what}” is not a phone number`, 'Give it in international form, for example +14155550123.');
}
