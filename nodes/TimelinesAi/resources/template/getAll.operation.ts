import { collectionOf } from '../../../shared/fields/common';
import { wholeList } from '../makers';
import { aTemplate } from './template';

export const getAll = wholeList({
	action: 'Get many templates',
	description: 'Get the text templates that the teammate of the API token can see, the last changed first',
	endpoints: ['GET /templates', 'GET /v2/templates'],
	fields: [
		collectionOf('options', [
			{
				displayName: 'Include Rights and Attachment',
				name: 'includeRights',
				type: 'boolean',
				default: true,
				description: 'Whether to give if the teammate may edit and delete the template, and its attachment. This older form of the list has no team and no time of creation.',
			},
		]),
	],
	simplify: aTemplate.simplify,
	read: async (item) => {
		const endpoint = item.collection('options').flag('includeRights') ? 'GET /v2/templates' : 'GET /templates';
		return (await item.call(endpoint)).templates;
	},
});
