import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { collectionOf, shownFor } from '../../../shared/fields/common';
import type { Item } from '../../../shared/operation/item';
import { charactersIn, type Parameters } from '../../../shared/operation/parameters';
import type { Operation } from '../../../shared/operation/types';
import { simplifySent } from '../../../shared/output/simplify';
import { fileUrlField, inputDataField } from '../../fields/data';
import { fileField, fileUidOf } from '../../fields/file';
import { labelsField } from '../../fields/people';
import { attachmentTemplateField } from '../../fields/template';
import { uploadEndpoints, uploadInput, uploadUrl } from '../file/upload';
import { oneMessage, waitForStatus, waitOf, waitOptions } from './delivery';
import { splitText } from './splitText';
import { sendEndpoints, targetFields, targetOf, targetOptions } from './target';

const maxText = 2_000;

const options: INodeProperties[] = [
	{ ...labelsField({ displayName: 'Label', name: 'label', description: 'Adds this label to the chat; one that does not exist yet is created' }) },
	...targetOptions,
	{
		displayName: 'Split Long Text',
		name: 'splitLongText',
		type: 'boolean',
		default: true,
		description: 'Whether to send a text over 2,000 characters as several messages, cut between paragraphs or words. Each costs a credit.',
	},
	...waitOptions,
];

export const send: Operation = {
	value: 'send',
	name: 'Send',
	action: 'Send a message',
	description: 'Send a WhatsApp message with text, an attachment or both to a chat, a phone number, a JID or a chat name',
	endpoints: [...sendEndpoints, 'GET /chats', ...uploadEndpoints, oneMessage],
	effect: 'send',
	fields: [
		...targetFields,
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
		{ ...inputDataField, ...shownFor('attachment', 'data') },
		{ ...fileUrlField, ...shownFor('attachment', 'url') },
		{ ...fileField, ...shownFor('attachment', 'file') },
		{ ...attachmentTemplateField, ...shownFor('attachment', 'template') },
		collectionOf('options', options),
	],
	simplify: simplifySent,
	async execute(item) {
		const settings = item.collection('options');
		// Everything that can be wrong is found before the first request.
		const parts = textParts(item, settings);
		const attach = attachmentOf(item);
		if (parts.length === 0 && !attach) throw item.error('The message is empty', 'Give a text, an attachment or both.');
		const label = settings.list('label', { max: 64 });
		if (label.length > 1) throw item.error('A message can add one label only', 'Use Label: Add for several.');
		const wait = waitOf(settings);
		const target = await targetOf(item, settings);

		const first = { ...target.once, label: label[0], ...(await attach?.()) };
		const uids: string[] = [];
		for (const [index, text] of (parts.length > 0 ? parts : [undefined]).entries()) {
			const body = { ...target.always, text, ...(index === 0 && first) };
			const { message_uid: uid } = await item.call(target.endpoint, { ids: target.ids, body });
			uids.push(String(uid));
		}

		const result: IDataObject = { message_uid: uids[0], ...(uids.length > 1 && { message_uids: uids }), ...target.ids };
		// The parts leave one after another, so the last one is the last to arrive.
		return { ...result, ...(await waitForStatus(item, oneMessage, uids.at(-1) as string, wait)) };
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
