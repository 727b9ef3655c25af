import type { IDataObject } from 'n8n-workflow';
import { apiField, apiValues } from '../../../shared/fields/apiFields';
import type { Operation } from '../../../shared/operation/types';
import { simplifyUser } from '../../output/simplify';
import { workspaceField, workspaceOf } from '../../fields/workspace';

const endpoint = 'POST /workspaces/{workspace_id}/users';

const count = apiField('integer', {
	displayName: 'Count',
	name: 'count',
	required: true,
	typeOptions: { minValue: 1, maxValue: 99 },
	default: 1,
	description: 'How many users to create: 1 to 99. Each takes a seat; when there are too few, none is created.',
});

export const create: Operation = {
	value: 'create',
	name: 'Create',
	action: 'Create users in a workspace',
	description: 'Create a number of placeholder users, who connect by QR code; one item comes out for each',
	endpoints: [endpoint],
	effect: 'send',
	fields: [workspaceField, count.property],
	simplify: ({ workspace_id: workspaceId, seats_available: seatsAvailable, ...user }) => ({ workspaceId, ...simplifyUser(user), seatsAvailable }),
	async execute(item) {
		const body = apiValues(item, [count]);
		const { users, ...workspace } = await item.call(endpoint, {
			ids: workspaceOf(item),
			body,
			hints: { unknown: 'It was not repeated, because that could create the users twice. Workspace: Get shows who is there.' },
		});
		return ((users ?? []) as IDataObject[]).map((user) => ({ ...workspace, ...user }));
	},
};
