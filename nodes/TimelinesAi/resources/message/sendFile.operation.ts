import { collectionOf } from '../../../shared/fields/common';
import type { Operation } from '../../../shared/operation/types';
import { simplifySent } from '../../../shared/output/simplify';
import { linkedChats } from '../../fields/chat';
import { inputDataField } from '../../fields/data';
import { inputFile, sendFile as sendForm } from '../file/upload';
import { oneMessage, waitForStatus, waitOf, waitOptions } from './delivery';

const endpoint = 'POST /chats/{chat_id}/file_message';

export const sendFile: Operation = {
	value: 'sendFile',
	name: 'Send File',
	action: 'Send a file',
	description: 'Send a file into a chat as a document, images and videos too',
	endpoints: [endpoint, oneMessage],
	effect: 'send',
	fields: [
		linkedChats.field,
		inputDataField,
		{
			displayName: 'Caption',
			name: 'caption',
			type: 'string',
			typeOptions: { rows: 2 },
			default: '',
			placeholder: 'e.g. Your invoice',
			description: 'The text below the file, at most 2,000 characters. With a caption the message costs two credits.',
		},
		collectionOf('options', [
			{
				displayName: 'Content Type',
				name: 'contentType',
				type: 'string',
				default: '',
				placeholder: 'e.g. application/pdf',
				description: 'The MIME type that the file gets. By default it is that of the input.',
			},
			{
				displayName: 'Filename',
				name: 'filename',
				type: 'string',
				default: '',
				placeholder: 'e.g. price-list.pdf',
				description: 'The name that the contact sees. By default it is that of the input.',
			},
			...waitOptions,
		]),
	],
	simplify: simplifySent,
	async execute(item) {
		const field = item.text('inputDataFieldName', { required: true });
		const { fileName, mimeType } = inputFile(item, field);
		const options = item.collection('options');
		const filename = options.text('filename', { max: 1024 }) || fileName;
		const fields = {
			filename,
			content_type: options.text('contentType', { max: 140 }).trim() || mimeType,
			caption: item.text('caption', { max: 2000 }) || undefined,
		};
		const wait = waitOf(options);
		const ids = { chat_id: await linkedChats.idOf(item) };
		const sent = await sendForm(item, endpoint, field, { ids, fields, filename });
		return { ...sent, ...ids, ...(await waitForStatus(item, oneMessage, String(sent.message_uid), wait)) };
	},
};
