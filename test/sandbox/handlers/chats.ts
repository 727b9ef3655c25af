/** Chats, their labels and their notes; the label endpoints serve WABA chats as well. */
import { type Call } from '../contract';
import { chatOf, type Context, type PublicHandlers } from '../context';
import { invalid } from '../errors';
import { lastMessage } from '../views';
import { type Chat, type LinkedChat, digits } from '../world';

export const PAGE_SIZE = 50;

type ChatFilters = Parameters<PublicHandlers['GET /chats']>[0]['query'];

interface ChatDetails {
	name?: string | undefined;
	responsible?: string | undefined;
	closed?: boolean | undefined;
	read?: boolean | undefined;
	chatgpt_autoresponse_enabled?: boolean | undefined;
}

export const chatHandlers = {
	'GET /chats': ({ query }, context) => listChats(linkedChats(context), query, context),
	'GET /v2/chats': ({ query }, context) => listChats(linkedChats(context).filter((chat) => chat.account.visible), query, context),
	'GET /chats/{chat_id}': (call, context) => context.views.chat(chatOf(call, context)),
	'PATCH /chats/{chat_id}': (call, context) => updateChat(call, context),
	'GET /chats/{chat_id}/labels': (call, context) => ({ labels: chatOf(call, context).labels }),
	'POST /chats/{chat_id}/labels': (call, context) => replaceLabels(call, context),
	'PUT /chats/{chat_id}/labels': (call, context) => addLabels(call, context),
	'POST /chats/{chat_id}/notes': (call, context) => {
		const { world } = context;
		const note = world.addMessage(chatOf(call, context), {
			type: 'note',
			fromMe: true,
			text: call.body.text,
			isPrivate: call.body.is_private,
			origin: 'Public API',
			createdBy: world.me.name,
			status: 'Sent',
		});
		return { message_uid: note.uid };
	},
} satisfies Partial<PublicHandlers>;

/** One page of chats, the latest message first, then by name. */
export function pageOfChats(chats: Chat[], page: number, withMessage: boolean, { views }: Context): object {
	const latest = (chat: Chat) => lastMessage(chat)?.at ?? 0;
	const ordered = [...chats].sort((a, b) => latest(b) - latest(a) || (a.name < b.name ? -1 : Number(a.name > b.name)));
	const end = page * PAGE_SIZE;
	return {
		has_more_pages: ordered.length > end,
		chats: ordered.slice(end - PAGE_SIZE, end).map((chat) => views.chat(chat, withMessage)),
	};
}

/** Changes what is given. Unknown fields never get here: they are ignored, and the answer is 200. */
export function updateChat(call: Call<unknown, ChatDetails>, context: Context): object {
	const { world, messenger, views } = context;
	const chat = chatOf(call, context);
	const { name, responsible, closed, read, chatgpt_autoresponse_enabled: autoresponse } = call.body;
	if (name !== undefined && [...world.chats.values()].some((other) => other !== chat && other.name === name)) {
		throw invalid('Chat with this name already exists', [{ fields: ['name'], msg: 'Name must be unique in the workspace' }]);
	}
	const teammate = responsible ? world.teammateByEmail(responsible) : null;
	if (responsible !== undefined) messenger.assign(chat, teammate);
	if (closed !== undefined) messenger.close(chat, closed);
	Object.assign(chat, { ...(name !== undefined && { name }), ...(read !== undefined && { read }), ...(autoresponse !== undefined && { autoresponse }) });
	return views.chat(chat);
}

export function replaceLabels(call: Call<unknown, { labels: string[] }>, context: Context): object {
	const chat = chatOf(call, context);
	chat.labels = [];
	context.messenger.addLabels(chat, call.body.labels);
	return { labels: chat.labels };
}

export function addLabels(call: Call<unknown, { labels: string[] }>, context: Context): object {
	const chat = chatOf(call, context);
	context.messenger.addLabels(chat, call.body.labels);
	return { labels: chat.labels };
}

/** Values of a filter that takes several, separated by commas. */
export const several = (value: string) => value.split(',').map((part) => part.trim()).filter((part) => part !== '');

function listChats(chats: LinkedChat[], query: ChatFilters, context: Context): object {
	const { clock } = context.world;
	const tests: Array<(chat: LinkedChat) => boolean> = [];
	const test = <T>(value: T | undefined, make: (value: T) => (chat: LinkedChat) => boolean) => {
		if (value !== undefined) tests.push(make(value));
	};
	test(query.label, (value) => {
		const wanted = several(value);
		return (chat) => chat.labels.some((label) => wanted.includes(label));
	});
	test(query.whatsapp_account_id, (value) => {
		const wanted = several(value);
		return (chat) => wanted.includes(chat.account.id);
	});
	test(query.group, (value) => (chat) => chat.isGroup === value);
	test(query.responsible, (value) => {
		const wanted = several(value.toLowerCase());
		return (chat) => chat.responsible !== null && wanted.includes(chat.responsible.email.toLowerCase());
	});
	test(query.name, (value) => {
		const wanted = several(value.toLowerCase());
		return (chat) => wanted.some((part) => chat.name.toLowerCase().includes(part));
	});
	test(query.phone, (value) => {
		const wanted = digits(value);
		return (chat) => chat.phone !== null && (value.startsWith('+') ? digits(chat.phone) === wanted : digits(chat.phone).includes(wanted.replace(/^0+/, '')));
	});
	test(query.read, (value) => (chat) => chat.read === value);
	test(query.closed, (value) => (chat) => chat.closed === value);
	test(query.chatgpt_autoresponse_enabled, (value) => (chat) => chat.autoresponse === value);
	test(query.created_after, (value) => {
		const moment = clock.parse(value);
		return (chat) => moment !== undefined && chat.createdAt >= moment.from;
	});
	test(query.created_before, (value) => {
		const moment = clock.parse(value);
		return (chat) => moment !== undefined && chat.createdAt <= moment.to;
	});
	test(query.whatsapp_phone, (value) => {
		const wanted = several(value);
		return (chat) => wanted.some((phone) => hasPhone(chat.phone, phone) || chat.groupMembers.some((member) => hasPhone(member.phone, phone)));
	});
	const matching = chats.filter((chat) => tests.every((passes) => passes(chat)));
	return pageOfChats(matching, query.page ?? 1, query.with_msg ?? false, context);
}

function linkedChats({ world }: Context): LinkedChat[] {
	return [...world.chats.values()].filter((chat): chat is LinkedChat => chat.platform === 'whatsapp');
}

/** Whether a stored phone is this one, written internationally or with a leading 0 in place of the country code. */
function hasPhone(stored: string | null, wanted: string): boolean {
	if (stored === null) return false;
	const number = digits(wanted);
	return number.startsWith('0') ? digits(stored).endsWith(number.slice(1)) : digits(stored) === number;
}
