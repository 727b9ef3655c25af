/**
 * Starts the workflow for an event once, however often and however concurrently it is delivered.
 *
 * Three steps, in this order: n8n stores the execution; n8n saves in static data that the event is done, and answers; the run begins.
 * Whatever ends n8n before the answer, the sender delivers the event again. Whatever ends it before the run begins, n8n either drops
 * the execution as crashed, without effect, or takes it up again after its restart; then the event has two executions, and only the
 * first of them may run.
 *
 * Where that ends: an execution that is killed while it runs is not repeated, as always in n8n. And processes do not share memory: in
 * queue mode an event can run twice if it comes to two webhook processors at the same moment, or if one of them is killed.
 */
import type { IDataObject, IExecuteFunctions, INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { isObject } from '../output/simplify';
import { pause } from '../transport/pause';
import { keyOf, Seen, type Identity } from './seen';

/**
 * n8n answers milliseconds after it has written the execution, unless executions queue up for a place
 * (N8N_CONCURRENCY_PRODUCTION_LIMIT): then it answers when this one has its place. TimelinesAI waits 5 seconds.
 */
const longestAnswerMs = 2_000;
const tickMs = 25;

/** A run does not wait any longer for the answer to its delivery, which takes milliseconds. */
const longestWaitMs = 5_000;

/** The answers of n8n that are still to come. */
const answers = new Map<string, Promise<void>>();
/** The execution that runs for an event, the oldest event first. */
const owners = new Map<string, string>();
const mostOwners = 2_000;

/**
 * The version of nodes with a webhook. For a version 1 n8n evaluates an expression in an isolate of its own at each delivery, which was
 * an eighth of all its work (`parseRequestBody` in n8n's webhook-helpers).
 */
export const webhookNodeVersion = 1.1;

/** What tells an event of a trigger from all others in this process. */
const nameOf = (listener: string, key: string): string => `${listener} ${key}`;

/** What an execution of a trigger starts with. */
export interface Received extends IDataObject {
	/** What TimelinesAI sent. */
	payload: IDataObject;
	/** When it arrived, in ISO 8601. */
	receivedAt: string;
	/** What tells the event from all others of the trigger, where it has something that does. An equal one without it may be a new event. */
	key?: string;
}

/**
 * What `webhook()` returns for an event: the start of the workflow, or for a duplicate nothing, which n8n answers with 200 as well.
 * The description of the webhook has to have `responseMode: 'onReceived'` and an empty `responseData`, or n8n does not read all of it.
 * The execution has to go through {@link runOnce}.
 *
 * @param more what the execution needs to know beside the payload
 */
export async function startOnce(
	functions: IWebhookFunctions,
	identity: Identity,
	payload: IDataObject,
	more: IDataObject = {},
): Promise<IWebhookResponseData> {
	const key = keyOf(identity);
	const received: Received = { payload, receivedAt: new Date().toISOString(), ...(identity.unique && { key }), ...more };
	const items: INodeExecutionData[] = [{ json: received }];
	// A test ends with its first event, which may well be the one that the test before had.
	if (functions.getMode() === 'manual') return { workflowData: [items] };

	const stored = functions.getWorkflowStaticData('node');
	// What tells triggers apart, in this process only.
	const listener = functions.getNode().webhookId ?? String(functions.getNodeWebhookUrl('default'));
	const seen = Seen.of(listener, stored.seen);
	const state = () => seen.state(key, identity, Date.now());
	const save = () => {
		stored.seen = whatIsKnown(seen);
	};
	// Nobody knows yet whether n8n takes the first delivery; if it does not, this one has to start the workflow.
	while (state() === 'underWay') await pause(tickMs);
	if (state() === 'done') {
		// The first delivery may still wait for a place, and n8n does not save for it until then.
		save();
		return {};
	}

	seen.begin(key, Date.now());
	const name = nameOf(listener, key);
	owners.delete(name);
	const response = functions.getResponseObject();
	const answered = new AbortController();
	let late: Promise<void> | undefined;
	answers.set(name, watch());
	return {
		workflowData: [onWriting(items, () => void answerInTime())],
		// n8n reads what to answer with when the execution is stored and has its place, right before it saves static data. What was
		// changed earlier it takes for unchanged by then.
		get webhookResponse() {
			seen.finish(key);
			save();
			return { message: 'Workflow was started' };
		},
	};

	/** Until n8n has answered: what became of the event? */
	async function watch(): Promise<void> {
		// A caller that hangs up closes it as well, perhaps has done so already, while n8n goes on.
		if (!response.destroyed) await new Promise((resolve) => response.once('close', resolve));
		while (!response.writableEnded) await pause(tickMs);
		answered.abort();
		if (response.statusCode < 400) seen.finish(key);
		else seen.drop(key);
		await late;
		answers.delete(name);
	}

	async function answerInTime(): Promise<void> {
		await settled(pause(longestAnswerMs, answered.signal));
		if (!response.writableEnded) late = acknowledge(response);
	}
}

/** Waits for the end of something, good or bad. */
const settled = async (something: Promise<unknown>): Promise<void> => void (await Promise.allSettled([something]));

/**
 * The first step of an execution: what the workflow sees of each event. Nothing of an event for which another execution runs or has
 * run. A failure becomes an item where the node goes on after errors: left to itself, n8n would go on with what arrived, genuine or not.
 *
 * @param eventOf what kind of event a payload is; undefined for what does not come from the webhook, for example from a workflow that
 * calls this one, which goes through as it is
 * @param outputOf makes the item of an event
 * @returns the output of `execute()`
 */
export async function runOnce<Event>(
	functions: IExecuteFunctions,
	eventOf: (payload: IDataObject) => Event | undefined,
	outputOf: (event: Event, received: Received, index: number) => Promise<INodeExecutionData>,
): Promise<INodeExecutionData[][]> {
	const items = functions.getInputData().map(async (item, index) => {
		const received = item.json as Received;
		const event = isObject(received.payload) ? eventOf(received.payload) : undefined;
		if (!event) return [item];
		if (!(await mayRun(functions, received))) return [];
		try {
			return [await outputOf(event, received, index)];
		} catch (error) {
			if (!functions.continueOnFail() || functions.getExecutionCancelSignal()?.aborted) throw error as Error;
			return [{ json: { error: (error as Error).message }, pairedItem: { item: index } }];
		}
	});
	return [(await Promise.all(items)).flat()];
}

/**
 * Whether an execution may run for its event. Waits until its delivery is answered, if that came to this process: what is not saved as
 * done yet must have no effect yet.
 */
async function mayRun(functions: IExecuteFunctions, { key }: Received): Promise<boolean> {
	const { webhookId } = functions.getNode();
	// A user who repeats an execution wants it to run.
	if (!key || !webhookId || functions.getMode() !== 'webhook') return true;
	const name = nameOf(webhookId, key);
	const answer = answers.get(name);
	if (answer) await within(longestWaitMs, answer);
	const execution = functions.getExecutionId();
	const owner = owners.get(name) ?? execution;
	owners.set(name, owner);
	for (const [oldest] of owners) {
		if (owners.size <= mostOwners) break;
		owners.delete(oldest);
	}
	// n8n takes up executions after a restart without a delivery, and the delivery follows.
	Seen.of(webhookId, undefined).learnOf(key, Date.now());
	return owner === execution;
}

/** Waits for something, but not longer than that. */
async function within(ms: number, something: Promise<void>): Promise<void> {
	const over = new AbortController();
	await Promise.race([something, settled(pause(ms, over.signal))]);
	over.abort();
}

/**
 * Stands in static data for what is known, and is put together at the moment when n8n turns it into JSON to save it: nothing that
 * another delivery has saved meanwhile is missing then.
 */
const whatIsKnown = (seen: Seen): IDataObject => Object.defineProperty({}, 'toJSON', { value: () => seen.toJSON() });

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

/** Answers in place of n8n. Its own answer comes later, when nobody listens any more; resolves then. */
async function acknowledge(response: ReturnType<IWebhookFunctions['getResponseObject']>): Promise<void> {
	response.status(200).end();
	const ignore = () => response;
	await new Promise<void>((resolve) => {
		const answer = () => {
			resolve();
			return response;
		};
		Object.assign(response, { setHeader: ignore, json: answer, send: answer });
	});
}
