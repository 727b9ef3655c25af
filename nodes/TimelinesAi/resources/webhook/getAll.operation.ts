import { wholeList } from '../makers';
import { aWebhook } from './webhook';

export const getAll = wholeList({
	action: 'Get many webhooks',
	description: 'Get the webhooks of the workspace, those of the trigger included',
	endpoints: ['GET /webhooks'],
	simplify: aWebhook.simplify,
	read: async (item) => await item.call('GET /webhooks'),
});
