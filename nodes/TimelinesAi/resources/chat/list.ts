/** Pages of chats: for the operations, for finding a chat, and for the lists in the editor. */
import type { IDataObject } from 'n8n-workflow';
import { isoTime } from '../../../shared/output/formats';
import type { ApiRequest } from '../../../shared/transport/api';
import type { Endpoint } from '../../../shared/transport/endpoint';
import type { Identity, Page } from '../../../shared/transport/pages';

/** What can make a request: an item during an operation, or the API itself in the editor. */
export interface Caller {
	call(endpoint: Endpoint, request?: ApiRequest): Promise<IDataObject>;
}

/** One page of a list whose answer is `{[key]: [...], has_more_pages}`. */
export async function pageOf(caller: Caller, endpoint: Endpoint, key: string, request: ApiRequest): Promise<Page> {
	const { [key]: entries, has_more_pages: hasMore } = await caller.call(endpoint, request);
	return { entries: entries as IDataObject[], hasMore: hasMore === true };
}

/** One page of chats, newest activity first. */
export const chatsPage = async (caller: Caller, endpoint: Endpoint, query: IDataObject): Promise<Page> =>
	await pageOf(caller, endpoint, 'chats', { query });

/** The API lists chats by their latest message; those without any come last. */
export const chatIdentity: Identity = {
	idOf: (chat) => chat.id,
	timeOf: (chat) => Date.parse(isoTime(chat.last_message_timestamp) ?? '') || 0,
};
