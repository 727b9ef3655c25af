import { apiValues } from '../../../shared/fields/apiFields';
import { collectionOf } from '../../../shared/fields/common';
import type { Operation } from '../../../shared/operation/types';
import { notice } from '../../fields/notice';
import { displayNameField, seatsField, workspaceField, workspaceOf } from '../../fields/workspace';
import { simplifyWorkspace } from '../../output/simplify';

const endpoint = 'PATCH /workspaces/{workspace_id}';
const fields = [displayNameField, seatsField];

export const update: Operation = {
	value: 'update',
	name: 'Update',
	action: 'Update a workspace',
	description: 'Change the name or the seats of a workspace; what is not set stays as it is',
	endpoints: [endpoint],
	effect: 'write',
	fields: [
		notice('If there are fewer seats than users, TimelinesAI suspends users and disconnects their WhatsApp accounts. The output names them as suspendedMembers.'),
		workspaceField,
		collectionOf('updateFields', fields.map(({ property }) => property)),
	],
	simplify: simplifyWorkspace,
	async execute(item) {
		const body = apiValues(item.collection('updateFields'), fields);
		if (Object.keys(body).length === 0) throw item.error('Nothing to update', 'Add at least one field with a value under Update Fields.');
		return await item.call(endpoint, { ids: workspaceOf(item), body });
	},
};
