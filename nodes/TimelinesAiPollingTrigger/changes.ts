/** The changes that no webhook reports, as data: what the panel offers, who finds them, and what that may cost. */
import type { IDataObject } from 'n8n-workflow';
import type { Parameters } from '../shared/operation/parameters';
import type { Api } from '../shared/transport/api';

/** Who finds a change: each looks at one kind of thing, and costs requests of its own. */
export type WatcherName = 'chats' | 'files' | 'messages' | 'subscriptions';

/** A kind of change. */
export interface ChangeKind {
	value: string;
	name: string;
	description: string;
	watcher: WatcherName;
}

/** Something that changed. */
export interface Change {
	/** The value of its kind. */
	event: string;
	/** What the API says of the thing now; for one that is gone, what is remembered of it. */
	thing: IDataObject;
	/** What is added to it in either output: how it was before. */
	previous?: IDataObject;
	/** The thing in few fields, with ISO 8601 times and absolute URLs. */
	simplify(origin: string): IDataObject;
}

/** What a watcher works with. */
export interface Surroundings {
	api: Api;
	/** Whether a kind of change is wanted. */
	wants(event: string): boolean;
	parameters: Parameters;
	/** Milliseconds since 1970. */
	now: number;
}

/** What a watcher found: it compares what it sees with what it saw before. `Memory` is JSON, kept by n8n until the next poll. */
export interface Finding<Memory> {
	memory: Memory;
	changes: Change[];
}

/** All kinds, in the order of the panel. */
export const changeKinds: ChangeKind[] = [
	kind('chat:closed', 'Chat: Closed', 'Somebody marked a chat as done', 'chats'),
	kind('chat:reopened', 'Chat: Reopened', 'A closed chat is open again', 'chats'),
	kind('chat:renamed', 'Chat: Renamed', 'A chat has another name', 'chats'),
	kind('chat:labels:changed', 'Chat: Labels Changed', 'A chat got a label or lost one', 'chats'),
	kind('file:uploaded', 'File: Uploaded', 'Somebody uploaded a file to the workspace', 'files'),
	kind('message:status:changed', 'Message: Status Changed', 'A message of the last hours was sent, delivered or read, or it failed', 'messages'),
	kind('webhook:disabled', 'Webhook: Disabled', 'A webhook subscription of the workspace was disabled: whoever relied on it hears nothing any more', 'subscriptions'),
	kind('webhook:vanished', 'Webhook: Vanished', 'A webhook subscription of the workspace is gone, also because its workflow was unpublished', 'subscriptions'),
	kind('webhook:failing', 'Webhook: Failing', 'Several deliveries in a row to a webhook subscription of the workspace have failed', 'subscriptions'),
];

function kind(value: string, name: string, description: string, watcher: WatcherName): ChangeKind {
	return { value, name, description, watcher };
}

/** How many requests a poll may spend on what. */
export interface Budget {
	/** Pages of 50 chats. */
	chatPages: number;
	/** Histories of chats, in which the status of messages is seen. */
	histories: number;
	/** All requests of a poll at most, those not counted that have to be repeated. */
	total: number;
}

/** The fewest requests a poll can be limited to: enough for one of everything. */
export const fewestRequests = 4;

/** Shares the requests of a poll out. Files and subscriptions are one request each; chats and messages take what is left. */
export function budgetFor(events: string[], maxRequests: number): Budget {
	const wanted = new Set(changeKinds.filter(({ value }) => events.includes(value)).map(({ watcher }) => watcher));
	const fixed = Number(wanted.has('files')) + Number(wanted.has('subscriptions'));
	const rest = maxRequests - fixed;
	if (!wanted.has('chats') && !wanted.has('messages')) return { chatPages: 0, histories: 0, total: fixed };
	// The chats that have something new are seen in the list of chats as well.
	const histories = wanted.has('messages') ? Math.floor(rest / 2) : 0;
	return { chatPages: rest - histories, histories, total: maxRequests };
}
