/** Choices at random that a seed repeats. */
import { seededRandom } from '../sandbox/random';

export class Chance {
	private readonly random: () => number;

	constructor(seed: number) {
		this.random = seededRandom(seed);
	}

	/** From `least` to `most`, both included. */
	integer(least: number, most: number): number {
		return least + Math.floor(this.random() * (most - least + 1));
	}

	oneOf<T>(values: readonly [T, ...T[]]): T {
		return values[this.integer(0, values.length - 1)] as T;
	}

	/** True with this probability. */
	happens(probability: number): boolean {
		return this.random() < probability;
	}
}

/** Runs tasks, at most `width` at a time, and gives their results in order. */
export async function together<T>(tasks: Array<() => Promise<T>>, width: number): Promise<T[]> {
	const results: T[] = new Array<T>(tasks.length);
	const queue = tasks.entries();
	const worker = async () => {
		for (const [index, task] of queue) results[index] = await task();
	};
	await Promise.all(Array.from({ length: width }, worker));
	return results;
}
