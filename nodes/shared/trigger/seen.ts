/**
 * Which events were received already. Duplicates come at the same moment, seconds later, or after n8n was restarted, so they are
 * kept in two places: in this process, where concurrent deliveries meet, and in n8n's static data, which outlives it.
 *
 * n8n saves static data as a whole, and the last one to do so wins. Each delivery therefore saves everything that the process knows
 * to be done at that moment, so whichever wins, nothing is missing. What is only under way is not saved: if n8n ends before it has stored the
 * execution, TimelinesAI got no answer and delivers the event again, which must not be taken for a duplicate then.
 */
import { createHash } from 'node:crypto';

/** How many events are remembered, and for how long: about 24 KB of static data at most. */
const mostEvents = 2_000;
const longestMs = 24 * 3_600_000;

/** An equal payload that has nothing unique in it is taken for a duplicate for so long: the API repeats a delivery within seconds. */
const shortMs = 2 * 60_000;

/** What tells events apart. */
export interface Identity {
	/** Values that no other event has; or, with `unique: false`, the payload itself. */
	of: unknown;
	unique: boolean;
}

/** What is known of an event: nothing, that it is on its way into n8n, or that n8n has its execution. */
export type State = 'new' | 'underWay' | 'done';

/** Keys by the minute in which they came (since 1970), strung together: static data stays small. */
type Saved = Record<string, string>;

/** A short name of an event. 60 bits: among 2,000 events two fall together by chance once in 10^12 times. */
export const keyOf = ({ of }: Identity): string => createHash('sha256').update(JSON.stringify(of)).digest('base64url').slice(0, keyLength);
const keyLength = 10;
const minuteMs = 60_000;

/** What one trigger remembers. All times are in milliseconds since 1970. */
export class Seen {
	private static readonly triggers = new Map<string, Seen>();

	/** When each event came and whether it is still under way, the oldest first. */
	private readonly entries = new Map<string, { at: number; underWay: boolean }>();
	/** What is done, as it is saved; made anew when something has changed. */
	private done: Saved | undefined;

	/**
	 * What this process remembers of a trigger, and what others have saved meanwhile.
	 *
	 * @param listener what tells triggers apart, in this process only
	 * @param saved what {@link toJSON} gave
	 */
	static of(listener: string, saved: unknown): Seen {
		const seen = Seen.triggers.get(listener) ?? new Seen();
		Seen.triggers.set(listener, seen);
		seen.learn((saved ?? {}) as Saved);
		return seen;
	}

	/** Drops what this process remembers of a trigger. What n8n has saved stays. */
	static forget(listener: string): void {
		Seen.triggers.delete(listener);
	}

	state(key: string, { unique }: Identity, now: number): State {
		const entry = this.entries.get(key);
		if (!entry || now - entry.at >= (unique ? longestMs : shortMs)) return 'new';
		return entry.underWay ? 'underWay' : 'done';
	}

	/** An event is on its way into n8n. What is too old, or too much, is forgotten. */
	begin(key: string, now: number): void {
		this.done = undefined;
		this.entries.delete(key);
		this.entries.set(key, { at: now, underWay: true });
		for (const [old, { at }] of this.entries) {
			if (this.entries.size <= mostEvents && now - at < longestMs) break;
			this.entries.delete(old);
		}
	}

	/** n8n has its execution. */
	finish(key: string): void {
		const entry = this.entries.get(key);
		if (entry) entry.underWay = false;
		this.done = undefined;
	}

	/** There is an execution of it, whoever made it. */
	learnOf(key: string, now: number): void {
		if (this.entries.has(key)) return;
		this.begin(key, now);
		this.finish(key);
	}

	/** n8n did not take it: the next delivery of it counts as the first one. */
	drop(key: string): void {
		this.entries.delete(key);
		this.done = undefined;
	}

	/** What is saved: the events that are done. */
	toJSON(): Saved {
		return (this.done ??= pack([...this.entries].filter(([, { underWay }]) => !underWay).map(([key, { at }]) => [key, at])));
	}

	private learn(saved: Saved): void {
		for (const [minute, keys] of Object.entries(saved)) {
			for (let start = 0; start < keys.length; start += keyLength) {
				const key = keys.slice(start, start + keyLength);
				if (!this.entries.has(key)) this.entries.set(key, { at: Number(minute) * minuteMs, underWay: false });
			}
		}
	}
}

function pack(events: Array<[key: string, at: number]>): Saved {
	const minutes: Saved = {};
	for (const [key, at] of events) {
		const minute = String(Math.floor(at / minuteMs));
		minutes[minute] = (minutes[minute] ?? '') + key;
	}
	return minutes;
}
