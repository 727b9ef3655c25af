import type { Operation } from '../../../shared/operation/types';
import { notice } from '../../fields/notice';
import { workspaceField, workspaceOf } from '../../fields/workspace';
import { currentToken, simplifyToken, tokenName, tokenNotice } from './token';

const endpoint = 'POST /workspaces/{workspace_id}/api-token';

export const rotate: Operation = {
	value: 'rotate',
	name: 'Rotate',
	action: 'Rotate the API token of a workspace',
	description: 'Make a new Public API token for a workspace; the old one ends at once',
	endpoints: [endpoint, currentToken],
	effect: 'send',
	fields: [
		notice('Rotating destroys the current token at once: everything that uses it stops working until it has the new one, and webhook subscriptions may be lost. It cannot be undone.'),
		{ ...tokenNotice, name: 'tokenNotice' },
		workspaceField,
	],
	simplify: simplifyToken,
	async execute(item) {
		const ids = workspaceOf(item);
		const rotation = await item.call(endpoint, {
			ids,
			secrets: [tokenName],
			hints: { unknown: 'It was not repeated, because that would destroy a token that may be new. API Token: Get gives the one that is valid now.' },
		});
		// When n8n retries the node, the rotation is remembered, but not the token.
		return tokenName in rotation ? rotation : { ...(await item.call(currentToken, { ids })), ...rotation };
	},
};
