/** Waiting that a cancelled execution ends at once. */
import { sleep } from 'n8n-workflow';

/** The part of an AbortSignal that is needed here; n8n hands one out for every execution. */
export type CancelSignal = AbortSignal | undefined;

/**
 * Waits `ms` milliseconds. Throws the signal's reason as soon as it is aborted. Older versions of n8n ignore the second argument
 * of `sleep`: there the short steps bound how late a cancellation is noticed.
 */
export async function pause(ms: number, signal?: CancelSignal): Promise<void> {
	const end = Date.now() + ms;
	for (let left = ms; left > 0; left = end - Date.now()) {
		signal?.throwIfAborted();
		await sleep(Math.min(left, 250), signal);
	}
	signal?.throwIfAborted();
}

/** One pause for all requests of an execution: when one of them has to wait, the others wait too. */
export class Gate {
	private closedUntil = 0;

	/** Lets nobody through for `ms` milliseconds from now. */
	close(ms: number): void {
		this.closedUntil = Math.max(this.closedUntil, Date.now() + ms);
	}

	/** Returns when the gate is open, which it may have been all along. */
	async pass(signal?: CancelSignal): Promise<void> {
		signal?.throwIfAborted();
		while (this.closedUntil > Date.now()) await pause(this.closedUntil - Date.now(), signal);
	}
}
