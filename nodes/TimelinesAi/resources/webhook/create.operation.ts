import { apiValues } from '../../../shared/fields/apiFields';
import type { Operation } from '../../../shared/operation/types';
import { aWebhook, checkUrl, enabled, eventType, notice, url } from './webhook';

const endpoint = 'POST /webhooks';
const event = { ...eventType, property: { ...eventType.property, required: true } };
const fields = [event, url, enabled];

export const create: Operation = {
	value: 'create',
	name: 'Create',
	action: 'Create a webhook',
	description: 'Let TimelinesAI tell a URL of an event. For the same event and URL it gives the webhook that exists, enabled again.',
	endpoints: [endpoint],
	effect: 'write',
	fields: [notice, event.property, { ...url.property, required: true }, enabled.property],
	simplify: aWebhook.simplify,
	async execute(item) {
		item.text('url', { required: true });
		const body = apiValues(item, fields);
		checkUrl(item, body.url);
		return await item.call(endpoint, { body });
	},
};
