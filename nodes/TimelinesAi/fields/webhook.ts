/** The field that chooses a webhook subscription. */
import { locator, typed } from '../../shared/fields/common';

export const webhookField = locator(
	{ displayName: 'Webhook', name: 'webhookId', required: true, description: 'A webhook subscription of the workspace' },
	'searchWebhooks',
	typed('By ID', 'id', 'e.g. 789456'),
);
