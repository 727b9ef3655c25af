/** The payloads of the webhooks, in the shapes of the specification: top level, without a `data` wrapper. */
import { type EventType } from './eventTypes';
import { parties, type Views } from './views';
import {
	type Chat,
	digits,
	type LinkedChat,
	type Message,
	type Party,
	type Teammate,
	type WabaAccount,
	type WabaChat,
	type WabaTemplate,
	type WhatsappAccount,
} from './world';

/** Webhooks show absolute addresses where the API's own answers have relative ones. */
const APP = 'https://app.timelines.ai';

export interface Call {
	direction: 'incoming' | 'outgoing';
	status: 'Missed' | 'Answered' | 'Rejected' | 'No Answer' | 'Ended';
	durationSeconds?: number;
	isVideo?: boolean;
}

export class Events {
	constructor(private readonly views: Views) {}

	/** `message:new`, `message:sent:new`, `message:received:new` */
	message(event_type: EventType, message: Message): object {
		const { chat, fromMe } = message;
		const { sender, recipient } = parties(message);
		return {
			event_type,
			chat: {
				full_name: chat.name,
				chat_url: chatUrl(chat),
				chat_id: chat.id,
				is_group: chat.isGroup,
				phone: chat.phone ?? '',
				responsible_name: chat.responsible?.name ?? '',
				responsible_email: chat.responsible?.email ?? '',
			},
			whatsapp_account: owner(chat),
			message: {
				text: message.text ?? '',
				direction: fromMe ? 'sent' : 'received',
				origin: message.origin,
				timestamp: this.views.time(message.at),
				received_timestamp: this.views.time(message.receivedAt),
				message_uid: message.uid,
				...(message.replyTo && { reply_to_uid: message.replyTo }),
				sender: party(sender),
				recipient: party(recipient),
				attachments: this.views.attachments(message.attachment),
			},
		};
	}

	/** `chat:*` */
	chat(event_type: EventType, chat: LinkedChat, previous?: Teammate | null): object {
		const last = chat.messages.at(-1);
		return {
			event_type,
			chat: {
				id: chat.id,
				name: chat.name,
				phone: chat.phone ?? '',
				jid: chat.jid,
				is_group: chat.isGroup,
				closed: chat.closed,
				read: chat.read,
				labels: chat.labels,
				unattended_customer: chat.unattended,
				chatgpt_autoresponse_enabled: chat.autoresponse,
				whatsapp_account_id: chat.account.id,
				chat_url: chatUrl(chat),
				created_timestamp: this.views.time(chat.createdAt),
				...(last && { last_message_uid: last.uid, last_message_timestamp: this.views.time(last.at) }),
				...(chat.responsible && { responsible_name: chat.responsible.name, responsible_email: chat.responsible.email }),
				...(previous && { previous_responsible_name: previous.name, previous_responsible_email: previous.email }),
			},
			whatsapp_account: this.views.account(chat.account),
		};
	}

	/** `whatsapp:account:*` */
	accountEvent(event_type: EventType, account: WhatsappAccount, disconnectedAt?: number): object {
		return {
			event_type,
			whatsapp_account: { ...this.views.account(account), ...(disconnectedAt !== undefined && { disconnected_on: this.views.time(disconnectedAt) }) },
		};
	}

	/** `call:*`; the message is the call's entry in the chat's history. */
	call(event_type: EventType, message: Message, call: Call): object {
		const { sender, recipient } = parties(message);
		return {
			event_type,
			chat: typedChat(message.chat),
			whatsapp_account: { whatsapp_account_wid: wid(message.chat), ...owner(message.chat) },
			call_details: {
				duration: call.durationSeconds ?? null,
				direction: call.direction,
				is_video: call.isVideo ?? false,
				status: call.status,
				timestamp: this.views.time(message.at),
				message_uid: message.uid,
				caller: party(sender),
				recipient: party(recipient),
			},
		};
	}

	/** `message:reaction`; an empty emoji clears. */
	reaction(message: Message, reactor: Party, emoji: string, at: number): object {
		return {
			event_type: 'message:reaction',
			chat: typedChat(message.chat),
			whatsapp_account: { ...owner(message.chat), whatsapp_account_wid: wid(message.chat) },
			reaction: {
				message_uid: message.uid,
				action: emoji === '' ? 'clear' : 'set',
				emoji,
				reactor: party(reactor),
				timestamp: this.views.time(at),
				reactions: this.views.reactions(message.reactions).reactions,
			},
		};
	}

	/** `waba:message:*` */
	wabaMessage(event_type: EventType, message: Message, chat: WabaChat): object {
		const { account } = chat;
		const { sender, recipient } = parties(message);
		return {
			event_type,
			account: { ...wabaIds(account), phone: account.phone, account_name: account.name },
			chat: { id: chat.id, waba_account_id: account.id, closed: chat.closed, ...this.views.serviceWindow(chat) },
			message: {
				message_uid: message.uid,
				direction: message.fromMe ? 'sent' : 'received',
				status: message.status,
				timestamp: this.views.time(message.at),
				received_timestamp: this.views.time(message.receivedAt),
				text: message.text ?? '',
				origin: message.fromMe ? message.origin : 'WhatsApp',
				sender: party(sender),
				recipient: party(recipient),
				attachments: this.views.attachments(message.attachment),
				...(message.template && { template: { id: message.template.id, name: message.template.name } }),
				...(message.failure && { failure_reason: message.failure }),
			},
		};
	}

	/** `waba:chat:*`; the responsible person is told when a chat is assigned. */
	wabaChat(event_type: EventType, { id, account, responsible }: WabaChat): object {
		return {
			event_type,
			chat: { id, waba_account_id: account.id },
			account: wabaIds(account),
			...(event_type === 'waba:chat:assigned' && responsible && { responsible: { name: responsible.name, email: responsible.email } }),
		};
	}

	/** `waba:account:*`; the state of a disconnected account is `removed`. */
	wabaAccount(event_type: EventType, account: WabaAccount): object {
		const state = event_type === 'waba:account:disconnected' ? 'removed' : event_type.slice('waba:account:'.length);
		return { event_type, account: { ...wabaIds(account), display_phone_number: account.displayPhone, state } };
	}

	/** `waba:template:*` */
	wabaTemplate(event_type: EventType, template: WabaTemplate, accounts: WabaAccount[]): object {
		return {
			event_type,
			template: {
				id: template.id,
				name: template.name,
				status: event_type.slice('waba:template:'.length).toUpperCase(),
				parameter_format: template.parameterFormat,
				meta_waba_id: template.metaWabaId,
				accounts: accounts.map(({ id }) => id),
			},
		};
	}
}

const wabaIds = ({ id, metaPhoneId, metaWabaId }: WabaAccount) => ({ id, meta_phone_id: metaPhoneId, meta_waba_id: metaWabaId });

const chatUrl = (chat: Chat) => `${APP}/chat/${chat.id}/messages/`;
const party = ({ name, phone }: Party) => ({ full_name: name, phone });
const wid = (chat: Chat) => `${digits(chat.account.phone)}@s.whatsapp.net`;
const owner = ({ account }: Chat) => ({ full_name: account.owner.name, email: account.owner.email, phone: account.phone });

/** The chat as calls and reactions show it: `chat_type` and `platform`, and bare digits for the phone. */
const typedChat = (chat: Chat) => ({
	full_name: chat.name,
	chat_url: chatUrl(chat),
	chat_id: chat.id,
	chat_type: chat.isGroup ? 'group' : 'direct',
	platform: 'whatsapp',
	phone: digits(chat.phone ?? ''),
	responsible_name: chat.responsible?.name ?? '',
	responsible_email: chat.responsible?.email ?? '',
});
