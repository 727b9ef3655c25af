/** Keeps two commands in the same clone from doing the same thing at once. */
import { lock } from 'proper-lockfile';
import { onEnd } from './cleanup';

// A busy machine may refresh its lock late; a killed command's lock is free again after this time.
const staleMs = 30_000;

/**
 * Does some work while holding a lock, and waits for the lock when another process has it.
 *
 * @param path the lock is `<path>.lock`; its folder exists
 * @param waiting what to tell the person while waiting, without a full stop
 */
export async function withLock<T>(path: string, waiting: string, work: () => Promise<T>): Promise<T> {
	let release = await tryLock(path);
	if (!release) {
		console.log(`  ${waiting}: waiting for it …`);
		release = await lock(path, { realpath: false, stale: staleMs, retries: { forever: true, minTimeout: 1_000, maxTimeout: 1_000 } });
	}
	const forget = onEnd(release);
	try {
		return await work();
	} finally {
		forget();
		await release();
	}
}

/** Takes a lock until the command ends, or gives `undefined` when another process has it. */
export async function tryLock(path: string): Promise<(() => Promise<void>) | undefined> {
	try {
		return await lock(path, { realpath: false, stale: staleMs });
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ELOCKED') return undefined;
		throw error;
	}
}
