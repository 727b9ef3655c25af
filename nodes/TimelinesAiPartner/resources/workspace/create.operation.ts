import { apiValues } from '../../../shared/fields/apiFields';
import type { Operation } from '../../../shared/operation/types';
import { simplifyWorkspace } from '../../output/simplify';
import { displayNameField, seatsField } from '../../fields/workspace';

const endpoint = 'POST /workspaces';

const fields = [displayNameField, seatsField].map((field) => ({ ...field, property: { ...field.property, required: true } }));

export const create: Operation = {
	value: 'create',
	name: 'Create',
	action: 'Create a workspace',
	description: 'Create a workspace with its owner for a customer; its ID is made from its name',
	endpoints: [endpoint],
	effect: 'send',
	fields: fields.map(({ property }) => property),
	simplify: simplifyWorkspace,
	async execute(item) {
		return await item.call(endpoint, {
			body: apiValues(item, fields),
			hints: { unknown: 'It was not repeated, because that could create it twice. Workspace: Get shows whether it is there: its ID is the name in lower case, with dashes.' },
		});
	},
};
