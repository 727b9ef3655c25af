import type { IBinaryData } from 'n8n-workflow';
import { collectionOf } from '../../../shared/fields/common';
import type { Item } from '../../../shared/operation/item';
import type { Operation } from '../../../shared/operation/types';
import { simplifySent } from '../../../shared/output/simplify';
import { linkedChats } from '../../fields/chat';
import { inputDataField } from '../../fields/data';
import { inputFile, sendFile } from '../file/upload';
import { oneMessage, waitForStatus, waitOf, waitOptions } from './delivery';

const endpoint = 'POST /chats/{chat_id}/voice_message';

/** What the API takes for a voice note. The type of the file decides where its name has no extension. */
const voiceExtension = /\.(ogg|oga|mp3)$/i;
const extensionOfType: Record<string, string> = { 'audio/ogg': 'ogg', 'application/ogg': 'ogg', 'audio/opus': 'ogg', 'audio/mpeg': 'mp3', 'audio/mp3': 'mp3' };

export const sendVoice: Operation = {
	value: 'sendVoice',
	name: 'Send Voice Note',
	action: 'Send a voice note',
	description: 'Send an OGG, OGA or MP3 file into a chat as a voice note',
	endpoints: [endpoint, oneMessage],
	effect: 'send',
	fields: [
		linkedChats.field,
		{ ...inputDataField, hint: 'The name of the input field that contains the audio file: OGG, OGA or MP3' },
		collectionOf('options', waitOptions),
	],
	simplify: simplifySent,
	async execute(item) {
		const field = item.text('inputDataFieldName', { required: true });
		const filename = voiceName(item, inputFile(item, field));
		const wait = waitOf(item.collection('options'));
		const ids = { chat_id: await linkedChats.idOf(item) };
		const sent = await sendFile(item, endpoint, field, { ids, filename });
		return { ...sent, ...ids, ...(await waitForStatus(item, oneMessage, String(sent.message_uid), wait)) };
	},
};

/** The name under which the API recognises the file as audio that it takes. */
function voiceName(item: Item, { fileName = 'voice', mimeType }: IBinaryData): string {
	if (voiceExtension.test(fileName)) return fileName;
	const extension = extensionOfType[mimeType.split(';')[0]?.trim().toLowerCase() ?? ''];
	if (extension) return `${fileName}.${extension}`;
	throw item.error(
		`“${fileName}” (${mimeType}) cannot be a voice note`,
		'Voice notes are OGG, OGA or MP3 files. Convert it, or send it with Message: Send File.',
	);
}
