import { apiValues } from '../../../shared/fields/apiFields';
import { collectionOf } from '../../../shared/fields/common';
import type { Operation } from '../../../shared/operation/types';
import { lookAt } from '../makers';
import { aTemplate, maxName, maxText, sharing, sharingOf, visibility } from './template';

const endpoint = 'POST /templates';

export const create: Operation = {
	value: 'create',
	name: 'Create',
	action: 'Create a template',
	description: 'Create a text template that teammates can send',
	endpoints: [endpoint],
	effect: 'send',
	fields: [
		{
			displayName: 'Name',
			name: 'name',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. Greeting',
			description: 'At most 160 characters. Several templates may have the same name.',
		},
		{
			displayName: 'Text',
			name: 'text',
			type: 'string',
			typeOptions: { rows: 4 },
			required: true,
			default: '',
			placeholder: 'e.g. Hello, thank you for writing! We answer from 9 to 17.',
			description: 'At most 4,096 characters',
		},
		collectionOf('options', [visibility.property, ...sharing]),
	],
	simplify: aTemplate.simplify,
	async execute(item) {
		const options = item.collection('options');
		const body = {
			name: item.text('name', { required: true, max: maxName }),
			text: item.text('text', { required: true, max: maxText }),
			...apiValues(options, [visibility]),
			...sharingOf(options),
		};
		return await item.call(endpoint, { body, hints: lookAt('Template: Get Many') });
	},
};
