import type { IDataObject } from 'n8n-workflow';
import type { Operation } from '../../../shared/operation/types';
import { isoTime, left } from '../../../shared/output/formats';

export const get: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get the workspace',
	description: 'Get the plan of the workspace and what is left of its quotas for messages, API calls and seats',
	endpoints: ['GET /workspace'],
	effect: 'read',
	fields: [],
	simplify: (workspace) => ({
		workspaceId: workspace.workspace_id,
		name: workspace.display_name,
		plan: workspace.plan,
		messagesLeft: left(workspace.messaging_quota),
		apiCallsLeft: left(workspace.api_calls_quota),
		seatsLeft: left(workspace.seats),
		extraMessagesLeft: ((workspace.non_recurring_quota ?? {}) as IDataObject).remaining_balance ?? null,
		renewedAt: isoTime(((workspace.messaging_quota ?? {}) as IDataObject).period_end),
	}),
	async execute(item) {
		return await item.call('GET /workspace');
	},
};
