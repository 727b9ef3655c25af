/** Reading messages of any kind of chat: one, the history, the delivery history. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { apiField, apiValues } from '../../../shared/fields/apiFields';
import { collectionOf, limitOf, returnAllOrLimit } from '../../../shared/fields/common';
import type { Operation } from '../../../shared/operation/types';
import { isoTime } from '../../../shared/output/formats';
import { isObject, simplifyMessage } from '../../../shared/output/simplify';
import { readByCursor } from '../../../shared/transport/pages';
import type { ChatKind } from '../../fields/chatKind';
import { messageField, messageUidOf } from '../../fields/message';
import { pageOf } from '../chat/list';
import { attachmentFieldOf, attachmentOptions, withAttachments } from './attachment';

export const getMessage = ({ messages, noun }: ChatKind): Operation => ({
	value: 'get',
	name: 'Get',
	action: `Get a message of a ${noun}`,
	description: 'Get the text, attachment and status of one message',
	endpoints: [`GET ${messages}/{message_uid}`],
	effect: 'read',
	fields: [messageField, collectionOf('options', attachmentOptions)],
	simplify: simplifyMessage,
	async execute(item) {
		const endpoint = `GET ${messages}/{message_uid}`;
		const field = attachmentFieldOf(item.collection('options'));
		const message = await item.call(endpoint, { ids: { message_uid: messageUidOf(item) } });
		return await withAttachments(item, endpoint, field, [message]);
	},
});

const filters = [
	apiField('moment', { displayName: 'After', name: 'after', description: 'Messages from this moment on' }),
	apiField('text', {
		displayName: 'After Message',
		name: 'afterMessage',
		placeholder: 'e.g. de919486-0c93-409d-ae66-c2bbb544faca',
		description: 'Messages that are newer than the one with this UID',
	}),
	apiField('moment', { displayName: 'Before', name: 'before', description: 'Messages up to this moment' }),
	apiField('text', {
		displayName: 'Before Message',
		name: 'beforeMessage',
		placeholder: 'e.g. de919486-0c93-409d-ae66-c2bbb544faca',
		description: 'Messages that are older than the one with this UID',
	}),
	apiField('flag', {
		displayName: 'Sent by Us',
		name: 'fromMe',
		description: 'Whether the message was sent from the WhatsApp number of the workspace; off finds what the contact wrote',
	}),
];

const onlyVisible: INodeProperties = {
	displayName: 'Only if Visible to Me',
	name: 'onlyVisible',
	type: 'boolean',
	default: true,
	description: 'Whether to read with the rights of the teammate whom the API token belongs to',
};

/** The history of a chat. Where the API has an endpoint `v2` that keeps to the rights of the token's teammate, an option uses it. */
export const getHistory = ({ chats, messages, noun, field, idOf }: ChatKind, v2?: string): Operation => {
	const v1 = `GET ${chats}/{chat_id}/messages`;
	const one = `GET ${messages}/{message_uid}`;
	return {
		value: 'getAll',
		name: 'Get Many',
		action: `Get the messages of a ${noun}`,
		description: `Get the history of a ${noun}: messages, notes and calls, the newest first`,
		endpoints: [v1, ...(v2 ? [v2] : []), one],
		effect: 'read',
		fields: [
			field,
			...returnAllOrLimit,
			collectionOf('filters', filters.map(({ property }) => property)),
			collectionOf('options', [
				{
					displayName: 'Order',
					name: 'sortingOrder',
					type: 'options',
					options: [
						{ name: 'Newest First', value: 'desc' },
						{ name: 'Oldest First', value: 'asc' },
					],
					default: 'desc',
				},
				...(v2 ? [onlyVisible] : []),
				...attachmentOptions,
			]),
		],
		simplify: simplifyMessage,
		async execute(item) {
			const query = apiValues(item.collection('filters'), filters);
			const options = item.collection('options');
			const order = options.choice('sortingOrder', ['desc', 'asc']);
			const endpoint = v2 && options.flag('onlyVisible') ? v2 : v1;
			const onwards = order === 'asc' ? 'after_message' : 'before_message';
			const attachmentField = attachmentFieldOf(options);
			const limit = limitOf(item);
			const ids = { chat_id: await idOf(item) };
			const history = await readByCursor(
				async (last) =>
					await pageOf(item, endpoint, 'messages', {
						ids,
						query: { ...query, sorting_order: order === 'asc' ? order : undefined, ...(last && { [onwards]: last }) },
					}),
				(message) => String(message.uid),
				limit,
			);
			return await withAttachments(item, one, attachmentField, history);
		},
	};
};

export const getDeliveryHistory = ({ messages, noun }: ChatKind): Operation => ({
	value: 'getStatusHistory',
	name: 'Get Status History',
	action: `Get the delivery history of a message of a ${noun}`,
	description: 'Get when a message was sent, delivered and read, or why it failed',
	endpoints: [`GET ${messages}/{message_uid}/status_history`],
	effect: 'read',
	fields: [messageField],
	simplify: ({ message_uid: messageUid, status, timestamp, failure_reason: reason }) => ({
		messageUid,
		status,
		at: isoTime(timestamp),
		...(isObject(reason) && { failureCode: reason.code, failure: reason.details || reason.title }),
	}),
	async execute(item) {
		const uid = messageUidOf(item);
		const records = await item.call(`GET ${messages}/{message_uid}/status_history`, { ids: { message_uid: uid } });
		return (records as unknown as IDataObject[]).map((record) => ({ message_uid: uid, ...record }));
	},
});
