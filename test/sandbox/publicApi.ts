/** The Public API: its contract, its handlers, its token and its envelope. */
import { type FastifyRequest } from 'fastify';
import { type ApiDefinition } from './api';
import { type Context, type PublicHandlers } from './context';
import { publicContract } from './contract';
import { ApiError } from './errors';
import { chatHandlers } from './handlers/chats';
import { fileHandlers } from './handlers/files';
import { messageHandlers } from './handlers/messages';
import { templateHandlers } from './handlers/templates';
import { wabaHandlers } from './handlers/waba';
import { webhookHandlers } from './handlers/webhooks';
import { workspaceHandlers } from './handlers/workspace';
import { type World } from './world';

export const PUBLIC_ROOT = '/integrations/api';

const handlers: PublicHandlers = {
	...chatHandlers,
	...messageHandlers,
	...fileHandlers,
	...webhookHandlers,
	...templateHandlers,
	...workspaceHandlers,
	...wabaHandlers,
};

/** @param context gives what the handlers work on, which a reset replaces. */
export function publicApi(context: () => Context): ApiDefinition<Context> {
	return {
		root: PUBLIC_ROOT,
		contract: publicContract,
		handlers,
		context,
		authorize: (request, route, breach) => authorize(context().world, request, route, breach),
		wrap: (data) => ({ status: 200, body: { status: 'ok', data } }),
		fail: (error) => {
			if (!(error instanceof ApiError)) return undefined;
			if (error.status === 401 && context().world.plainText401) return { status: 401, type: 'text/plain', body: 'Unauthorized' };
			return { status: error.status, headers: error.headers, body: error.body() };
		},
	};
}

function authorize(world: World, request: FastifyRequest, route: string, breach: (message: string) => void): void {
	const header = request.headers.authorization;
	const token = /^Bearer ([\x21-\x7e]+)$/.exec(header ?? '')?.[1];
	if (token === undefined) {
		breach(header === undefined ? 'there is no Authorization header' : 'the Authorization header is not "Bearer TOKEN"');
		throw new ApiError('missing_credentials', 'Authentication credentials were not provided');
	}
	if (token !== world.token) throw new ApiError('invalid_token', 'Access token is invalid');
	const denial = world.permissions.get(route) ?? world.permissions.get('*');
	if (denial) throw new ApiError(denial, DENIALS[denial] ?? 'You do not have permission to perform this action');
	if (world.apiCallsQuota.used >= world.apiCallsQuota.total) throw new ApiError('quota_exceeded', 'API calls quota exceeded');
	world.apiCallsQuota.used++;
}

const DENIALS: Partial<Record<string, string>> = {
	insufficient_scope: 'The token has not the scope that this request needs',
	plan_feature_unavailable: 'The Public API is not available on the current plan',
	member_not_found: 'The member of this token is no longer part of the workspace',
};
