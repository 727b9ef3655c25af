/** Keeps two commands in the same clone from doing the same thing at once. */
import { lock } from 'proper-lockfile';
import { onEnd } from './cleanup';

// A command refreshes its locks as long as it lives, on a busy machine with a delay. Those of a killed one are free after this.
const staleMs = 15_000;

/**
 * Does some work while holding a lock, and waits for the lock when another process has it.
 *
 * @param path the lock is `<path>.lock`; its folder exists
 * @param waiting what to tell the person while waiting, without a full stop
 */
export async function withLock<T>(path: string, waiting: string, work: () => Promise<T>): Promise<T> {
	const release = await takeLock(path, waiting, { forever: true });
	const forget = onEnd(release);
	try {
		return await work();
	} finally {
		forget();
		await release();
	}
}

/**
 * Takes a lock until the command ends. Waits just long enough for the lock of a killed command to be free again.
 *
 * @throws an error with the code `ELOCKED` when another process keeps it
 */
export async function holdLock(path: string, waiting: string): Promise<void> {
	onEnd(await takeLock(path, waiting, { retries: staleMs / 1_000 + 2 }));
}

async function takeLock(path: string, waiting: string, patience: { forever: true } | { retries: number }): Promise<() => Promise<void>> {
	const options = { realpath: false, stale: staleMs };
	try {
		return await lock(path, options);
	} catch (error) {
		if (!isLocked(error)) throw error;
		console.log(`  ${waiting}: waiting for it …`);
		return await lock(path, { ...options, retries: { ...patience, minTimeout: 1_000, maxTimeout: 1_000 } });
	}
}

export const isLocked = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ELOCKED';
