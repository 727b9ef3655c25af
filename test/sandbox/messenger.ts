/**
 * What happens in the workspace over time: messages go out and change their status, customers write, chats are assigned;
 * and the webhooks that tell of it.
 */
import { type Background } from './background';
import { type Deliveries } from './deliveries';
import { ApiError, invalid } from './errors';
import { type Events } from './events';
import { type EventType } from './eventTypes';
import { type Chat, type FailureReason, type Message, type StoredFile, type Teammate, type WabaAccount, type WabaChat, type WabaTemplate, type WhatsappAccount, type World, digits } from './world';

/** How fast a message that was sent moves on, in milliseconds. */
export interface Speed {
	/** From `Sending` to `Sent`. */
	sentMs: number;
	/** From `Sent` to `Delivered`. */
	deliveredMs: number;
	/** From `Delivered` to `Read`. */
	readMs: number;
	/** Between two messages of one number; the real one leaves about 2,000. */
	betweenSendsMs: number;
}

/**
 * What a contact's phone number does to messages sent to it, by its last three digits: `000` makes them fail, with `001` they
 * are never read, with `002` never delivered, with `003` they stay at `Sending`. Any other number reads everything.
 */
const LAST_STATUS: Record<string, string> = { '000': 'Failed', '001': 'Delivered', '002': 'Sent', '003': 'Sending' };

export interface Draft {
	text?: string | undefined;
	attachment?: StoredFile | null | undefined;
	label?: string | undefined;
	replyTo?: string | null | undefined;
	origin?: string;
	createdBy?: string;
	template?: WabaTemplate | null;
}

export interface Incoming {
	/** Into this chat; or from this phone number, whose chat is made where there is none. */
	chatId?: number;
	phone?: string;
	/** The name of a new chat, or of the group's member. */
	name?: string;
	text?: string | null;
	attachment?: StoredFile | null;
	/** The number that was written to, where the chat is new. Default: the one connected last. */
	account?: WhatsappAccount | WabaAccount;
	replyTo?: string | null;
	status?: string;
}

export class Messenger {
	private readonly freeAt = new Map<string | number, number>();

	constructor(
		private readonly world: World,
		private readonly background: Background,
		private readonly deliveries: Deliveries,
		private readonly events: Events,
		private readonly speed: Speed,
		private readonly changed: () => void,
	) {}

	/**
	 * Queues a message of the workspace: takes its credits, puts it into the chat as `Sending` and lets it move on. An empty
	 * message, a lack of credits, a chat that cannot be written to and a foreign `reply_to` are errors; a chat that is given
	 * as a function is made only where the first two are in order.
	 */
	send(to: Chat | (() => Chat), draft: Draft): Message {
		const { text, attachment = null, replyTo } = draft;
		if (!text && !attachment) throw invalid('Message should contain text or attachment');
		const refund = this.world.charge(text && attachment ? 2 : 1);
		let chat: Chat;
		try {
			chat = typeof to === 'function' ? to() : to;
			this.check(chat, replyTo);
		} catch (error) {
			refund();
			throw error;
		}
		if (draft.label) this.addLabels(chat, [draft.label]);
		const message = this.world.addMessage(chat, {
			fromMe: true,
			text: text || null,
			attachment,
			status: 'Sending',
			statusHistory: [],
			origin: draft.origin ?? 'Public API',
			createdBy: draft.createdBy ?? this.world.me.name,
			replyTo: replyTo || null,
			template: draft.template ?? null,
		});
		this.underWay(message, refund);
		return message;
	}

	/** The chat of a number with a phone, made where there is none. */
	chatWith(account: WhatsappAccount | WabaAccount, phone: string, name: string | undefined, direction: 'incoming' | 'outgoing'): Chat {
		const known = this.world.directChat(account, phone);
		if (known) return known;
		const international = `+${digits(phone)}`;
		const given = { phone: international, name: name || international, createdAt: this.world.clock.now() };
		if ('metaWabaId' in account) {
			const chat = this.world.addWabaChat({ account, ...given });
			this.tellOfWabaChat(chat, `waba:chat:${direction}`);
			return chat;
		}
		const chat = this.world.addChat({ account, ...given });
		this.publish('chat:new', this.events.chat('chat:new', chat));
		this.publish(`chat:${direction}:new`, this.events.chat(`chat:${direction}:new`, chat));
		return chat;
	}

	/** A customer writes, or whatever else comes in. */
	receive(incoming: Incoming): Message {
		const { chatId, phone, name } = incoming;
		const chat =
			chatId === undefined ? this.chatWith(incoming.account ?? this.world.defaultAccount(), phone ?? '', name, 'incoming') : this.world.chats.get(chatId);
		if (!chat) throw new Error(`There is no chat ${chatId}`);
		const message = this.world.addMessage(chat, {
			text: incoming.text ?? (incoming.attachment ? null : 'Hello!'),
			attachment: incoming.attachment ?? null,
			status: incoming.status ?? 'Delivered',
			replyTo: incoming.replyTo ?? null,
			...(chat.isGroup && { author: { name: name ?? 'Member', phone: phone ?? '' } }),
		});
		chat.read = false;
		this.close(chat, false);
		if (chat.platform === 'whatsapp') this.tellOfMessage(message, 'message:received:new');
		else this.publish('waba:message:received', this.events.wabaMessage('waba:message:received', message, chat));
		this.changed();
		return message;
	}

	/** Somebody of the workspace, or with an empty emoji nobody, reacts from the chat's own number. */
	react(message: Message, emoji: string, by = { name: message.chat.account.owner.name, phone: message.chat.account.phone, own: true }): void {
		message.reactions = message.reactions.filter(({ phone }) => phone !== by.phone);
		if (emoji !== '') message.reactions.push({ ...by, emoji });
		if (message.chat.platform === 'whatsapp') this.publish('message:reaction', this.events.reaction(message, by, emoji, this.world.clock.now()));
		this.changed();
	}

	/** Makes a teammate responsible, or with null nobody. */
	assign(chat: Chat, teammate: Teammate | null): void {
		const previous = chat.responsible;
		if (previous === teammate) return;
		chat.responsible = teammate;
		const what = teammate ? 'assigned' : 'unassigned';
		if (chat.platform === 'waba') this.tellOfWabaChat(chat, `waba:chat:${what}`);
		else this.publish(`chat:responsible:${what}`, this.events.chat(`chat:responsible:${what}`, chat, previous));
	}

	/** Closes or reopens a chat; of chats of linked numbers no webhook tells. */
	close(chat: Chat, closed: boolean): void {
		if (chat.closed === closed) return;
		chat.closed = closed;
		if (chat.platform === 'waba') this.tellOfWabaChat(chat, closed ? 'waba:chat:closed' : 'waba:chat:reopened');
	}

	/** Adds labels to a chat, and to the workspace where they are new. */
	addLabels(chat: Chat, labels: string[]): void {
		chat.labels = [...new Set([...chat.labels, ...labels])];
		for (const label of labels) this.world.labels.add(label);
	}

	publish(event: EventType, payload: object): void {
		this.deliveries.publish(this.world, event, payload);
	}

	/** Whether a message may go into this chat. */
	private check(chat: Chat, replyTo: string | null | undefined): void {
		if (!chat.canBeMessaged) throw invalid('Sending messages to this chat is not allowed');
		if (chat.account.status !== 'active') throw new ApiError('account_inactive', 'The WhatsApp account of this chat is not connected', undefined, 400);
		if (replyTo && this.world.messages.get(replyTo)?.chat.account !== chat.account) {
			throw invalid('Message to reply to not found', [{ fields: ['reply_to'], msg: 'Message not found' }]);
		}
	}

	private tellOfMessage(message: Message, event: 'message:sent:new' | 'message:received:new'): void {
		this.publish('message:new', this.events.message('message:new', message));
		this.publish(event, this.events.message(event, message));
	}

	private tellOfWabaChat(chat: WabaChat, event: EventType): void {
		this.publish(event, this.events.wabaChat(event, chat));
	}

	/** Lets a queued message move on, as far as its contact lets it. */
	private underWay(message: Message, refund: () => void): void {
		const { chat } = message;
		const failure = this.world.nextFailure();
		const last = failure ? 'Failed' : LAST_STATUS[digits(chat.phone ?? '').slice(-3)];
		const now = Date.now();
		const turn = Math.max(now, this.freeAt.get(chat.account.id) ?? 0);
		this.freeAt.set(chat.account.id, turn + this.speed.betweenSendsMs);

		const steps: Array<[status: string, afterMs: number]> =
			last === 'Failed'
				? [['Failed', turn - now + this.speed.sentMs]]
				: [
						['Sent', turn - now + this.speed.sentMs],
						['Delivered', this.speed.deliveredMs],
						['Read', this.speed.readMs],
					];
		const step = (index: number) => {
			const next = steps[index];
			if (message.status === last || !next) return;
			this.background.later(next[1], () => {
				this.moved(message, next[0], refund, failure);
				step(index + 1);
			});
		};
		step(0);
	}

	private moved(message: Message, status: string, refund: () => void, failure: FailureReason = UNREACHABLE): void {
		const at = this.world.clock.now();
		// The history is empty right after the send, and begins once something has happened.
		if (message.statusHistory.length === 0) message.statusHistory.push({ status: 'Sending', at: message.at, failure: null });
		message.status = status;
		if (status === 'Failed') {
			message.failure = message.chat.platform === 'waba' ? failure : null;
			refund();
		}
		message.statusHistory.push({ status, at, failure: message.failure });
		if (message.chat.platform === 'whatsapp') {
			if (status === 'Sent') this.tellOfMessage(message, 'message:sent:new');
		} else if (status !== 'Sent') {
			const event = `waba:message:${status.toLowerCase()}` as EventType;
			this.publish(event, this.events.wabaMessage(event, message, message.chat));
		}
		this.changed();
	}
}

const UNREACHABLE: FailureReason = { code: 131026, title: 'Message undeliverable', details: 'The recipient cannot be reached.' };
