/** The field that chooses a user of a workspace. */
import type { INodeProperties } from 'n8n-workflow';
import { locator, typed } from '../../shared/fields/common';
import type { Item } from '../../shared/operation/item';
import type { Ids } from '../../shared/transport/endpoint';
import { workspaceField, workspaceOf } from './workspace';

/** Choosing a user takes both: the list shows the users of the workspace above. */
export const userFields: INodeProperties[] = [
	workspaceField,
	{
		...locator(
			{
				displayName: 'User',
				name: 'userId',
				required: true,
				description: 'A user of the workspace. User: Create and Workspace: Get give the ID as userId.',
			},
			'searchUsers',
			typed('By ID', 'id', 'e.g. 42'),
		),
		typeOptions: { loadOptionsDependsOn: [`${workspaceField.name}.value`] },
	},
];

/** The IDs of the user that was chosen and of the workspace, for the path of a request. */
export function userOf(item: Item): Ids {
	const { value } = item.locator('userId');
	if (value === '') throw item.error('No user is chosen', 'Choose one from the list, or take userId from User: Create.');
	return { ...workspaceOf(item), user_id: value };
}
