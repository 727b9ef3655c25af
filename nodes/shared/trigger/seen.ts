/**
 * Which events were received already. Duplicates come at the same moment, seconds later, or after n8n was restarted, so they are
 * kept in two places: in this process, where concurrent deliveries meet, and in n8n's static data, which outlives it.
 *
 * n8n saves static data as a whole, and the last one to do so wins. Each delivery therefore saves everything that the process knows
 * to be done at that moment, so whichever wins, nothing is missing. What is only under way is not saved: if n8n ends before it has stored the
 * execution, TimelinesAI got no answer and delivers the event again, which must not be taken for a duplicate then.
 */
import { createHash } from 'node:crypto';

/** How many events this process remembers, and for how long. */
const mostEvents = 5_000;
const longestMs = 24 * 3_600_000;

/** How many of them are saved: 8 KB at most, which n8n reads and writes at each delivery. */
const mostSaved = 1_000;

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

/** A short name of an event. 48 bits: by chance it is that of one of 5,000 others once in 5 * 10^10 times. */
export const keyOf = ({ of }: Identity): string => createHash('sha256').update(JSON.stringify(of)).digest('base64url').slice(0, keyLength);
const keyLength = 8;
const minuteMs = 60_000;

/** What one trigger remembers. All times are in milliseconds since 1970. */
export class Seen {
	private static readonly triggers = new Map<string, Seen>();

	/** When each event came and whether it is still under way, the oldest first. */
	private readonly entries = new Map<string, { at: number; underWay: boolean }>();
	/** What is saved: the keys of events that are done, strung together, by the minute in which the events came; the oldest first. */
	private readonly done = new Map<number, string>();
	private saved = 0;

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
		if (!entry?.underWay) return;
		entry.underWay = false;
		this.keep(key, entry.at);
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
	}

	/** What is saved: the events that are done, the newest of them. */
	toJSON(): Saved {
		return Object.fromEntries(this.done);
	}

	private learn(saved: Saved): void {
		for (const [minute, keys] of Object.entries(saved)) {
			if (this.done.get(Number(minute)) === keys) continue;
			const at = Number(minute) * minuteMs;
			for (let start = 0; start < keys.length; start += keyLength) {
				const key = keys.slice(start, start + keyLength);
				const entry = this.entries.get(key);
				if (entry && (entry.underWay || entry.at >= at)) continue;
				this.entries.set(key, { at, underWay: false });
				this.keep(key, at);
			}
		}
	}

	private keep(key: string, at: number): void {
		const minute = Math.floor(at / minuteMs);
		this.done.set(minute, (this.done.get(minute) ?? '') + key);
		this.saved++;
		for (const [oldest, keys] of this.done) {
			const isTooOld = at - oldest * minuteMs >= longestMs;
			const rest = isTooOld ? '' : keys.slice(Math.max(0, this.saved - mostSaved) * keyLength);
			this.saved -= (keys.length - rest.length) / keyLength;
			if (rest) {
				this.done.set(oldest, rest);
				break;
			}
			this.done.delete(oldest);
		}
	}
}
