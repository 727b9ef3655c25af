/**
 * The families of payloads. Each has its own shape (`chat_id` here, `id` there; `is_group` here, `chat_type` there); this is where
 * they become one. The shapes are those of the webhook specification 2.0.0.
 */
import type { IDataObject } from 'n8n-workflow';
import { absoluteUrl, isoTime, labelNames, orNull } from '../shared/output/formats';
import { isObject } from '../shared/output/simplify';
import { exactPhone } from '../shared/phone';

/** A file of a message, as payloads describe it. The link works for 15 minutes. */
export interface Attachment extends IDataObject {
	temporary_download_url: string;
	filename: string;
	/** In bytes. */
	size: number;
	mimetype: string;
}

/** What filters and output look at, whatever the family. `null`: this event has it, but it is empty; `undefined`: it has none. */
export interface Facts {
	chatId?: IDataObject[string];
	chatName?: string | null;
	isGroup?: boolean;
	/** The contact's number with `+`. */
	phone?: string | null;
	direction?: 'sent' | 'received';
	text?: string | null;
	messageUid?: string;
	/** When it happened, as the payload says it. */
	at?: IDataObject[string];
	/** The number of the workspace, with `+`. */
	whatsappPhone?: string | null;
	/** The responsible teammate's e-mail address. */
	responsible?: string | null;
	senderName?: string | null;
	chatUrl?: IDataObject[string];
	attachments?: Attachment[];
	/** What sent the message, for example `Public API`. */
	origin?: string;
}

/** One family of payloads. */
export interface Family {
	/** Where the API keeps the messages that these events are about. */
	messages?: '/messages' | '/waba/messages';
	facts(payload: IDataObject): Facts;
	/** What only this family has, for the simplified output. */
	extras(payload: IDataObject): IDataObject;
	/**
	 * What tells one event of this name from every other one, however often it is delivered. `undefined` where the payload has
	 * nothing like that: an equal payload may be a duplicate, or the same thing happening again.
	 */
	identity(payload: IDataObject): unknown[] | undefined;
}

const message: Family = {
	messages: '/messages',
	facts(payload) {
		const { chat, message: sent } = parts(payload, 'chat', 'message');
		return {
			...linkedChat(payload),
			isGroup: chat.is_group === true,
			direction: sent.direction === 'sent' ? 'sent' : 'received',
			text: textOf(sent.text),
			messageUid: uidOf(sent),
			at: sent.timestamp,
			senderName: textOf(parts(sent, 'sender').sender.full_name),
			attachments: attachmentsOf(sent),
			origin: String(sent.origin ?? ''),
		};
	},
	extras({ message: sent }) {
		const { origin, reply_to_uid: replyToUid } = isObject(sent) ? sent : {};
		return { origin: orNull(origin), replyToUid: orNull(replyToUid) };
	},
	identity: ({ message: sent }) => keyOf(sent, 'message_uid'),
};

const reaction: Family = {
	facts(payload) {
		const { reaction: given } = parts(payload, 'reaction');
		return {
			...linkedChat(payload),
			messageUid: uidOf(given),
			at: given.timestamp,
			senderName: textOf(parts(given, 'reactor').reactor.full_name),
		};
	},
	extras(payload) {
		const { reaction: given } = parts(payload, 'reaction');
		return { reaction: orNull(given.emoji), action: given.action, reactorPhone: phoneOf(parts(given, 'reactor').reactor.phone) };
	},
	// The counts tell two reactions of one second apart.
	identity: ({ reaction: given }) => (keyOf(given, 'message_uid', 'action', 'timestamp') ? [given] : undefined),
};

const call: Family = {
	facts(payload) {
		const { call_details: details } = parts(payload, 'call_details');
		return {
			...linkedChat(payload),
			direction: details.direction === 'outgoing' ? 'sent' : 'received',
			messageUid: uidOf(details),
			at: details.timestamp,
			senderName: textOf(parts(details, 'caller').caller.full_name),
		};
	},
	extras(payload) {
		const { duration, is_video: isVideo, status } = parts(payload, 'call_details').call_details;
		return { status, durationSeconds: orNull(duration), isVideo };
	},
	identity: ({ call_details: details }) => keyOf(details, 'message_uid'),
};

const chat: Family = {
	facts(payload) {
		const { chat: subject, whatsapp_account: account } = parts(payload, 'chat', 'whatsapp_account');
		return {
			chatId: subject.id,
			chatName: textOf(subject.name),
			isGroup: subject.is_group === true,
			phone: phoneOf(subject.phone),
			at: isNewChat(payload) ? subject.created_timestamp : undefined,
			whatsappPhone: phoneOf(account.phone),
			responsible: textOf(subject.responsible_email),
			chatUrl: subject.chat_url,
		};
	},
	extras(payload) {
		const { labels, closed, jid, previous_responsible_email: previous } = parts(payload, 'chat').chat;
		return { labels: labelNames(labels), closed, jid, previousResponsible: orNull(previous) };
	},
	// An assignment has no time: the same one can happen again.
	identity: (payload) => (isNewChat(payload) ? keyOf(payload.chat, 'id') : undefined),
};

const whatsappAccount: Family = {
	facts: (payload) => {
		const { whatsapp_account: account } = parts(payload, 'whatsapp_account');
		const at = { 'whatsapp:account:connected': account.connected_on, 'whatsapp:account:disconnected': account.disconnected_on };
		return { whatsappPhone: phoneOf(account.phone), at: at[String(payload.event_type) as keyof typeof at] };
	},
	extras(payload) {
		const { id, account_name: name, status, owner_email: owner } = parts(payload, 'whatsapp_account').whatsapp_account;
		return { accountId: id, accountName: name, status, owner };
	},
	identity: () => undefined,
};

const wabaMessage: Family = {
	messages: '/waba/messages',
	facts(payload) {
		const { account, chat: subject, message: sent } = parts(payload, 'account', 'chat', 'message');
		const { sender, recipient } = parts(sent, 'sender', 'recipient');
		const direction = sent.direction === 'sent' ? 'sent' : 'received';
		const contact = direction === 'sent' ? recipient : sender;
		return {
			chatId: subject.id,
			chatName: textOf(contact.full_name),
			isGroup: false,
			phone: phoneOf(contact.phone),
			direction,
			text: textOf(sent.text),
			messageUid: uidOf(sent),
			at: sent.timestamp,
			whatsappPhone: phoneOf(account.phone),
			senderName: textOf(sender.full_name),
			attachments: attachmentsOf(sent),
			origin: String(sent.origin ?? ''),
		};
	},
	extras(payload) {
		const { account, chat: subject, message: sent } = parts(payload, 'account', 'chat', 'message');
		const { template, failure_reason: reason } = sent;
		return {
			status: sent.status,
			origin: orNull(sent.origin),
			accountId: account.id,
			accountName: orNull(account.account_name),
			serviceWindowExpiresAt: isoTime(subject.service_window_expires_at),
			...(isObject(template) && { templateName: template.name }),
			...(isObject(reason) && { failureCode: reason.code, failure: reason.details || reason.title }),
		};
	},
	identity: ({ message: sent }) => keyOf(sent, 'message_uid'),
};

const wabaChat: Family = {
	facts(payload) {
		const { chat: subject, responsible } = parts(payload, 'chat', 'responsible');
		return {
			chatId: subject.id,
			isGroup: false,
			...(payload.event_type === 'waba:chat:assigned' && { responsible: textOf(responsible.email) }),
			...(payload.event_type === 'waba:chat:unassigned' && { responsible: null }),
		};
	},
	extras: (payload) => ({ accountId: parts(payload, 'account').account.id }),
	identity: (payload) => (isNewChat(payload) ? keyOf(payload.chat, 'id') : undefined),
};

const wabaAccount: Family = {
	facts: (payload) => ({ whatsappPhone: phoneOf(parts(payload, 'account').account.display_phone_number) }),
	extras(payload) {
		const { id, state } = parts(payload, 'account').account;
		return { accountId: id, status: state };
	},
	identity: () => undefined,
};

const wabaTemplate: Family = {
	facts: () => ({}),
	extras(payload) {
		const { id, name, status } = parts(payload, 'template').template;
		return { templateId: id, templateName: name, status };
	},
	identity: () => undefined,
};

/** The families by name. */
export const families = { message, reaction, call, chat, whatsappAccount, wabaMessage, wabaChat, wabaAccount, wabaTemplate };

/**
 * The simplified output: the same fields for all events, `null` where an event has none, then what its family adds.
 *
 * @param origin makes relative URLs absolute
 */
export function simplify(payload: IDataObject, family: Family, origin: string): IDataObject {
	const facts = family.facts(payload);
	return {
		event: payload.event_type,
		chatId: orNull(facts.chatId),
		chatName: orNull(facts.chatName),
		isGroup: orNull(facts.isGroup),
		phone: orNull(facts.phone),
		direction: orNull(facts.direction),
		text: orNull(facts.text),
		messageUid: orNull(facts.messageUid),
		sentAt: isoTime(facts.at),
		senderName: orNull(facts.senderName),
		whatsappPhone: orNull(facts.whatsappPhone),
		responsible: orNull(facts.responsible),
		chatUrl: absoluteUrl(facts.chatUrl, origin),
		...(facts.attachments && { attachments: facts.attachments.map(simplifyAttachment) }),
		...family.extras(payload),
	};
}

const simplifyAttachment = ({ temporary_download_url: downloadUrl, filename, size, mimetype: mimeType, ...rest }: Attachment): IDataObject => ({
	filename,
	mimeType,
	size,
	downloadUrl,
	...rest,
});

/** The chat of messages, reactions and calls of linked numbers. */
function linkedChat(payload: IDataObject): Facts {
	const { chat: subject, whatsapp_account: account } = parts(payload, 'chat', 'whatsapp_account');
	return {
		chatId: subject.chat_id,
		chatName: textOf(subject.full_name),
		isGroup: subject.chat_type === 'group',
		phone: phoneOf(subject.phone),
		whatsappPhone: phoneOf(account.phone),
		responsible: textOf(subject.responsible_email),
		chatUrl: subject.chat_url,
	};
}

const isNewChat = ({ event_type: event }: IDataObject): boolean =>
	['chat:new', 'chat:incoming:new', 'chat:outgoing:new', 'waba:chat:incoming', 'waba:chat:outgoing'].includes(String(event));

/** Parts of a payload by name; a missing one is empty, since an event must not be lost for what is left out of it. */
function parts<Name extends string>(payload: IDataObject, ...names: Name[]): Record<Name, IDataObject> {
	return Object.fromEntries(names.map((name) => [name, isObject(payload[name]) ? payload[name] : {}])) as Record<Name, IDataObject>;
}

/** The values that identify an event, or `undefined` where one of them is missing. */
function keyOf(part: unknown, ...names: string[]): unknown[] | undefined {
	const values = names.map((name) => (isObject(part) ? part[name] : undefined));
	return values.some((value) => value === undefined || value === null || value === '') ? undefined : values;
}

const textOf = (value: unknown): string | null => (value === undefined || value === null || value === '' ? null : String(value));

const uidOf = ({ message_uid: uid }: IDataObject): string | undefined => (typeof uid === 'string' ? uid : undefined);

/** Calls and reactions give bare digits, the other families a leading `+`; groups give nothing. */
const phoneOf = (phone: unknown): string | null => exactPhone(String(phone ?? '')) ?? null;

/** The files of the message in a payload. */
export const attachmentsOf = ({ attachments }: IDataObject): Attachment[] => (Array.isArray(attachments) ? (attachments.filter(isObject) as Attachment[]) : []);
