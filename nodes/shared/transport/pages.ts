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

/**
 * Reads a list by page number. The API orders lists by latest activity, so entries move to the top while pages are read, and what
 * they pass slides onto the next page. An entry seen twice counts once. Whether one was missed shows in the length of the list: the
 * number of its last page says how many entries there are. Then the top is read again, where moved entries are, and, where that
 * does not explain it, everything, up to three times.
 *
 * @param read reads one page, from 1
 * @param idOf what tells entries apart
 * @param limit how many entries to give at most; all where it is not given
 */
export async function readPages(
	read: (page: number) => Promise<Page>,
	idOf: (entry: IDataObject) => unknown,
	limit = Infinity,
): Promise<IDataObject[]> {
	const known = new Map<unknown, IDataObject>();
	/** Keeps what is new of a page, and gives that. */
	const keep = (entries: IDataObject[]) => {
		const fresh = entries.filter((entry) => !known.has(idOf(entry)));
		for (const entry of fresh) known.set(idOf(entry), entry);
		return fresh;
	};

	let ordered: IDataObject[] = [];
	for (let pass = 1; pass <= mostPasses; pass++) {
		const seen: IDataObject[] = [];
		const length = await readAhead(read, limit, (entries) => {
			seen.push(...entries);
			keep(entries);
			return known.size >= limit;
		});
		const moved = known.size < Math.min(length, limit) ? await readTop(read, keep) : [];
		ordered = [...moved, ...seen, ...ordered];
		if (known.size >= Math.min(length, limit)) break;
	}
	const first = new Map(ordered.reverse().map((entry) => [idOf(entry), entry]));
	return [...first.values()].reverse().slice(0, limit);
}

/** Reads pages in order, a few ahead, until the last one or until `take` has enough. Gives the length of the list as its last page shows it. */
async function readAhead(read: (page: number) => Promise<Page>, limit: number, take: (entries: IDataObject[]) => boolean): Promise<number> {
	const first = await read(1);
	if (take(first.entries) || !first.hasMore) return first.entries.length;

	const lastWanted = Math.ceil(limit / pageSize);
	const ahead: Array<Promise<Page>> = [];
	let next = 2;
	for (let page = 2; ; page++) {
		while (next < page + pagesInFlight && (next <= lastWanted || next === page)) {
			const request = read(next++);
			// One that fails beyond the last page does no harm; a needed one is awaited below.
			request.catch(() => undefined);
			ahead.push(request);
		}
		const { entries, hasMore } = await (ahead.shift() as Promise<Page>);
		if (take(entries) || !hasMore || entries.length === 0) {
			// Nothing of an operation goes on after its end.
			await Promise.allSettled(ahead);
			return (page - 1) * pageSize + entries.length;
		}
	}
}

/** Reads from the top for as long as pages hold something new, and gives that. */
async function readTop(read: (page: number) => Promise<Page>, keep: (entries: IDataObject[]) => IDataObject[]): Promise<IDataObject[]> {
	const moved: IDataObject[] = [];
	for (let page = 1; ; page++) {
		const { entries, hasMore } = await read(page);
		const fresh = keep(entries);
		moved.push(...fresh);
		if (fresh.length < entries.length || !hasMore) return moved;
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
	let last: string | undefined;
	for (;;) {
		const { entries, hasMore } = await read(last);
		found.push(...entries);
		const end = entries.at(-1);
		if (!hasMore || !end || found.length >= limit) return found.slice(0, limit);
		last = idOf(end);
	}
}
