/** The attachment of a message as a file in an output data field: the options for it, and the download. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { inFlight } from '../../../shared/operation/inFlight';
import type { Item } from '../../../shared/operation/item';
import type { Parameters } from '../../../shared/operation/parameters';
import { WithFiles, type Output } from '../../../shared/operation/types';
import { absoluteUrl } from '../../../shared/output/formats';
import { download } from '../../../shared/transport/download';
import { outputDataField } from '../../fields/data';

/** For the collection of options of an operation that gives messages. */
export const attachmentOptions: INodeProperties[] = [
	{
		displayName: 'Download Attachment',
		name: 'downloadAttachment',
		type: 'boolean',
		default: true,
		description: 'Whether to put the attachment of a message, where it has one, into an output data field',
	},
	{ ...outputDataField, required: false, hint: 'The name of the output field to put the attachment in' },
];

/** Downloads at the same time: a history can have many attachments. */
const downloadsInFlight = 4;
/** The links in an answer live for 15 minutes; this long they are good enough. */
const linkLifetimeMs = 10 * 60_000;

/** The output field that attachments are to go to; `undefined` where the user does not want them. */
export const attachmentFieldOf = (options: Parameters): string | undefined =>
	options.flag('downloadAttachment') ? options.text('outputDataFieldName').trim() || 'data' : undefined;

/**
 * The messages with their attachments in the output field. Where there is no field, and for messages without one, the messages
 * alone. `endpoint` gives one message, and with it a new link where the one at hand does not work any more.
 */
export async function withAttachments(item: Item, endpoint: string, field: string | undefined, messages: IDataObject[]): Promise<Output[]> {
	if (field === undefined) return messages;
	const outputs: Output[] = [...messages];
	const readAt = Date.now();
	await inFlight(messages.length, downloadsInFlight, async (index) => {
		const message = messages[index] as IDataObject;
		if (!message.attachment_url) return;
		let works = true;
		const find = async () => {
			const fresh = works && Date.now() - readAt < linkLifetimeMs ? message : await item.call(endpoint, { ids: { message_uid: String(message.uid) } });
			works = false;
			const { attachment_url: url, attachment_filename: name } = fresh;
			return { url: absoluteUrl(url, await item.api.origin()) ?? '', filename: String(name ?? 'attachment') };
		};
		outputs[index] = new WithFiles(message, { [field]: await download(item.functions, find, item.api.signal) });
	});
	return outputs;
}
