/** What the execution does with an event before the workflow sees it. Here it may take its time: TimelinesAI has its answer. */
import { NodeOperationError, type IBinaryKeyData, type IDataObject, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import { Parameters } from '../shared/operation/parameters';
import { isObject } from '../shared/output/simplify';
import { Api } from '../shared/transport/api';
import { download } from '../shared/transport/download';
import { statusOf } from '../shared/transport/errors';
import { runOnce, type Received } from '../shared/trigger/start';
import { eventOf, type TriggerEvent } from './events';
import { attachmentsOf, simplify, type Attachment } from './families';

/** Turns what the webhook received into the output item. */
export async function produce(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const api = new Api(this, 'timelinesAiApi');
	return await runOnce(this, eventOf, async (event, received, index) => await outputOf(this, api, event, received, index));
}

async function outputOf(functions: IExecuteFunctions, api: Api, event: TriggerEvent, received: Received, index: number): Promise<INodeExecutionData> {
	const parameters = new Parameters((name) => functions.getNodeParameter(name, index, null), { node: functions.getNode(), itemIndex: index });
	const options = parameters.collection('options');
	const { receivedAt, sample } = received;
	const source = event.family.messages && !sample ? { api, endpoint: `GET ${event.family.messages}/{message_uid}` } : undefined;

	let { payload } = received;
	if (source && options.flag('verifyMessage')) payload = await verified(functions, source, payload);
	const binary: IBinaryKeyData = {};
	if (source && options.flag('downloadAttachments')) {
		({ payload } = await withFiles(functions, source, payload, options, binary));
	}

	const raw = parameters.choice('output', ['simplified', 'raw']) === 'raw';
	const json: IDataObject = raw ? payload : { ...simplify(payload, event.family, await api.origin()), receivedAt };
	return { json, ...(Object.keys(binary).length > 0 && { binary }), pairedItem: { item: index } };
}

/** Where a message can be read again. */
interface Source {
	api: Api;
	endpoint: string;
}

const messageOf = (payload: IDataObject): IDataObject => (isObject(payload.message) ? payload.message : {});

/**
 * The payload with what the API says in place of what the delivery said: text and file. Whoever has got hold of the subscription's
 * URL can send a payload, but cannot put a message into TimelinesAI.
 */
async function verified(functions: IExecuteFunctions, { api, endpoint }: Source, payload: IDataObject): Promise<IDataObject> {
	const claimed = messageOf(payload);
	const uid = String(claimed.message_uid);
	const chat = isObject(payload.chat) ? payload.chat : {};
	let real: IDataObject;
	try {
		real = await api.call(endpoint, { ids: { message_uid: uid } });
	} catch (error) {
		if (statusOf(error) !== 404) throw error as Error;
		throw forged(functions, uid, 'TimelinesAI has no such message');
	}
	if (String(real.chat_id) !== String(chat.chat_id ?? chat.id)) throw forged(functions, uid, 'it is in another chat');
	if ((real.from_me === true) !== (claimed.direction === 'sent')) throw forged(functions, uid, 'it went in the other direction');
	const [attachment] = attachmentsOf(claimed);
	const attachments = real.attachment_url
		? [{ ...attachment, temporary_download_url: real.attachment_url, filename: real.attachment_filename }]
		: [];
	return { ...payload, message: { ...claimed, text: real.text ?? '', attachments } };
}

const forged = (functions: IExecuteFunctions, uid: string, reason: string): NodeOperationError =>
	new NodeOperationError(functions.getNode(), `The event about message ${uid} is not genuine: ${reason}`, {
		description: 'Somebody may know the URL of the subscription. Remove this node and add it again, so that it gets another URL and another secret.',
	});

/** Downloads the files of a message. One that cannot be had is replaced by an error: the event goes on without it. */
async function withFiles(
	functions: IExecuteFunctions,
	source: Source,
	payload: IDataObject,
	options: Parameters,
	binary: IBinaryKeyData,
): Promise<{ payload: IDataObject }> {
	const message = messageOf(payload);
	const field = options.text('outputDataFieldName').trim() || 'data';
	const limit = (options.integer('maxAttachmentSize', { min: 1 }) ?? defaultMaxMegabytes) * 1_000_000;
	const attachments = attachmentsOf(message).map(async (attachment, index): Promise<Attachment> => {
		if (attachment.size > limit) {
			return { ...attachment, error: `The file has ${megabytes(attachment.size)} MB, more than the ${megabytes(limit)} MB that are allowed` };
		}
		try {
			binary[index === 0 ? field : `${field}${index}`] = await downloaded(functions, source, message, attachment);
			return attachment;
		} catch (error) {
			source.api.signal?.throwIfAborted();
			return { ...attachment, error: (error as Error).message };
		}
	});
	return { payload: { ...payload, message: { ...message, attachments: await Promise.all(attachments) } } };
}

/** In megabytes of 1,000,000 bytes. WhatsApp takes no larger documents. */
export const defaultMaxMegabytes = 100;

const megabytes = (bytes: number): number => Math.round(bytes / 100_000) / 10;

/** The link in the payload works for 15 minutes after the event; the API gives another one. */
async function downloaded(functions: IExecuteFunctions, { api, endpoint }: Source, message: IDataObject, attachment: Attachment) {
	const { temporary_download_url: url, filename, mimetype } = attachment;
	let links = [url];
	return await download(
		functions,
		async () => {
			const [link] = links;
			links = [];
			if (link) return { url: link, filename, mimetype };
			const { attachment_url: fresh } = await api.call(endpoint, { ids: { message_uid: String(message.message_uid) } });
			return { url: String(fresh), filename, mimetype };
		},
		api.signal,
	);
}
