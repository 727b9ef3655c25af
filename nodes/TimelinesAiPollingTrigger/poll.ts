/**
 * One poll: looks at what is wanted, compares it with what n8n has kept since the last poll, and gives what is different.
 *
 * What is kept are ids and fields, not times, so that a change is found whenever it happened. It is replaced only at the end of a
 * poll: one that fails changes nothing, and the next one finds the same. n8n keeps it in memory and saves it with each execution
 * that starts; after a restart the next poll compares with what was saved, from which nothing was left out.
 */
import type { IDataObject, INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { Parameters } from '../shared/operation/parameters';
import { Api } from '../shared/transport/api';
import { interactivePatience } from '../shared/transport/retry';
import { budgetFor, changeKinds, fewestRequests, type Change, type Surroundings, type WatcherName } from './changes';
import { exampleChats, readChats, watchChats, type ChatMemory, type PageCursor } from './watchers/chats';
import { exampleFiles, watchFiles, type FileMemory } from './watchers/files';
import { exampleMessages, watchMessages, type MessageMemory } from './watchers/messages';
import { exampleSubscriptions, watchSubscriptions, type SubscriptionMemory } from './watchers/subscriptions';

/**
 * How many requests a poll costs at most, where nothing else is set. n8n polls every minute unless told otherwise: so the 200,000
 * requests that a workspace has in a month are enough.
 */
export const defaultMaxRequests = 4;

/** What n8n keeps between polls. */
interface Memory {
	/** The credential that the rest was seen with: another one may be of another workspace. */
	credential?: string;
	cursor?: PageCursor;
	chats?: ChatMemory;
	files?: FileMemory;
	messages?: MessageMemory;
	subscriptions?: SubscriptionMemory;
}

/** Polls under way. n8n begins the next one on time even while one still waits for TimelinesAI. */
const underWay = new Set<string>();

/** Gives an item for every change since the last poll, or `null` where there is none. The first poll only learns. */
export async function poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const parameters = new Parameters((name) => this.getNodeParameter(name, null), { node: this.getNode() });
	const events = parameters.list('events');
	const unknown = events.find((event) => !changeKinds.some(({ value }) => value === event));
	if (events.length === 0 || unknown !== undefined) {
		throw parameters.error(unknown === undefined ? 'No change is chosen under “Trigger On”' : `There is no change “${unknown}”`, 'Choose at least one from the list.');
	}
	const trigger = `${this.getWorkflow().id} ${this.getNode().id}`;
	if (underWay.has(trigger)) return null;
	underWay.add(trigger);
	try {
		const api = new Api(this, 'timelinesAiApi', interactivePatience);
		const surroundings: Surroundings = { api, parameters, now: Date.now(), wants: (event) => events.includes(event) };
		const changes = this.getMode() === 'manual' ? await examples(surroundings) : await changesSince(this, surroundings, events);
		return changes.length > 0 ? [await itemsOf(changes, surroundings)] : null;
	} finally {
		underWay.delete(trigger);
	}
}

async function changesSince(functions: IPollFunctions, surroundings: Surroundings, events: string[]): Promise<Change[]> {
	const stored = functions.getWorkflowStaticData('node') as { memory?: Memory };
	const credential = functions.getNode().credentials?.timelinesAiApi?.id ?? undefined;
	const before: Memory = stored.memory?.credential === credential ? { ...stored.memory } : {};
	const after: Memory = { credential };
	const changes: Change[] = [];
	const { api, parameters, wants } = surroundings;
	const maxRequests = parameters.collection('options').integer('maxRequests', { min: fewestRequests }) ?? defaultMaxRequests;
	const { chatPages, histories } = budgetFor(events, maxRequests);
	const isWanted = (watcher: WatcherName) => changeKinds.some((kind) => kind.watcher === watcher && wants(kind.value));

	if (chatPages > 0) {
		const { chats, cursor } = await readChats(api, chatPages, before.cursor ?? 1, histories > 0);
		after.cursor = cursor;
		if (isWanted('chats')) {
			const found = watchChats(chats, before.chats ?? [], wants);
			after.chats = found.memory;
			changes.push(...found.changes);
		}
		if (isWanted('messages')) {
			const found = await watchMessages(surroundings, chats, histories, before.messages);
			after.messages = found.memory;
			changes.push(...found.changes);
		}
	}
	if (isWanted('files')) {
		const found = await watchFiles(surroundings, before.files);
		after.files = found.memory;
		changes.push(...found.changes);
	}
	if (isWanted('subscriptions')) {
		const found = await watchSubscriptions(surroundings, before.subscriptions);
		after.subscriptions = found.memory;
		changes.push(...found.changes);
	}
	// All at once and last: until here nothing has changed, whatever failed.
	stored.memory = after;
	return changes;
}

/** One of each wanted kind, made of what the workspace has at the moment. What n8n keeps stays as it is. */
async function examples(surroundings: Surroundings): Promise<Change[]> {
	const { chats } = await readChats(surroundings.api, 1, 1, true);
	const all = [
		...exampleChats(chats),
		...(await exampleFiles(surroundings)),
		...(await exampleMessages(surroundings, chats)),
		...(await exampleSubscriptions(surroundings)),
	];
	return all.filter(({ event }) => surroundings.wants(event));
}

async function itemsOf(changes: Change[], { api, parameters }: Surroundings): Promise<INodeExecutionData[]> {
	const raw = parameters.choice('output', ['simplified', 'raw']) === 'raw';
	const origin = await api.origin();
	return changes.map(({ event, thing, previous, simplify }) => {
		const json: IDataObject = raw ? { event, ...previous, data: thing } : { event, ...simplify(origin), ...previous };
		return { json };
	});
}
