/** When a request may be repeated, and after which wait: decisions only, no waiting and no requests. */

/**
 * What a request does when the API processes it twice: nothing (`read`), the same result again (`write`), or something twice
 * that a customer or a teammate would notice (`send`).
 */
export type Effect = 'read' | 'write' | 'send';

/** How one attempt ended. */
export type Failure =
	/** It never reached the API: name not resolved, connection refused, turned away by the network in front of it. */
	| { kind: 'notReached' }
	/** The API turned it away unprocessed and takes it later. `retryAfterMs`: the wait it asked for. */
	| { kind: 'rateLimited'; retryAfterMs?: number }
	/** It may or may not have been processed: 5xx, time-out, connection reset, an answer that cannot be read. */
	| { kind: 'unclear' }
	/** The API refused it, for good. */
	| { kind: 'refused' };

/** Bounds of one request with all its repetitions. Times in milliseconds. */
export interface Patience {
	/** Attempts at most, waits for the rate limit not counted. */
	attempts: number;
	/** The sum of all waits at most. */
	totalWaitMs: number;
}

/** For an execution: long enough for the API's limit of 50 requests a minute to pass several times. */
export const executionPatience: Patience = { attempts: 5, totalWaitMs: 300_000 };

/** For the editor and for activation, where a person or n8n waits for the answer. */
export const interactivePatience: Patience = { attempts: 3, totalWaitMs: 15_000 };

const firstBackoffMs = 500;
const longestWaitMs = 60_000;

/**
 * Says how long to wait before the next attempt, or `undefined` where the request must not or need not be repeated.
 *
 * @param attempt how many attempts failed so far, waits for the rate limit not counted; from 1
 * @param rateLimited how many times the API asked to wait so far; from 1
 * @param waitedMs the sum of the waits so far
 */
export function waitBeforeRetry(
	failure: Failure,
	effect: Effect,
	{ attempt, rateLimited, waitedMs }: { attempt: number; rateLimited: number; waitedMs: number },
	patience: Patience,
): number | undefined {
	const wait = proposedWait();
	return wait !== undefined && waitedMs + wait <= patience.totalWaitMs ? wait : undefined;

	function proposedWait(): number | undefined {
		switch (failure.kind) {
			case 'refused':
				return undefined;
			case 'rateLimited':
				return failure.retryAfterMs ?? backoff(rateLimited, 2 * firstBackoffMs);
			case 'unclear':
				return effect === 'send' || attempt >= patience.attempts ? undefined : backoff(attempt, firstBackoffMs);
			case 'notReached':
				return attempt >= patience.attempts ? undefined : backoff(attempt, firstBackoffMs);
		}
	}
}

/**
 * Reads a `Retry-After` header: seconds or an HTTP date. Gives milliseconds between 0 and 60,000, or `undefined` where there is
 * no usable header.
 */
export function retryAfterMs(header: unknown, now: number): number | undefined {
	if (typeof header !== 'string' && typeof header !== 'number') return undefined;
	const text = String(header).trim();
	const wait = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
	return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), longestWaitMs);
}

/** Doubles with each attempt, with jitter, so that many workflows do not come back at the same moment. */
function backoff(attempt: number, firstMs: number): number {
	const full = Math.min(firstMs * 2 ** (attempt - 1), longestWaitMs);
	return full / 2 + Math.random() * (full / 2);
}
