import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { collectionOf } from '../../../shared/fields/common';
import type { Item } from '../../../shared/operation/item';
import { charactersIn, type Parameters } from '../../../shared/operation/parameters';
import type { Operation } from '../../../shared/operation/types';
import { chatField, chatIdOf, chatNamed } from '../../fields/chat';
import { fileField, fileUidOf } from '../../fields/file';
import { labelsField, senderField } from '../../fields/people';
import { attachmentTemplateField } from '../../fields/template';
import { cleanPhone } from '../../../shared/phone';
import { uploadEndpoints, uploadInput, uploadUrl } from '../file/upload';
import { milestones, waitForStatus } from './delivery';
import { splitText } from './splitText';

const toPhone = 'POST /messages';
const toJid = 'POST /messages/to_jid';
const toChat = 'POST /chats/{chat_id}/messages';
const oneMessage = 'GET /messages/{message_uid}';

const maxText = 2_000;

const shownFor = (name: string, ...values: string[]): Pick<INodeProperties, 'displayOptions'> => ({ displayOptions: { show: { [name]: values } } });

const options: INodeProperties[] = [
	{ ...labelsField({ displayName: 'Label', name: 'label', description: 'Adds this label to the chat; one that does not exist yet is created' }) },
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
	{
		displayName: 'Split Long Text',
		name: 'splitLongText',
		type: 'boolean',
		default: true,
		description: 'Whether to send a text over 2,000 characters as several messages, cut between paragraphs or words. Each costs a credit.',
	},
	{
		displayName: 'Wait Until',
		name: 'waitUntil',
		type: 'options',
		options: [
			{ name: 'Delivered', value: 'delivered' },
			{ name: 'Do Not Wait', value: 'no' },
			{ name: 'Read', value: 'read', description: 'Many contacts hide it: then the time limit ends the wait' },
			{ name: 'Sent', value: 'sent' },
		],
		default: 'delivered',
		description: 'What to wait for before the workflow goes on. A message that fails is an error then.',
	},
	{
		displayName: 'Wait at Most (Seconds)',
		name: 'waitLimit',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 3600 },
		default: 60,
		description: 'The time limit of Wait Until, between 1 and 3,600 seconds. After it the workflow goes on with the status so far.',
	},
];

export const send: Operation = {
	value: 'send',
	name: 'Send',
	action: 'Send a message',
	description: 'Send a WhatsApp message with text, an attachment or both to a chat, a phone number, a JID or a chat name',
	endpoints: [toPhone, toJid, toChat, 'GET /chats', ...uploadEndpoints, oneMessage],
	effect: 'send',
	fields: [
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
		{
			displayName: 'Text',
			name: 'text',
			type: 'string',
			typeOptions: { rows: 4 },
			default: '',
			placeholder: 'e.g. Hello, how can we help you?',
			description: 'At most 2,000 characters. May be empty when there is an attachment.',
		},
		{
			displayName: 'Attachment',
			name: 'attachment',
			type: 'options',
			options: [
				{ name: 'Attachment Template', value: 'template', description: 'The attachment of a template that was made in TimelinesAI' },
				{ name: 'File From Input Data', value: 'data', description: 'A file that an earlier node gave' },
				{ name: 'File From URL', value: 'url', description: 'A public link that leads straight to the file' },
				{ name: 'None', value: 'none' },
				{ name: 'Uploaded File', value: 'file', description: 'A file that is in the workspace already' },
			],
			default: 'none',
			description: 'What to send with the text. Text with an attachment costs two credits.',
		},
		{
			displayName: 'Input Data Field Name',
			name: 'inputDataFieldName',
			type: 'string',
			required: true,
			default: 'data',
			hint: 'The name of the input field that contains the file to send',
			...shownFor('attachment', 'data'),
		},
		{
			displayName: 'File URL',
			name: 'fileUrl',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. https://acme.com/brochure.pdf',
			description: 'A direct, public link. Share pages of cloud drives do not work.',
			...shownFor('attachment', 'url'),
		},
		{ ...fileField, ...shownFor('attachment', 'file') },
		{ ...attachmentTemplateField, ...shownFor('attachment', 'template') },
		collectionOf('options', options),
	],
	simplify: ({ message_uid: messageUid, message_uids: messageUids, chat_id: chatId, status, reached }) => ({
		messageUid,
		...(messageUids !== undefined && { messageUids }),
		...(chatId !== undefined && { chatId: Number(chatId) }),
		...(status !== undefined && { status, reached }),
	}),
	async execute(item) {
		const settings = item.collection('options');
		// Everything that can be wrong is found before the first request.
		const parts = textParts(item, settings);
		const attach = attachmentOf(item);
		if (parts.length === 0 && !attach) throw item.error('The message is empty', 'Give a text, an attachment or both.');
		const label = settings.list('label', { max: 64 });
		if (label.length > 1) throw item.error('A message can add one label only', 'Use Label: Add for several.');
		const wait = settings.choice('waitUntil', ['no', ...milestones]);
		const limitMs = (settings.integer('waitLimit', { min: 1, max: 3600 }) ?? 60) * 1000;
		const target = await targetOf(item, settings);

		const first = { ...target.once, label: label[0], ...(await attach?.()) };
		const uids: string[] = [];
		for (const [index, text] of (parts.length > 0 ? parts : [undefined]).entries()) {
			const body = { ...target.always, text, ...(index === 0 && first) };
			const { message_uid: uid } = await item.call(target.endpoint, { ids: target.ids, body });
			uids.push(String(uid));
		}

		const result: IDataObject = { message_uid: uids[0], ...(uids.length > 1 && { message_uids: uids }), ...target.ids };
		if (wait === 'no') return result;
		// The parts leave one after another, so the last one is the last to arrive.
		const last = await waitForStatus(item, oneMessage, uids.at(-1) as string, wait, limitMs);
		return { ...result, ...last };
	},
};

/** The text as the messages that it makes: none, one, or several where the user wants a long one split. */
function textParts(item: Item, settings: Parameters): string[] {
	const text = item.text('text');
	if (text.trim() === '') return [];
	const length = charactersIn(text);
	if (length <= maxText) return [text];
	if (settings.flag('splitLongText')) return splitText(text, maxText);
	throw item.error(`“Text” has ${length} characters; a message has at most ${maxText}`, 'Shorten it, or add the option Split Long Text to send it as several messages.');
}

/** Where the message goes: the endpoint, what every part carries and what only the first one does. */
interface Target {
	endpoint: string;
	ids?: { chat_id: string };
	always?: IDataObject;
	once?: IDataObject;
}

async function targetOf(item: Item, settings: Parameters): Promise<Target> {
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

function phoneOf(parameters: Parameters, name: string, text: string): string {
	const phone = cleanPhone(text);
	if (phone) return phone;
	const what = name === 'phone' ? 'Phone Number' : 'Send From';
	throw parameters.error(`“${text.slice(0, 80)}” in “${what}” is not a phone number`, 'Give it in international form, for example +14155550123.');
}

/** Checks the attachment and gives what to add to the message; a file is uploaded only then. */
function attachmentOf(item: Item): (() => Promise<IDataObject>) | undefined {
	switch (item.choice('attachment', ['none', 'data', 'url', 'file', 'template'])) {
		case 'none':
			return undefined;
		case 'data': {
			const field = item.text('inputDataFieldName', { required: true });
			return async () => ({ file_uid: (await uploadInput(item, field)).uid });
		}
		case 'url': {
			const url = item.text('fileUrl', { required: true }).trim();
			return async () => ({ file_uid: (await uploadUrl(item, url)).uid });
		}
		case 'file': {
			const uid = fileUidOf(item);
			return async () => ({ file_uid: uid });
		}
		case 'template': {
			const id = item.integer('attachmentTemplateId', { min: 1 });
			if (id === undefined) throw item.error('No attachment template is chosen', 'Choose one from the list.');
			return async () => ({ attachment_template_id: id });
		}
	}
}
