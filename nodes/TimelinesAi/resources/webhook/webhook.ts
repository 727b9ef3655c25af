/** A webhook subscription: what it is to the operations that many resources have, and the fields that say what it is like. */
import type { INodeProperties } from 'n8n-workflow';
import { apiField } from '../../../shared/fields/apiFields';
import type { Item } from '../../../shared/operation/item';
import type { Simplify } from '../../../shared/operation/types';
import { events } from '../../../TimelinesAiTrigger/events';
import { webhookField } from '../../fields/webhook';
import type { Thing } from '../makers';

const simplify: Simplify = (webhook) => ({
	webhookId: webhook.id,
	eventType: webhook.event_type,
	url: webhook.url,
	enabled: webhook.enabled,
	errorsCounter: webhook.errors_counter,
});

export const aWebhook: Thing = { noun: 'webhook', path: '/webhooks/{webhook_id}', field: webhookField, simplify };

/** The trigger node makes its own subscriptions: who changes them here breaks it. */
export const notice: INodeProperties = {
	displayName: 'The TimelinesAI Trigger manages its own webhooks: it creates them when the workflow is published and deletes them afterwards. Use this only for other receivers, and leave the webhooks of the trigger alone.',
	name: 'webhookNotice',
	type: 'notice',
	default: '',
};

export const eventType = apiField('text', {
	displayName: 'Event',
	name: 'eventType',
	type: 'options',
	options: events.map(({ name, value, description }) => ({ name, value, description })).sort((a, b) => a.name.localeCompare(b.name)),
	default: 'message:received:new',
	description: 'What TimelinesAI tells the receiver of',
});

const maxUrl = 4096;

export const url = apiField(
	'text',
	{
		displayName: 'URL',
		name: 'url',
		placeholder: 'e.g. https://acme.com/timelines',
		description: 'The receiver: a public address that starts with https://. A workspace has 10 webhooks by default, each for one event.',
	},
	maxUrl,
);

export const enabled = apiField('flag', {
	displayName: 'Enabled',
	name: 'enabled',
	description: 'Whether events are delivered; off pauses them',
});

/** Refuses what is no web address; whether it is public only the API can tell. */
export function checkUrl(item: Item, address: unknown): void {
	if (address === undefined || (URL.canParse(String(address)) && /^https?:\/\//i.test(String(address)))) return;
	throw item.error(`“${String(address).slice(0, 200)}” is not a URL`, 'Give the public address of the receiver; it starts with https://.');
}
