/**
 * Starts the workflow for an event once, however often and however concurrently it is delivered.
 *
 * The delivery is answered when n8n has stored the execution, and not before: whatever ends n8n until then, the sender has no answer
 * and delivers the event again. What can be slow belongs into the execution.
 *
 * Where the guarantee ends: an event can run twice if n8n is killed in the milliseconds between storing the execution and saving
 * static data; or if it comes to two processes at the same moment (webhook processors of queue mode), which do not share memory.
 */
import type { IDataObject, INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { pause } from '../transport/pause';
import { keyOf, Seen, type Identity } from './seen';

/**
 * n8n answers milliseconds after it has written the execution, unless executions queue up for a place
 * (N8N_CONCURRENCY_PRODUCTION_LIMIT): then it answers when this one has its place. TimelinesAI waits 5 seconds.
 */
const longestAnswerMs = 2_000;
const tickMs = 25;

/**
 * What `webhook()` returns for an event: the start of the workflow, or for a duplicate nothing, which n8n answers with 200 as well.
 *
 * @param listener what tells triggers apart, in this process only
 * @param json what the execution starts with
 */
export async function startOnce(functions: IWebhookFunctions, listener: string, identity: Identity, json: IDataObject): Promise<IWebhookResponseData> {
	const items: INodeExecutionData[] = [{ json }];
	// A test ends with its first event, which may well be the one that the test before had.
	if (functions.getMode() === 'manual') return { workflowData: [items] };

	const stored = functions.getWorkflowStaticData('node');
	const seen = Seen.of(listener, stored.seen);
	const key = keyOf(identity);
	const state = () => seen.state(key, identity, Date.now());
	const save = () => {
		stored.seen = seen.toJSON();
	};
	// Nobody knows yet whether n8n takes the first delivery; if it does not, this one has to start the workflow.
	while (state() === 'underWay') await pause(tickMs);
	if (state() === 'done') {
		// The first delivery may still wait for a place, and n8n does not save for it until then.
		save();
		return {};
	}

	seen.begin(key, Date.now());
	let writtenAt = Infinity;
	void watch();
	return {
		workflowData: [onWriting(items, () => (writtenAt = Date.now()))],
		// n8n reads what to answer with when the execution is stored and has its place, right before it saves static data. What was
		// changed earlier it takes for unchanged by then.
		get webhookResponse() {
			seen.finish(key);
			save();
			return { message: 'Workflow was started' };
		},
	};

	/** Until there is an answer: what became of the event? */
	async function watch(): Promise<void> {
		const response = functions.getResponseObject();
		while (!response.writableEnded) {
			if (Date.now() - writtenAt >= longestAnswerMs) acknowledge(response);
			else await pause(tickMs);
		}
		if (response.statusCode < 400) seen.finish(key);
		else seen.drop(key);
	}
}

/**
 * Tells when the items are turned into JSON for the first time: n8n does that when it writes the execution. As long as its database
 * hangs before that, nothing is stored, and nothing may be acknowledged.
 */
function onWriting<Items extends object>(items: Items, tell: () => void): Items {
	return Object.defineProperty(items, 'toJSON', {
		configurable: true,
		value: () => {
			Reflect.deleteProperty(items, 'toJSON');
			tell();
			return items;
		},
	});
}

/** Answers in place of n8n. Its own answer comes later, when nobody listens any more. */
function acknowledge(response: ReturnType<IWebhookFunctions['getResponseObject']>): void {
	response.status(200).end();
	const ignore = () => response;
	Object.assign(response, { setHeader: ignore, json: ignore, send: ignore });
}
