/**
 * Which events were received already. Duplicates come at the same moment, seconds later, or after n8n was restarted, so they are
 * kept in two places: in this process, where concurrent deliveries meet, and in n8n's static data, which outlives it.
 *
 * n8n saves static data as a whole, and the last delivery to do so wins. Each delivery therefore saves everything that the process
 * knows, so whichever wins, nothing is missing. Several processes that receive deliveries (webhook processors of queue mode) do not
 * share their memory: there a duplicate that arrives within the same moment at another process counts as a new event.
 */
import { createHash } from 'node:crypto';
import type { IDataObject } from 'n8n-workflow';

/** How many events are remembered, and for how long: about 24 KB of static data at most. */
const mostEvents = 2_000;
const longestMs = 24 * 3_600_000;

/** An equal payload that has nothing unique in it is taken for a duplicate for so long: the API repeats a delivery within seconds. */
const shortMs = 2 * 60_000;

/** Times (in milliseconds since 1970) by the key of the event, the oldest first; one map for each subscription secret. */
const memory = new Map<string, Map<string, number>>();

/** What tells events apart. */
export interface Identity {
	/** Values that no other event has; or, with `unique: false`, the payload itself. */
	of: unknown;
	unique: boolean;
}

/**
 * Says whether this is the first delivery of an event, and remembers it: in this process and in `stored`, which n8n saves.
 *
 * @param listener what tells triggers apart, in this process only
 * @param stored the trigger's static data
 * @param now milliseconds since 1970
 */
export function isFirstDelivery(listener: string, stored: IDataObject, { of, unique }: Identity, now = Date.now()): boolean {
	const known = recall(listener, stored.seen);
	const key = createHash('sha256').update(JSON.stringify(of)).digest('base64url').slice(0, keyLength);
	const before = known.get(key);
	if (before !== undefined && now - before < (unique ? longestMs : shortMs)) return false;

	known.delete(key);
	known.set(key, now);
	for (const [old, at] of known) {
		if (known.size <= mostEvents && now - at < longestMs) break;
		known.delete(old);
	}
	stored.seen = pack(known);
	return true;
}

/** Drops what this process remembers of a trigger. What is in its static data stays. */
export function forget(listener: string): void {
	memory.delete(listener);
}

/** What the process knows, and what others have saved meanwhile. */
function recall(listener: string, saved: unknown): Map<string, number> {
	const mine = memory.get(listener);
	const known = unpack(saved);
	if (mine) for (const [key, at] of mine) known.set(key, at);
	memory.set(listener, known);
	return known;
}

/** 60 bits: among 2,000 events two fall together by chance once in 10^12 times. */
const keyLength = 10;
const bucketMs = 60_000;

/** Keys strung together by the minute, so that static data stays small. */
function pack(known: Map<string, number>): IDataObject {
	const minutes: Record<string, string> = {};
	for (const [key, at] of known) {
		const minute = String(Math.floor(at / bucketMs));
		minutes[minute] = (minutes[minute] ?? '') + key;
	}
	return minutes;
}

function unpack(saved: unknown): Map<string, number> {
	const known = new Map<string, number>();
	for (const [minute, keys] of Object.entries((saved ?? {}) as Record<string, unknown>)) {
		for (const key of String(keys).match(/.{10}/g) ?? []) known.set(key, Number(minute) * bucketMs);
	}
	return known;
}
