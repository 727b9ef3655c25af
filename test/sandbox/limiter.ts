/**
 * The rate limit in front of the API, as nginx's `limit_req` does it: requests leave at an even pace, a few that come early
 * wait in a queue (the burst), and what the queue cannot hold is refused with 429.
 */

export interface RateLimit {
	requestsPerSecond: number;
	/** How many requests may wait. */
	burst: number;
	/** Whether refusals say in `Retry-After` when to come again, in seconds. Default true. */
	retryAfter?: boolean;
}

export class Limiter {
	private next = 0;

	constructor(private readonly limit: RateLimit) {}

	/** Milliseconds that the request must wait for its turn, or the seconds after which a refused one may come again. */
	admit(now = performance.now()): { waitMs: number } | { retryAfter: number | undefined } {
		const gap = 1000 / this.limit.requestsPerSecond;
		const turn = Math.max(this.next, now);
		if (turn - now > this.limit.burst * gap) {
			return { retryAfter: this.limit.retryAfter === false ? undefined : Math.max(1, Math.ceil((turn - now) / 1000)) };
		}
		this.next = turn + gap;
		return { waitMs: turn - now };
	}
}
