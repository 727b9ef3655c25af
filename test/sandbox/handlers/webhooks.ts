/** Webhook subscriptions: at most ten, each for one event; creating one is idempotent on event and URL. */
import { Reply } from '../api';
import { type Context, type PublicHandlers } from '../context';
import { isLoopback } from '../deliveries';
import { invalid, notFound } from '../errors';
import { type Webhook } from '../world';

export const webhookHandlers = {
	'GET /webhooks': (_call, { world, views }) => world.subscriptions().map((webhook) => views.webhook(webhook)),
	'POST /webhooks': ({ body }, context) => {
		const { world, views } = context;
		const { event_type: eventType, url, enabled = true } = body;
		checkUrl(url, context);
		const known = [...world.webhooks.values()].find((webhook) => webhook.eventType === eventType && webhook.url === url);
		if ((!known || known.deleted) && world.subscriptions().length >= world.subscriptionLimit) {
			throw invalid(`The limit of ${world.subscriptionLimit} webhooks per workspace is reached`);
		}
		if (known) Object.assign(known, { deleted: false, enabled: true });
		return views.webhook(known ?? world.addWebhook({ eventType, url, enabled }));
	},
	'GET /webhooks/{webhook_id}': ({ params }, context) => context.views.webhook(webhookOf(params, context)),
	'PUT /webhooks/{webhook_id}': ({ params, body }, context) => {
		const webhook = webhookOf(params, context);
		const { event_type: eventType = webhook.eventType, url = webhook.url, enabled = webhook.enabled } = body;
		if (body.url !== undefined) checkUrl(body.url, context);
		Object.assign(webhook, { eventType, url, enabled });
		return context.views.webhook(webhook);
	},
	'DELETE /webhooks/{webhook_id}': ({ params }, context) => {
		webhookOf(params, context).deleted = true;
		return new Reply({ status: 200 });
	},
} satisfies Partial<PublicHandlers>;

function webhookOf(params: Record<string, string>, { world }: Context): Webhook {
	const webhook = world.webhooks.get(Number(params.webhook_id));
	if (!webhook || webhook.deleted) throw notFound('Webhook');
	return webhook;
}

/** A URL has to be public HTTPS; a sandbox that is used on one machine accepts plain HTTP on loopback too. */
function checkUrl(url: string, { webhookUrls }: Context): void {
	if (isPublic(url) || (webhookUrls === 'loopback' && isLoopback(url))) return;
	throw invalid('Validation error', [{ fields: ['url'], msg: 'URL must be a publicly accessible HTTPS address' }]);
}

function isPublic(url: string): boolean {
	if (!URL.canParse(url)) return false;
	const { protocol, hostname, username, password } = new URL(url);
	if (protocol !== 'https:' || username || password) return false;
	return hostname.includes('.') && !/\.(local|internal|localhost|lan|test|invalid)$/.test(hostname) && !/^(127|10|0|169\.254|192\.168|172\.(1[6-9]|2\d|3[01]))\./.test(hostname);
}
