/**
 * The subscriptions of a trigger at TimelinesAI, one for each event: made when n8n activates the workflow or listens for a test
 * event, removed when it stops.
 *
 * A subscription belongs to this trigger when its URL is the one of this node's webhook with a secret in it. That is looked up at
 * TimelinesAI each time and does not rely on what n8n has stored, because n8n can end between the two. So it does not matter where
 * an earlier activation broke off, and nothing that somebody else made is touched: the path of a webhook is unique to its node, and
 * production and test listening have different ones.
 */
import { NodeOperationError, type NodeApiError, type IDataObject, type IHookFunctions } from 'n8n-workflow';
import { announceSecret, forgetSecret, isOwnUrl, newSecret, withoutQuery, withSecret } from '../shared/trigger/secret';
import { forget } from '../shared/trigger/seen';
import { Api } from '../shared/transport/api';
import { errorCodeOf, statusOf } from '../shared/transport/errors';
import { interactivePatience } from '../shared/transport/retry';
import { eventOf } from './events';

/** A subscription as the API shows it. */
export interface Subscription {
	id: number;
	event_type: string;
	enabled: boolean;
	url: string;
	/** Failed deliveries since the last successful one. */
	errors_counter: number;
}

/** A workspace has so many subscriptions, unless it bought more. */
export const defaultLimit = 10;

/** All subscriptions of the workspace, whoever made them. */
export const allSubscriptions = async (api: Api): Promise<Subscription[]> =>
	(await api.call('GET /webhooks')) as unknown as Subscription[];

/** Whether TimelinesAI has exactly the subscriptions that this trigger wants, all of them enabled. */
export async function checkExists(this: IHookFunctions): Promise<boolean> {
	const trigger = new Trigger(this);
	const own = await trigger.own();
	const missing = trigger.events.filter((event) => !own.some((one) => trigger.wants(one) && one.enabled && one.event_type === event));
	return missing.length === 0 && own.every((one) => trigger.wants(one));
}

/**
 * Makes the subscriptions that are missing, enables those that are disabled and removes those that are no longer wanted. All or
 * nothing: when one fails, all go again.
 */
export async function create(this: IHookFunctions): Promise<boolean> {
	const trigger = new Trigger(this);
	if (trigger.events.length === 0) {
		throw new NodeOperationError(this.getNode(), 'No event is chosen', { description: 'Choose at least one under Trigger On.' });
	}
	try {
		await trigger.subscribe();
	} catch (error) {
		const reason = await trigger.explain(error);
		const left = await trigger.remove();
		const [message, description] = [reason.message, reason.description].map((text) => trigger.redact(text ?? ''));
		throw new NodeOperationError(this.getNode(), [message, ...left.map(sentenceOnLeftover)].join('. '), { description });
	}
	return true;
}

/** Removes all subscriptions of this trigger. What is gone already is fine. */
export async function remove(this: IHookFunctions): Promise<boolean> {
	const trigger = new Trigger(this);
	const left = await trigger.remove();
	if (left.length > 0) {
		throw new NodeOperationError(this.getNode(), left.map(sentenceOnLeftover).join('. '), {
			description: 'Remove them in TimelinesAI under Integrations, Webhooks, or publish and unpublish this workflow again.',
		});
	}
	return true;
}

/** Something that could not be removed, and why. */
interface Leftover {
	/** `message:new (789456)`, or all that n8n remembers. */
	what: string;
	reason: string;
}

const sentenceOnLeftover = ({ what, reason }: Leftover): string => `The subscription ${what} could not be removed from TimelinesAI: ${reason}`;

/** One trigger node, in production or listening for a test event, and its subscriptions. */
class Trigger {
	readonly events: string[];

	private readonly api: Api;
	/** The webhook of this node, without the secret. */
	private readonly url: string;
	/** Survives in the database of n8n: `secret`, and `subscriptions` (ids by event) for messages about them. */
	private readonly stored: IDataObject;

	constructor(private readonly functions: IHookFunctions) {
		this.api = new Api(functions, 'timelinesAiApi', interactivePatience);
		this.url = functions.getNodeWebhookUrl('default') as string;
		this.stored = functions.getWorkflowStaticData('node');
		this.events = [functions.getNodeParameter('events', [])].flat().map(String);
	}

	async own(): Promise<Subscription[]> {
		return (await allSubscriptions(this.api)).filter(({ url }) => isOwnUrl(url, this.url));
	}

	/** Whether a subscription of this trigger is one that it still wants. */
	wants({ url, event_type: event }: Subscription): boolean {
		return this.events.includes(event) && typeof this.stored.secret === 'string' && url === withSecret(this.url, this.stored.secret);
	}

	async subscribe(): Promise<void> {
		const unknown = this.events.find((event) => !eventOf({ event_type: event }));
		if (unknown !== undefined) throw new NodeOperationError(this.functions.getNode(), `There is no event “${unknown}”`);

		// The secret stays for as long as n8n keeps it: a delivery that was under way while the workflow was published again can save
		// the static data it had read before, which must not bring back a secret that is no longer the right one.
		this.stored.secret ??= newSecret();
		const secret = String(this.stored.secret);
		announceSecret(this.url, secret);

		// What is not wanted goes first: it may hold the slots that the others need.
		for (const { id } of (await this.own()).filter((one) => !this.wants(one))) await this.unsubscribe(id);
		const ids: IDataObject = {};
		for (const event of this.events) {
			// Idempotent: gives the one that exists, enables it, or restores it.
			const { id } = await this.api.call('POST /webhooks', { body: { event_type: event, url: withSecret(this.url, secret) } });
			ids[event] = id;
		}
		this.stored.subscriptions = ids;
	}

	/** Removes all subscriptions of this trigger and gives those that are still there. */
	async remove(): Promise<Leftover[]> {
		const left: Leftover[] = [];
		try {
			for (const { id, event_type: event } of await this.own()) {
				try {
					await this.unsubscribe(id);
				} catch (error) {
					left.push({ what: `${id} (${event})`, reason: (error as Error).message });
				}
			}
		} catch (error) {
			const known = Object.entries((this.stored.subscriptions ?? {}) as IDataObject).map(([event, id]) => `${String(id)} (${event})`);
			if (known.length > 0) left.push({ what: known.join(', '), reason: (error as Error).message });
			else throw error as NodeApiError;
		}
		forget(String(this.stored.secret));
		forgetSecret(this.url);
		if (left.length === 0) delete this.stored.subscriptions;
		return left;
	}

	/** Why TimelinesAI took no subscription, with what a user needs to change it. */
	async explain(error: unknown): Promise<{ message: string; description?: string | null }> {
		const { message, description } = error as NodeOperationError;
		const refused = (statusOf(error) ?? 0) >= 400 && ![401, 403, 404].includes(statusOf(error) ?? 0) && errorCodeOf(error) !== 'rate_limit_exceeded';
		if (!refused || (statusOf(error) ?? 0) >= 500) return { message, description };
		if (!isPublicHttps(this.url)) {
			return {
				message: `TimelinesAI cannot reach this n8n at ${this.url}: it takes only public HTTPS addresses (${message})`,
				description: 'Set the environment variable WEBHOOK_URL of n8n to its public address, restart n8n and publish the workflow again.',
			};
		}
		const others = (await allSubscriptions(this.api)).filter(({ url }) => !isOwnUrl(url, this.url));
		if (!/limit|quota|maximum/i.test(message) && others.length + this.events.length <= defaultLimit) return { message, description };
		const holders = others.map(({ event_type: event, url }) => `${event} → ${withoutQuery(url)}`);
		return {
			message: `${message}. This trigger needs ${this.events.length}, and ${others.length} are in use by others: ${holders.join(', ')}`,
			description: 'Remove subscriptions that are no longer used in TimelinesAI under Integrations, Webhooks, choose fewer events, or ask TimelinesAI for more.',
		};
	}

	/** An answer of the API can repeat the URL; the secret in it does not belong into messages. */
	redact(text: string): string {
		return typeof this.stored.secret === 'string' ? text.replaceAll(this.stored.secret, '***') : text;
	}

	private async unsubscribe(id: number): Promise<void> {
		try {
			await this.api.call('DELETE /webhooks/{webhook_id}', { ids: { webhook_id: id } });
		} catch (error) {
			if (statusOf(error) !== 404) throw error as NodeApiError;
		}
	}
}

/** Whether TimelinesAI could reach a URL, as far as it can be seen from here. */
function isPublicHttps(url: string): boolean {
	const { protocol, hostname } = new URL(url);
	return protocol === 'https:' && hostname.includes('.') && !/^(127|10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\.|\.(local|internal|localhost|lan)$/.test(hostname);
}
