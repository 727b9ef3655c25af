import { apiField, apiValues } from '../../../shared/fields/apiFields';
import { collectionOf } from '../../../shared/fields/common';
import { wholeList } from '../makers';
import { aFile } from './file';

const filters = [
	apiField('text', {
		displayName: 'Filename',
		name: 'filename',
		placeholder: 'e.g. .pdf',
		description: 'Files whose name contains this, for example an extension; case does not matter',
	}),
];

export const getAll = wholeList({
	action: 'Get many files',
	description: 'Get the files that were uploaded to the workspace',
	endpoints: ['GET /files'],
	fields: [collectionOf('filters', filters.map(({ property }) => property))],
	simplify: aFile.simplify,
	read: async (item) => await item.call('GET /files', { query: apiValues(item.collection('filters'), filters) }),
});
