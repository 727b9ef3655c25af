/** One payload of each of the events, about things of the world: what is missing is made. */
import { type Context } from './context';
import { type EventType } from './eventTypes';
import { type Call } from './events';
import { type LinkedChat, type Message, type WabaAccount, type WabaChat, type WabaTemplate, type WhatsappAccount } from './world';

type Payload = Record<string, unknown>;

/** The payload of an event. Message, call and reaction events are about a new message each time. */
export function samplePayload(event: EventType, context: Context): Payload {
	return samples[event](event, context) as Payload;
}

/** A payload with parts of it replaced; objects are merged, everything else is exchanged. */
export function merge(payload: Payload, overrides: Payload): Payload {
	const merged = { ...payload };
	for (const [key, value] of Object.entries(overrides)) {
		const present = merged[key];
		merged[key] = isObject(present) && isObject(value) ? merge(present, value) : value;
	}
	return merged;
}

const isObject = (value: unknown): value is Payload => typeof value === 'object' && value !== null && !Array.isArray(value);

type Sample = (event: EventType, context: Context) => object;

const message =
	(fromMe: boolean): Sample =>
	(event, context) =>
		context.events.message(event, newMessage(context, fromMe));
const account: Sample = (event, { events, world }) =>
	events.accountEvent(event, world.accounts[0] as WhatsappAccount, event.endsWith(':disconnected') ? world.clock.now() : undefined);
const chat: Sample = (event, context) => context.events.chat(event, linkedChat(context));
const call =
	(details: Call): Sample =>
	(event, context) => {
		const { world } = context;
		const status = details.status.toLowerCase();
		const entry = world.addMessage(linkedChat(context), { type: 'whatsapp_call', text: null, fromMe: details.direction === 'outgoing', status, data: { status } });
		return context.events.call(event, entry, details);
	};
const wabaMessage =
	(given: Partial<Pick<Message, 'fromMe' | 'status' | 'failure'>>): Sample =>
	(event, context) => {
		const owner = wabaChat(context);
		return context.events.wabaMessage(event, context.world.addMessage(owner, { origin: 'Public API', ...given }), owner);
	};
const wabaChatSample: Sample = (event, context) => context.events.wabaChat(event, wabaChat(context));
const wabaAccount: Sample = (event, { events, world }) => events.wabaAccount(event, wabaAccountOf(world));
const wabaTemplate: Sample = (event, { events, world }) => {
	const owner = wabaAccountOf(world);
	const template: WabaTemplate = [...world.wabaTemplates.values()][0] ?? world.addWabaTemplate();
	return events.wabaTemplate(event, template, [owner]);
};

const samples: Record<EventType, Sample> = {
	'message:new': message(false),
	'message:sent:new': message(true),
	'message:received:new': message(false),
	'whatsapp:account:connected': account,
	'whatsapp:account:disconnected': account,
	'whatsapp:account:suspended': account,
	'whatsapp:account:resumed': account,
	'chat:new': chat,
	'chat:incoming:new': chat,
	'chat:outgoing:new': chat,
	'chat:responsible:assigned': (event, { events, world, ...context }) => {
		const assigned = linkedChat({ world, ...context, events });
		assigned.responsible ??= world.me;
		return events.chat(event, assigned);
	},
	'chat:responsible:unassigned': (event, context) => {
		const unassigned = linkedChat(context);
		unassigned.responsible = null;
		return context.events.chat(event, unassigned, context.world.me);
	},
	'call:incoming:missed': call({ direction: 'incoming', status: 'Missed' }),
	'call:incoming:ended': call({ direction: 'incoming', status: 'Answered', durationSeconds: 120 }),
	'call:outgoing:ended': call({ direction: 'outgoing', status: 'Ended', durationSeconds: 45, isVideo: true }),
	'message:reaction': (_event, context) => {
		const reacted = newMessage(context, true);
		reacted.reactions.push({ ...reacted.author, emoji: '👍', own: false });
		return context.events.reaction(reacted, reacted.author, '👍', context.world.clock.now());
	},
	'waba:message:received': wabaMessage({}),
	'waba:message:delivered': wabaMessage({ fromMe: true, status: 'Delivered' }),
	'waba:message:failed': wabaMessage({
		fromMe: true,
		status: 'Failed',
		failure: { code: 131047, title: 'Re-engagement message', details: 'Message failed to send outside the 24 hour window.' },
	}),
	'waba:message:read': wabaMessage({ fromMe: true, status: 'Read' }),
	'waba:chat:incoming': wabaChatSample,
	'waba:chat:outgoing': wabaChatSample,
	'waba:chat:assigned': (event, context) => {
		const assigned = wabaChat(context);
		assigned.responsible ??= context.world.me;
		return context.events.wabaChat(event, assigned);
	},
	'waba:chat:unassigned': wabaChatSample,
	'waba:chat:closed': wabaChatSample,
	'waba:chat:reopened': wabaChatSample,
	'waba:account:active': wabaAccount,
	'waba:account:disabled': wabaAccount,
	'waba:account:disconnected': wabaAccount,
	'waba:template:approved': wabaTemplate,
	'waba:template:rejected': wabaTemplate,
	'waba:template:disabled': wabaTemplate,
};

function linkedChat({ world }: Context): LinkedChat {
	for (const candidate of world.chats.values()) if (candidate.platform === 'whatsapp' && !candidate.isGroup) return candidate;
	return world.addChat({ name: 'Dana Cole' });
}

function wabaChat({ world }: Context): WabaChat {
	for (const candidate of world.chats.values()) if (candidate.platform === 'waba') return candidate;
	return world.addWabaChat({ name: 'Noor Aziz' });
}

const wabaAccountOf = (world: Context['world']): WabaAccount => world.wabaAccounts[0] ?? world.addWabaAccount();
const newMessage = (context: Context, fromMe: boolean): Message => context.world.addMessage(linkedChat(context), { fromMe });
