/** The part of proper-lockfile that is used here; the package brings no types of its own. */
declare module 'proper-lockfile' {
	interface LockOptions {
		/** Resolve symbolic links first, which needs the file to exist. */
		realpath?: boolean;
		/** Milliseconds without a sign of life after which a lock counts as left behind. */
		stale?: number;
		retries?: { forever?: boolean; retries?: number; minTimeout?: number; maxTimeout?: number };
	}

	/** Takes the lock and gives the function that releases it; rejects with the code `ELOCKED` when it is taken. */
	export function lock(file: string, options?: LockOptions): Promise<() => Promise<void>>;
}
