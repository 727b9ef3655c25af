/**
 * What an answer holds at least. One without it is no answer of the API, whatever its status says: a gateway’s empty page, a body
 * cut short. A list that is missing is not an empty list, and a send without a UID may not have happened.
 */
import { isObject } from '../output/simplify';
import type { Endpoint } from './endpoint';

/** The list of objects that `data` holds under this name; under no name, `data` itself is the list. */
const lists: Record<string, Endpoint[]> = {
	'': ['GET /files', 'GET /webhooks', 'GET /messages/{message_uid}/status_history', 'GET /waba/messages/{message_uid}/status_history'],
	chats: ['GET /chats', 'GET /v2/chats', 'GET /waba/chats'],
	messages: ['GET /chats/{chat_id}/messages', 'GET /v2/chats/{chat_id}/messages', 'GET /waba/chats/{chat_id}/messages'],
	teammates: ['GET /workspace/teammates'],
	templates: ['GET /templates', 'GET /v2/templates', 'GET /waba/templates'],
	waba_accounts: ['GET /waba/accounts'],
	whatsapp_accounts: ['GET /whatsapp_accounts', 'GET /v2/whatsapp_accounts'],
};

/** The field that `data` has under this name. */
const fields: Record<string, Endpoint[]> = {
	handle: ['POST /waba/accounts/{account_id}/analytics', 'GET /waba/accounts/{account_id}/analytics/{handle_id}'],
	id: [
		...['GET', 'PATCH'].flatMap((method) => [`${method} /chats/{chat_id}`, `${method} /waba/chats/{chat_id}`, `${method} /templates/{template_id}`]),
		'POST /templates',
		'POST /webhooks',
		'GET /webhooks/{webhook_id}',
		'PUT /webhooks/{webhook_id}',
		'GET /waba/accounts/{account_id}',
		'GET /waba/templates/{template_id}',
	],
	labels: ['GET', 'POST', 'PUT'].flatMap((method) => [`${method} /chats/{chat_id}/labels`, `${method} /waba/chats/{chat_id}/labels`]),
	message_uid: [
		'POST /messages',
		'POST /messages/to_jid',
		'POST /chats/{chat_id}/messages',
		'POST /chats/{chat_id}/file_message',
		'POST /chats/{chat_id}/voice_message',
		'POST /chats/{chat_id}/notes',
	],
	total: ['GET /messages/{message_uid}/reactions', 'GET /waba/messages/{message_uid}/reactions'],
	uid: [
		'GET /messages/{message_uid}',
		'GET /waba/messages/{message_uid}',
		'POST /waba/messages',
		'POST /waba/chats/{chat_id}/messages',
		'GET /files/{file_uid}',
		'POST /files',
		'POST /files_upload',
	],
	user_id: ['GET /workspace/teammates/me', 'POST /workspace/invitations'],
	workspace_id: [
		'GET /workspace',
		// The Partner API.
		'POST /workspaces',
		'GET /workspaces/{workspace_id}',
		'PATCH /workspaces/{workspace_id}',
		'POST /workspaces/{workspace_id}/users',
		'POST /workspaces/{workspace_id}/users/{user_id}/qr',
		'POST /workspaces/{workspace_id}/users/{user_id}/whatsapp/disconnect',
		'GET /workspaces/{workspace_id}/api-token',
		'POST /workspaces/{workspace_id}/api-token',
	],
};

/** The specification makes their `data` optional: the envelope alone will do, but nothing less. */
const bareEnvelope = new Set<Endpoint>(['POST /chats/{chat_id}/notes']);

/** Each endpoint of a group, with what the group has. */
const byEndpoint = (groups: Record<string, Endpoint[]>): Map<Endpoint, string> =>
	new Map(Object.entries(groups).flatMap(([name, endpoints]) => endpoints.map((endpoint) => [endpoint, name] as const)));

const listOf = byEndpoint(lists);
const fieldOf = byEndpoint(fields);

/** Whether this can be the answer of an endpoint: its `data`, or the whole body where it has none. Those that are not listed here answer with nothing of interest. */
export function isAnswerOf(endpoint: Endpoint, data: unknown): boolean {
	const list = listOf.get(endpoint);
	if (list !== undefined) {
		const entries = list === '' ? data : isObject(data) && data[list];
		return Array.isArray(entries) && entries.every(isObject);
	}
	if (bareEnvelope.has(endpoint) && isObject(data) && data.status === 'ok') return true;
	const field = fieldOf.get(endpoint);
	return field === undefined || (isObject(data) && data[field] !== undefined && data[field] !== null && data[field] !== '');
}
