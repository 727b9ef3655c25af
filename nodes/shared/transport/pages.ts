/** Reads lists that the API gives in pages: by page number, a few pages ahead, or by cursor. */
import type { IDataObject } from 'n8n-workflow';

/** One page of a list. */
export interface Page {
	entries: IDataObject[];
	hasMore: boolean;
}

/** The API's pages hold 50 entries, whatever size is asked for. */
export const pageSize = 50;

/** Pages asked for at the same time; so at most 4 are asked for beyond the last. */
const pagesInFlight = 5;
const mostPasses = 3;
/** A list that gives nothing new for so many pages gives the same ones again and again. */
const mostStalePages = 20;

/** Tells the entries of a list apart. */
export interface Identity {
	idOf(entry: IDataObject): unknown;
	/** When something last happened in an entry, where the API orders the list by that, the latest first. Any number that grows with time. */
	timeOf?(entry: IDataObject): number;
}

/**
 * Reads a list by page number. The API orders lists by latest activity, so entries move to the top while pages are read, and what
 * they pass slides onto the next page. An entry seen twice counts once. Whether one was missed shows in the length of the list: the
 * number of its last page says how many entries there are. Then the top is read again, where moved entries are, and, where that
 * does not explain it, everything, up to three times; what came late is put where it belongs.
 *
 * @param read reads one page, from 1
 * @param limit how many entries to give at most; all where it is not given
 */
export async function readPages(read: (page: number) => Promise<Page>, { idOf, timeOf }: Identity, limit = Infinity): Promise<IDataObject[]> {
	const known = new Map<unknown, IDataObject>();
	/** Keeps entries as they were seen last, and says how many are new. */
	const keep = (entries: IDataObject[]) => {
		const before = known.size;
		for (const entry of entries) known.set(idOf(entry), entry);
		return known.size - before;
	};

	let late = 0;
	for (let pass = 1; pass <= mostPasses; pass++) {
		const before = known.size;
		const length = await readAhead(read, limit, (entries) => ({ fresh: keep(entries), enough: known.size >= limit }));
		if (pass > 1) late += known.size - before;
		if (known.size < Math.min(length, limit)) late += await readTop(read, keep);
		if (known.size >= Math.min(length, limit)) break;
	}
	const found = [...known.values()];
	if (late > 0 && timeOf) found.sort((a, b) => timeOf(b) - timeOf(a));
	return found.slice(0, limit);
}

/** Takes the entries of a page; says how many of them are new, and whether that is all that is wanted. */
type Take = (entries: IDataObject[]) => { fresh: number; enough: boolean };

/** Reads pages in order, a few ahead, until the last one or until `take` has enough. Gives the length of the list as its last page shows it. */
async function readAhead(read: (page: number) => Promise<Page>, limit: number, take: Take): Promise<number> {
	const first = await read(1);
	if (take(first.entries).enough || !first.hasMore) return first.entries.length;

	const lastWanted = Math.ceil(limit / pageSize);
	const ahead: Array<Promise<Page>> = [];
	let next = 2;
	let stale = 0;
	for (let page = 2; ; page++) {
		while (next < page + pagesInFlight && (next <= lastWanted || next === page)) {
			const request = read(next++);
			// One that fails beyond the last page does no harm; a needed one is awaited below.
			request.catch(() => undefined);
			ahead.push(request);
		}
		const { entries, hasMore } = await (ahead.shift() as Promise<Page>);
		const { fresh, enough } = take(entries);
		stale = fresh > 0 ? 0 : stale + 1;
		if (enough || !hasMore || entries.length === 0 || stale >= mostStalePages) {
			// Nothing of an operation goes on after its end.
			await Promise.allSettled(ahead);
			if (stale >= mostStalePages) throw new EndlessListError();
			return (page - 1) * pageSize + entries.length;
		}
	}
}

/** Reads from the top for as long as pages hold nothing but new entries. Gives how many. */
async function readTop(read: (page: number) => Promise<Page>, keep: (entries: IDataObject[]) => number): Promise<number> {
	let moved = 0;
	for (let page = 1; ; page++) {
		const { entries, hasMore } = await read(page);
		const fresh = keep(entries);
		moved += fresh;
		if (fresh < entries.length || !hasMore) return moved;
	}
}

/**
 * Reads a list that goes on behind its last entry, as a chat's history does: each page is asked for with the id of the last entry
 * of the one before.
 */
export async function readByCursor(
	read: (last: string | undefined) => Promise<Page>,
	idOf: (entry: IDataObject) => string,
	limit = Infinity,
): Promise<IDataObject[]> {
	const found: IDataObject[] = [];
	const passed = new Set<string>();
	for (let last: string | undefined; ; ) {
		const { entries, hasMore } = await read(last);
		found.push(...entries);
		const end = entries.at(-1);
		if (!hasMore || !end || found.length >= limit) return found.slice(0, limit);
		last = idOf(end);
		if (passed.has(last)) throw new EndlessListError();
		passed.add(last);
	}
}

/** The pages of a list do not get any further. */
class EndlessListError extends Error {
	constructor() {
		super('TimelinesAI gives the same pages of the list again and again');
	}
}
