/** Everything that looks random in the sandbox comes from a seed, so that a run can be repeated. */
import { createHash } from 'node:crypto';

/** A small seeded generator (mulberry32): each call gives a number from 0 up to, not including, 1. */
export function seededRandom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** Ids in the API's two forms, the same ones in every run with the same seed. */
export class Ids {
	private count = 0;
	private readonly numbers = new Map<string, number>();

	constructor(private readonly seed: number) {}

	/** A UID as messages and files have it, in the form of a UUID. */
	uid(): string {
		const hex = createHash('sha256').update(`${this.seed}:${++this.count}`).digest('hex');
		return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
	}

	/** The next number of a kind, the first one being `first`. */
	number(kind: string, first: number): number {
		const next = this.numbers.get(kind) ?? first;
		this.numbers.set(kind, next + 1);
		return next;
	}
}
