import { collectionOf } from '../../../shared/fields/common';
import type { Operation } from '../../../shared/operation/types';
import { entriesOf, entryKinds, simplifyWorkspaceDetails } from '../../output/simplify';
import { workspaceField, workspaceOf } from '../../fields/workspace';

const endpoint = 'GET /workspaces/{workspace_id}';

export const get: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get a workspace',
	description: 'Get the seats and quotas of a workspace, with its users, WhatsApp accounts and QR links',
	endpoints: [endpoint],
	effect: 'read',
	fields: [
		workspaceField,
		collectionOf('options', [
			{
				displayName: 'Split Into Items',
				name: 'split',
				type: 'multiOptions',
				options: entryKinds.map(({ list, name }) => ({ name, value: list })),
				default: ['users'],
				description: 'Gives each of these as an item of its own, with its type and workspaceId, in place of one item for the workspace',
			},
		]),
	],
	simplify: simplifyWorkspaceDetails,
	async execute(item) {
		const options = item.collection('options');
		const wanted = options.list('split').map((list) => {
			const kind = entryKinds.find((one) => one.list === list);
			if (kind) return kind;
			throw options.error(`“Split Into Items” must consist of: ${entryKinds.map((one) => one.list).join(', ')}`);
		});
		const workspace = await item.call(endpoint, { ids: workspaceOf(item) });
		return wanted.length === 0 ? workspace : wanted.flatMap((kind) => entriesOf(workspace, kind));
	},
};
