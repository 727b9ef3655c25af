/** The simplified form of the things that several operations and the triggers give: flat, at most ten fields, ids always among them. */
import type { IDataObject } from 'n8n-workflow';
import type { Simplify } from '../operation/types';
import { absoluteUrl, isoTime, labelNames, orNull } from './formats';

/** A chat, as `GET /chats` and `GET /chats/{chat_id}` give it. */
export const simplifyChat: Simplify = (chat, origin) => ({
	chatId: chat.id,
	name: chat.name,
	phone: orNull(chat.phone),
	jid: chat.jid,
	isGroup: chat.is_group,
	closed: chat.closed,
	labels: labelNames(chat.labels),
	responsible: orNull(chat.responsible_email),
	lastMessageAt: isoTime(chat.last_message_timestamp),
	...(isObject(chat.last_message) ? { lastMessageText: orNull(chat.last_message.text) } : { chatUrl: absoluteUrl(chat.chat_url, origin) }),
});

/** A WABA chat with its service window, as `GET /waba/chats` and `GET /waba/chats/{chat_id}` give it. */
export const simplifyWabaChat: Simplify = (chat) => ({
	chatId: chat.id,
	name: chat.name,
	phone: orNull(chat.phone),
	closed: chat.closed,
	labels: labelNames(chat.labels),
	responsible: orNull(chat.responsible_email),
	wabaAccountId: orNull(chat.waba_account_id),
	serviceWindowIsOpen: orNull(chat.service_window_is_open),
	serviceWindowExpiresAt: isoTime(chat.service_window_expires_at),
	...(isObject(chat.last_message) ? { lastMessageText: orNull(chat.last_message.text) } : { lastMessageAt: isoTime(chat.last_message_timestamp) }),
});

/** A message, as histories and `GET /messages/{message_uid}` give it. */
export const simplifyMessage: Simplify = (message, origin) => ({
	messageUid: message.uid ?? message.message_uid,
	chatId: message.chat_id,
	direction: message.from_me ? 'sent' : 'received',
	senderName: orNull(message.sender_name),
	senderPhone: orNull(message.sender_phone),
	text: orNull(message.text),
	attachmentUrl: absoluteUrl(message.attachment_url, origin),
	type: message.message_type,
	status: message.status,
	sentAt: isoTime(message.timestamp),
});

/** What became of a send: the message is queued under this UID; its status where the user waited for it. */
export const simplifySent: Simplify = ({ message_uid: messageUid, message_uids: messageUids, chat_id: chatId, status, reached }) => ({
	messageUid,
	...(messageUids !== undefined && { messageUids }),
	...(chatId !== undefined && { chatId: Number(chatId) }),
	...(status !== undefined && { status, reached }),
});

export const isObject = (value: unknown): value is IDataObject => typeof value === 'object' && value !== null && !Array.isArray(value);
