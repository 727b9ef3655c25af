import { apiField } from '../../../shared/fields/apiFields';
import { collectionOf } from '../../../shared/fields/common';
import { changeOne, updatesOf } from '../makers';
import { aTemplate, maxName, maxText, sharing, sharingOf, visibility } from './template';

const fields = [
	apiField('text', { displayName: 'Name', name: 'name', description: 'At most 160 characters' }, maxName),
	apiField('text', { displayName: 'Text', name: 'text', typeOptions: { rows: 4 }, description: 'At most 4,096 characters' }, maxText),
	visibility,
];

export const update = changeOne(
	aTemplate,
	'PATCH',
	{
		value: 'update',
		name: 'Update',
		action: 'Update a template',
		description: 'Change the name, text, visibility or team of a template; what is not set stays as it is',
	},
	[collectionOf('updateFields', [...fields.map(({ property }) => property), ...sharing])],
	(item) => updatesOf(item, fields, sharingOf(item.collection('updateFields'))),
);
