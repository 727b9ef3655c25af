/** The changes that no webhook reports, as data: what the panel offers, and who finds them. */

/** Who finds a change: each looks at one kind of thing, and costs requests of its own. */
export type WatcherName = 'chats' | 'files' | 'messages' | 'subscriptions';

/** A kind of change. */
export interface ChangeKind {
	value: string;
	name: string;
	description: string;
	watcher: WatcherName;
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
