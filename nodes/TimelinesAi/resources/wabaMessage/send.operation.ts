import type { IDataObject } from 'n8n-workflow';
import { collectionOf, shownFor } from '../../../shared/fields/common';
import type { Item } from '../../../shared/operation/item';
import type { Operation, Simplify } from '../../../shared/operation/types';
import { isoTime, orNull } from '../../../shared/output/formats';
import type { ApiRequest } from '../../../shared/transport/api';
import { wabaChats } from '../../fields/chat';
import { fileUrlField, inputDataField } from '../../fields/data';
import { fileField, fileUidOf } from '../../fields/file';
import { wabaAccountField } from '../../fields/waba';
import { inputFile, sendFile, uploadUrl } from '../file/upload';
import { waitForStatus, waitOf, waitOptions } from '../message/delivery';
import { phoneOf } from '../message/target';
import { lookAt } from '../makers';
import { aTemplate } from '../wabaTemplate/template';
import { templateContent, templateEndpoint, variablesField } from './template';

const toPhone = 'POST /waba/messages';
const toChat = 'POST /waba/chats/{chat_id}/messages';
const oneMessage = 'GET /waba/messages/{message_uid}';

const hints = lookAt('WABA Message: Get Many');

const simplify: Simplify = (message) => ({
	messageUid: message.uid,
	chatId: message.chat_id,
	status: message.status,
	...(message.reached !== undefined && { reached: message.reached }),
	text: orNull(message.text),
	sentAt: isoTime(message.timestamp),
});

export const send: Operation = {
	value: 'send',
	name: 'Send',
	action: 'Send a WABA message',
	description: 'Send a text, a file or an approved template from a WhatsApp Business API number to a chat or a phone number',
	endpoints: [toPhone, toChat, templateEndpoint, 'POST /files', oneMessage],
	effect: 'send',
	fields: [
		{
			displayName: 'Send To',
			name: 'sendTo',
			type: 'options',
			options: [
				{ name: 'Chat', value: 'chat', description: 'A WABA chat that exists: the right choice for an answer' },
				{ name: 'Phone Number', value: 'phone', description: 'Anybody on WhatsApp, for the first time with a template' },
			],
			default: 'chat',
		},
		{ ...wabaChats.field, ...shownFor('sendTo', 'chat') },
		{
			...wabaAccountField({ name: 'wabaAccountId', required: true, description: 'The WhatsApp Business API number that sends' }),
			...shownFor('sendTo', 'phone'),
		},
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
			displayName: 'Content',
			name: 'content',
			type: 'options',
			options: [
				{ name: 'File From Input Data', value: 'data', description: 'A file that an earlier node gave' },
				{ name: 'File From URL', value: 'url', description: 'A public link that leads straight to the file' },
				{ name: 'Template', value: 'template', description: 'A message that Meta has approved: the only one that goes through at any time' },
				{ name: 'Text', value: 'text' },
				{ name: 'Uploaded File', value: 'file', description: 'A file that is in the workspace already' },
			],
			default: 'text',
			description: 'Text and files go through for 24 hours after the contact wrote; later only a template does',
		},
		{
			displayName: 'Text',
			name: 'text',
			type: 'string',
			typeOptions: { rows: 4 },
			required: true,
			default: '',
			placeholder: 'e.g. Hello, how can we help you?',
			...shownFor('content', 'text'),
		},
		{ ...inputDataField, ...shownFor('content', 'data') },
		{ ...fileUrlField, ...shownFor('content', 'url') },
		{ ...fileField, ...shownFor('content', 'file') },
		{
			displayName: 'Caption',
			name: 'caption',
			type: 'string',
			typeOptions: { rows: 2 },
			default: '',
			placeholder: 'e.g. Your invoice',
			description: 'The text below the file',
			...shownFor('content', 'data', 'url', 'file'),
		},
		{ ...aTemplate.field, ...shownFor('content', 'template') },
		{ ...variablesField, ...shownFor('content', 'template') },
		collectionOf('options', waitOptions),
	],
	simplify,
	async execute(item) {
		const wait = waitOf(item.collection('options'));
		// Everything that can be wrong is found before anything is sent.
		const content = contentOf(item);
		const target = await targetOf(item);
		const message = await content(target);
		return { ...message, ...(await waitForStatus(item, oneMessage, String(message.uid), wait)) };
	},
};

/** Where the message goes: the endpoint with its ids, and what its body says of the receiver. */
interface Target {
	endpoint: string;
	ids?: { chat_id: string };
	receiver: { waba_account_id?: number; phone?: string };
}

async function targetOf(item: Item): Promise<Target> {
	switch (item.choice('sendTo', ['chat', 'phone'])) {
		case 'chat':
			return { endpoint: toChat, ids: { chat_id: await wabaChats.idOf(item) }, receiver: {} };
		case 'phone': {
			const phone = phoneOf(item, 'phone', item.text('phone', { required: true }));
			const account = item.integer('wabaAccountId', { min: 1 });
			if (account === undefined) throw item.error('No WABA account is chosen', 'Choose the number that sends from the list.');
			return { endpoint: toPhone, receiver: { waba_account_id: account, phone } };
		}
	}
}

/** Checks what is to be sent, and gives how it is sent to a target. */
function contentOf(item: Item): (target: Target) => Promise<IDataObject> {
	const post = async ({ endpoint, ids, receiver }: Target, body: ApiRequest['body']) => await item.call(endpoint, { ids, body: { ...receiver, ...body }, hints });
	const caption = () => ({ text: item.text('caption') || undefined });

	switch (item.choice('content', ['text', 'data', 'url', 'file', 'template'])) {
		case 'text': {
			const text = item.text('text', { required: true });
			return async (target) => await post(target, { text });
		}
		case 'data': {
			const field = item.text('inputDataFieldName', { required: true });
			const { fileName: filename } = inputFile(item, field);
			const texts = { ...caption(), filename };
			return async ({ endpoint, ids, receiver }) => {
				const fields = { ...texts, phone: receiver.phone, waba_account_id: receiver.waba_account_id?.toString() };
				return await sendFile(item, endpoint, field, { ids, fields, hints });
			};
		}
		case 'url': {
			const url = item.text('fileUrl', { required: true }).trim();
			const texts = caption();
			return async (target) => await post(target, { file_uid: (await uploadUrl(item, url)).uid, ...texts });
		}
		case 'file': {
			const body = { file_uid: fileUidOf(item), ...caption() };
			return async (target) => await post(target, body);
		}
		case 'template':
			return async (target) => await post(target, { template: await templateContent(item) });
	}
}
