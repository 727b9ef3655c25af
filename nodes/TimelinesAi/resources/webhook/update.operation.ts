import { collectionOf } from '../../../shared/fields/common';
import { changeOne, updatesOf } from '../makers';
import { aWebhook, checkUrl, enabled, eventType, notice, url } from './webhook';

const fields = [eventType, url, enabled];

export const update = changeOne(
	aWebhook,
	'PUT',
	{
		value: 'update',
		name: 'Update',
		action: 'Update a webhook',
		description: 'Change the event or URL of a webhook, or pause it; what is not set stays as it is',
	},
	[notice, collectionOf('updateFields', fields.map(({ property }) => property))],
	(item) => {
		const changes = updatesOf(item, fields);
		checkUrl(item, changes.url);
		return changes;
	},
);
