/** The token of a workspace in the output, and what to know about it. */
import type { Simplify } from '../../../shared/operation/types';
import { isoTime } from '../../../shared/output/formats';
import { notice } from '../../fields/notice';

export const currentToken = 'GET /workspaces/{workspace_id}/api-token';

/** The API's own name for it: n8n is told to mask it in the executions that it shows. */
export const tokenName = 'token';

export const tokenNotice = notice(
	'The output contains the API token in plain text. n8n stores output items with the execution: put the token into a credential or a vault, and set this workflow not to save its executions. An AI agent that has this node as a tool sees the token.',
);

export const simplifyToken: Simplify = ({ workspace_id: workspaceId, token, rotated_at: rotatedAt }) => ({
	workspaceId,
	token,
	...(rotatedAt !== undefined && { rotatedAt: isoTime(rotatedAt) }),
});
