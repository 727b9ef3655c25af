/** The fields of a workspace: which one, its name, its seats. */
import type { INodeProperties } from 'n8n-workflow';
import { apiField } from '../../shared/fields/apiFields';
import { typed } from '../../shared/fields/common';
import type { Item } from '../../shared/operation/item';
import type { Ids } from '../../shared/transport/endpoint';

/** Chooses a workspace. The Partner API has no list of them. */
export const workspaceField: INodeProperties = {
	displayName: 'Workspace',
	name: 'workspaceId',
	type: 'resourceLocator',
	required: true,
	default: { mode: 'id', value: '' },
	description: 'The workspace. Workspace: Create and the partner trigger give its ID as workspaceId.',
	modes: [typed('By ID', 'id', 'e.g. my-first-workspace')],
};

/** The ID of the workspace that the user chose, for the path of a request. */
export function workspaceOf(item: Item): Ids {
	const { value } = item.locator(workspaceField.name);
	if (value === '') throw item.error('No workspace is chosen', 'Take workspaceId from Workspace: Create or from the partner trigger.');
	return { workspace_id: value };
}

export const displayNameField = apiField(
	'text',
	{
		displayName: 'Display Name',
		name: 'displayName',
		placeholder: 'e.g. my-first-workspace',
		description: 'The name of the workspace: letters, digits and dashes, at most 100 characters',
	},
	100,
);

export const seatsField = apiField('integer', {
	displayName: 'Seats Purchased',
	name: 'seatsPurchased',
	typeOptions: { minValue: 1, maxValue: 999 },
	default: 1,
	description: 'How many users the workspace may have, its owner included: 1 to 999',
});
