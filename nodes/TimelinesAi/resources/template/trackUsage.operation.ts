import { collectionOf } from '../../../shared/fields/common';
import type { Operation } from '../../../shared/operation/types';
import { idsOf, typedId } from '../makers';
import { aTemplate } from './template';

const endpoint = `POST ${aTemplate.path}/track_usage`;

export const trackUsage: Operation = {
	value: 'trackUsage',
	name: 'Track Usage',
	action: 'Track the usage of a template',
	description: 'Count one use of a template in the statistics of TimelinesAI',
	endpoints: [endpoint],
	effect: 'send',
	fields: [
		aTemplate.field,
		collectionOf('options', [
			{
				displayName: 'Origin',
				name: 'origin',
				type: 'string',
				default: '',
				placeholder: 'e.g. Chat View',
				description: 'Where the template was used, as the statistics show it',
			},
		]),
	],
	async execute(item) {
		const origin = item.collection('options').text('origin') || undefined;
		const ids = await idsOf(item, aTemplate);
		await item.call(endpoint, { ids, body: { origin }, hints: { unknown: 'The use may have been counted. It was not repeated, because that could count it twice.' } });
		return { templateId: typedId(aTemplate, ids), tracked: true };
	},
};
