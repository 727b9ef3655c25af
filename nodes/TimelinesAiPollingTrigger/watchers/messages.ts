/**
 * The status of messages that were sent in the last hours. The API shows it in the history of a chat only, so the chats whose
 * history is worth a request are picked: those with something new at their end, and those with messages that may still move on.
 */
import type { IDataObject } from 'n8n-workflow';
import { isoTime } from '../../shared/output/formats';
import { isObject, simplifyMessage } from '../../shared/output/simplify';
import { pageOf } from '../../TimelinesAi/resources/chat/list';
import type { Change, Finding, Surroundings } from '../changes';

export interface MessageMemory {
	/** The time of the newest message when watching began, in milliseconds since 1970: what is older is only learned. */
	learnedAt: number;
	/** Chats: what was at their end, and when their history was read, in milliseconds since 1970. */
	chats: Array<[id: number, end: string, readAt: number]>;
	/** Messages of the last hours: their status, when they were sent, and in which chat. */
	messages: Array<[uid: string, status: string, at: number, chat: number]>;
}

/** Reads the histories of at most `histories` chats and compares the messages in them with those that are remembered. */
export async function watchMessages(
	{ api, parameters, now }: Surroundings,
	chats: IDataObject[],
	histories: number,
	known: MessageMemory | undefined,
): Promise<Finding<MessageMemory>> {
	const since = now - (parameters.integer('hours', { min: 1, max: mostHours }) ?? defaultHours) * 3_600_000;
	const wanted = parameters.list('statuses').map((status) => status.toLowerCase());
	const learnedAt = known?.learnedAt ?? Math.max(0, ...chats.map(lastActivity));
	const readAt = new Map(known?.chats.map(([id, end, at]) => [id, { end, at }]));
	const messages = new Map(known?.messages.filter(([, , at]) => at >= since).map(([uid, ...rest]) => [uid, rest]));
	const pending = new Set([...messages.values()].filter(([status]) => !isFinal(status)).map(([, , chat]) => chat));

	const ends = new Map(chats.filter((chat) => lastActivity(chat) >= since).map((chat) => [Number(chat.id), endOf(chat)]));
	const candidates = [...new Set([...ends.keys(), ...pending])]
		.filter((id) => pending.has(id) || readAt.get(id)?.end !== ends.get(id))
		// Those that waited longest come first, so that each has its turn.
		.sort((a, b) => (readAt.get(a)?.at ?? 0) - (readAt.get(b)?.at ?? 0));

	const changes: Change[] = [];
	for (const id of candidates.slice(0, histories)) {
		for (const message of await sentSince(api, id, since)) {
			const uid = String(message.uid);
			const status = String(message.status);
			const at = timeOf(message.timestamp);
			const before = messages.get(uid)?.[0];
			messages.set(uid, [status, at, id]);
			const isNews = before === undefined ? at > learnedAt : before !== status;
			if (isNews && wanted.includes(status.toLowerCase())) changes.push(change(message, before));
		}
		readAt.set(id, { end: ends.get(id) ?? readAt.get(id)?.end ?? '', at: now });
	}

	const memory: MessageMemory = {
		learnedAt,
		chats: [...readAt].filter(([id, { at }]) => at >= since || pending.has(id)).map(([id, { end, at }]) => [id, end, at]),
		messages: [...messages].map(([uid, [status, at, chat]]) => [uid, status, at, chat]),
	};
	return { memory, changes };
}

/** What a change of status looks like, for the editor: the newest message that was sent in the chat with the latest activity. */
export async function exampleMessages({ api }: Surroundings, [chat]: IDataObject[]): Promise<Change[]> {
	if (!chat) return [];
	const messages = await sentSince(api, Number(chat.id), 0);
	return messages.slice(0, 1).map((message) => change(message, 'Sending'));
}

/** How far back messages are looked at. */
export const defaultHours = 24;
export const mostHours = 72;

/** The newest 50 messages of a chat that were sent since a moment. */
async function sentSince(api: Surroundings['api'], chatId: number, since: number): Promise<IDataObject[]> {
	const { entries } = await pageOf(api, 'GET /chats/{chat_id}/messages', 'messages', {
		ids: { chat_id: chatId },
		query: { from_me: true, after: new Date(since).toISOString() },
	});
	return entries.filter(({ message_type: type }) => type === 'whatsapp');
}

function change(message: IDataObject, before: string | undefined): Change {
	return {
		event: 'message:status:changed',
		thing: message,
		previous: { previousStatus: before ?? null },
		simplify: (origin) => simplifyMessage(message, origin),
	};
}

const isFinal = (status: string): boolean => ['read', 'failed'].includes(status.toLowerCase());

/** What is at the end of a chat, with its status: another text says that something happened. */
function endOf({ last_message_uid: uid, last_message: last }: IDataObject): string {
	return `${String(uid)} ${isObject(last) ? String(last.status) : ''}`;
}

const lastActivity = ({ last_message_timestamp: time }: IDataObject): number => timeOf(time);

/** Milliseconds since 1970; 0 where there is no time. */
const timeOf = (time: unknown): number => Date.parse(isoTime(time) ?? '') || 0;
