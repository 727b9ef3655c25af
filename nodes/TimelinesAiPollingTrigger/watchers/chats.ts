/** Closed, reopened, renamed, labelled: compares each chat that is seen with what it was like when it was seen last. */
import type { IDataObject } from 'n8n-workflow';
import { labelNames } from '../../shared/output/formats';
import { simplifyChat } from '../../shared/output/simplify';
import type { Api } from '../../shared/transport/api';
import { chatsPage } from '../../TimelinesAi/resources/chat/list';
import type { Change, Finding, Surroundings } from '../changes';

/** Chats in the order in which they were seen last: id, closed (0 or 1), name, labels. */
export type ChatMemory = Array<[id: number, closed: number, name: string, labels: string[]]>;

/** Chats that are remembered at most; the ones not seen for longest are forgotten first. */
const mostChats = 10_000;

/** Compares chats with what is remembered. One that is not remembered yet is only learned. */
export function watchChats(chats: IDataObject[], known: ChatMemory, wants: Surroundings['wants']): Finding<ChatMemory> {
	const memory = new Map(known.map((entry) => [entry[0], entry]));
	const changes: Change[] = [];
	for (const chat of chats) {
		const id = Number(chat.id);
		const before = memory.get(id);
		const now: ChatMemory[number] = [id, Number(chat.closed === true), String(chat.name ?? ''), labelNames(chat.labels)];
		memory.delete(id);
		memory.set(id, now);
		if (before) changes.push(...differences(chat, before, now));
	}
	return { memory: [...memory.values()].slice(-mostChats), changes: changes.filter(({ event }) => wants(event)) };
}

function differences(chat: IDataObject, before: ChatMemory[number], now: ChatMemory[number]): Change[] {
	const [, wasClosed, oldName, oldLabels] = before;
	const [, isClosed, name, labels] = now;
	const addedLabels = labels.filter((label) => !oldLabels.includes(label));
	const removedLabels = oldLabels.filter((label) => !labels.includes(label));
	return [
		...(isClosed !== wasClosed ? [change(isClosed ? 'chat:closed' : 'chat:reopened', chat)] : []),
		...(name !== oldName ? [change('chat:renamed', chat, { previousName: oldName })] : []),
		...(addedLabels.length + removedLabels.length > 0 ? [change('chat:labels:changed', chat, { addedLabels, removedLabels })] : []),
	];
}

const change = (event: string, chat: IDataObject, previous?: IDataObject): Change => ({
	event,
	thing: chat,
	previous,
	simplify: (origin) => simplifyChat(chat, origin),
});

/** What the changes of a chat look like, for the editor. */
export function exampleChats([chat]: IDataObject[]): Change[] {
	if (!chat) return [];
	return [
		change('chat:closed', { ...chat, closed: true }),
		change('chat:reopened', { ...chat, closed: false }),
		change('chat:renamed', chat, { previousName: 'Another name' }),
		change('chat:labels:changed', chat, { addedLabels: labelNames(chat.labels), removedLabels: ['another label'] }),
	];
}

/** Where the next poll goes on: the number of a page. */
export type PageCursor = number;

/**
 * Reads some pages of chats. Where they are not enough for all chats, half of them are the first pages, with the latest activity,
 * and the other half goes on where the poll before has stopped, so that after some polls every chat was seen.
 */
export async function readChats(api: Api, pages: number, cursor: PageCursor, withMessages: boolean): Promise<{ chats: IDataObject[]; cursor: PageCursor }> {
	const chats: IDataObject[] = [];
	/** Reads a page and says whether there are more behind it. */
	const read = async (page: number): Promise<boolean> => {
		const { entries, hasMore } = await chatsPage(api, 'GET /chats', { page, with_msg: withMessages });
		chats.push(...entries);
		return hasMore;
	};

	const first = Math.ceil(pages / 2);
	for (let page = 1; page <= first; page++) {
		if (!(await read(page))) return { chats, cursor: first + 1 };
	}
	let next = Math.max(cursor, first + 1);
	for (let left = pages - first; left > 0; left--) {
		if (!(await read(next++))) return { chats, cursor: first + 1 };
	}
	return { chats, cursor: next };
}
