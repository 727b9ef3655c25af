/**
 * Starts the workflow for an event once, however often and however concurrently it is delivered.
 *
 * The delivery is answered when n8n has stored the execution, and not before: whatever ends n8n until then, the sender has no answer
 * and delivers the event again. What can be slow belongs into the execution.
 *
 * Where the guarantee ends: an event can run twice if n8n is killed in the milliseconds between storing the execution and saving
 * static data; or if it comes to two processes at the same moment (webhook processors of queue mode), which do not share memory.
 */
import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { pause } from '../transport/pause';
import { keyOf, Seen, type Identity } from './seen';

/** TimelinesAI waits 5 seconds. */
const answerWithinMs = 3_500;
const longestTickMs = 25;

/**
 * What `webhook()` returns for an event: the start of the workflow, or for a duplicate nothing, which n8n answers with 200 as well.
 *
 * @param listener what tells triggers apart, in this process only
 * @param json what the execution starts with
 */
export async function startOnce(functions: IWebhookFunctions, listener: string, identity: Identity, json: IDataObject): Promise<IWebhookResponseData> {
	const start = { workflowData: [[{ json }]] };
	// A test ends with its first event, which may well be the one that the test before had.
	if (functions.getMode() === 'manual') return start;

	const stored = functions.getWorkflowStaticData('node');
	const seen = Seen.of(listener, stored.seen);
	const key = keyOf(identity);
	const state = () => seen.state(key, identity, Date.now());
	// Nobody knows yet whether n8n takes the first delivery; if it does not, this one has to start the workflow.
	while (state() === 'underWay') await pause(longestTickMs);
	if (state() === 'done') return {};

	seen.begin(key, Date.now());
	void watch();
	return start;

	/**
	 * Until n8n has answered. It saves static data right before, but only what it takes for changed, and when it makes the execution
	 * it takes everything for unchanged: so the change is made again and again.
	 *
	 * Where executions queue up for a place (N8N_CONCURRENCY_PRODUCTION_LIMIT), n8n answers when this one has its place. It was stored
	 * long before, so the sender is not kept waiting for that.
	 */
	async function watch(): Promise<void> {
		const response = functions.getResponseObject();
		for (let turn = 1, end = Date.now() + answerWithinMs; !response.writableEnded && Date.now() < end; turn++) {
			stored.seen = memory(seen, key);
			await pause(Math.min(turn, longestTickMs));
		}
		if (!response.writableEnded) response.status(200).end();
		if (response.statusCode < 400) seen.finish(key);
		else seen.drop(key);
	}
}

/**
 * Stands in static data for what is remembered. That is put together when n8n saves it, which it does when it has stored the
 * execution of the event: from then on the event is done. (What is not enumerable is in nobody's way who clones static data.)
 */
const memory = (seen: Seen, stored: string): IDataObject =>
	Object.defineProperty({}, 'toJSON', {
		value: () => {
			seen.finish(stored);
			return seen.toJSON();
		},
	});
