/** From an endpoint as the API writes it and the ids of an item to the path of a request. */
import type { IHttpRequestMethods } from 'n8n-workflow';

/** `GET /chats/{chat_id}/messages`: the method, a blank, the path below the root of the API. */
export type Endpoint = string;

/** What is put into the braces of an endpoint. */
export type Ids = Record<string, string | number>;

/** An id that no path can be built from. The message names it in the words of the panel. */
export class InvalidIdError extends Error {}

/**
 * Puts ids into an endpoint. Whatever could lead to another endpoint (a slash, a dot alone, an empty id) is refused, not encoded
 * away: an id never contains it, so it is a mistake that the user should hear of.
 *
 * @throws InvalidIdError
 */
export function resolveEndpoint(endpoint: Endpoint, ids: Ids = {}): { method: IHttpRequestMethods; path: string } {
	const [method, template] = endpoint.split(' ') as [IHttpRequestMethods, string];
	const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
		const id = String(ids[name] ?? '');
		const pattern = name.endsWith('_uid') || textIds.has(name) ? uid : number;
		if (!pattern.test(id)) throw new InvalidIdError(explain(name, id, pattern));
		return encodeURIComponent(id);
	});
	return { method, path };
}

/** Ids that are words, though they are not called UIDs. */
const textIds = new Set(['handle_id', 'workspace_id']);

const number = /^\d{1,19}$/;
const uid = /^[\w-]{1,128}$/;

function explain(name: string, id: string, pattern: RegExp): string {
	const label = name.replace(/_/g, ' ').replace(/\b(id|uid)\b/, (word) => word.toUpperCase());
	if (id === '') return `The ${label} is empty`;
	const shape = pattern === number ? 'a whole number' : 'letters, digits, dashes and underscores only';
	return `“${id.slice(0, 80)}” is not a valid ${label}: it must be ${shape}`;
}
