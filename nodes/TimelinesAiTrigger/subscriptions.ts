/**
 * The subscriptions of a trigger at TimelinesAI, one for each event: made when n8n activates the workflow or listens for a test
 * event, removed when it stops.
 *
 * A subscription belongs to this trigger when its URL is the one of this node's webhook with a secret in it. That is looked up at
 * TimelinesAI each time and does not rely on what n8n has stored, because n8n can end between the two. So it does not matter where
 * an earlier activation broke off, and nothing that somebody else made is touched: the path of a webhook is unique to its node, and
 * production and test listening have different ones.
 */
import { NodeOperationError, type IDataObject, type IHookFunctions } from 'n8n-workflow';
import { Parameters } from '../shared/operation/parameters';
import { Api } from '../shared/transport/api';
import { errorCodeOf, statusOf } from '../shared/transport/errors';
import { interactivePatience } from '../shared/transport/retry';
import { announceSecret, forgetSecret, isOwnUrl, newSecret, withoutQuery, withSecret } from '../shared/trigger/secret';
import { eventOf, type TriggerEvent } from './events';
import { readFilter } from './filters';
import { deliverSample, sampleOf } from './samples';

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

/**
 * Whether TimelinesAI has exactly the subscriptions that this trigger wants, all of them enabled.
 *
 * @throws NodeOperationError whose message alone says what to do; n8n shows it and tries again after a while
 */
export async function checkExists(this: IHookFunctions): Promise<boolean> {
	const trigger = new Trigger(this);
	trigger.validate();
	// A sample needs no subscription, and `create` is what sends it.
	if (trigger.sample) return false;
	try {
		return await trigger.isSubscribed();
	} catch (error) {
		throw await trigger.failure(error);
	}
}

/**
 * Makes the subscriptions that are missing, enables those that are disabled and removes those that are no longer wanted. All or
 * nothing: when one fails, all go again.
 *
 * @throws NodeOperationError as {@link checkExists} does
 */
export async function create(this: IHookFunctions): Promise<boolean> {
	const trigger = new Trigger(this);
	trigger.validate();
	if (trigger.sample) {
		trigger.sendSample(trigger.sample);
		return true;
	}
	try {
		await trigger.subscribe();
	} catch (error) {
		const { left } = await trigger.unsubscribe();
		throw await trigger.failure(error, left);
	}
	return true;
}

/**
 * Removes all subscriptions of this trigger. What is gone already is fine.
 *
 * @throws NodeOperationError which names what could not be removed; n8n logs it
 */
export async function remove(this: IHookFunctions): Promise<boolean> {
	const trigger = new Trigger(this);
	if (!trigger.hasSentSample) {
		const { left, problem } = await trigger.unsubscribe();
		const sentences = [...(problem ? [`The subscriptions of this trigger could not be looked up: ${problem.message}.`] : []), ...left.map(sentenceOn)];
		if (sentences.length > 0) {
			throw new NodeOperationError(this.getNode(), trigger.redact(sentences.join(' ')), {
				description: 'Remove them in TimelinesAI under Integrations, Webhooks. They are removed as well when this workflow is published or unpublished again.',
			});
		}
	}
	trigger.forget();
	return true;
}

/** A subscription that could not be removed, and why, where it is not the reason for all of them. */
interface Leftover {
	id: number;
	event: string;
	reason?: string;
}

const sentenceOn = ({ id, event, reason }: Leftover): string =>
	`The subscription ${id} (${event}) is still at TimelinesAI${reason ? `: ${reason}` : ''}.`;

/** One trigger node, in production or listening for a test event, and its subscriptions. */
class Trigger {
	private readonly parameters: Parameters;
	private readonly events: string[];
	private readonly api: Api;
	/** The webhook of this node, without the secret. */
	private readonly url: string;
	/** Survives in the database of n8n: `secret`; `subscriptions`, ids by event, for messages about them; `sample`. */
	private readonly stored: IDataObject;

	constructor(private readonly functions: IHookFunctions) {
		this.parameters = new Parameters((name) => functions.getNodeParameter(name, null), { node: functions.getNode() });
		this.events = [...new Set(this.parameters.list('events'))];
		this.api = new Api(functions, 'timelinesAiApi', interactivePatience);
		this.url = functions.getNodeWebhookUrl('default') as string;
		this.stored = functions.getWorkflowStaticData('node');
	}

	/** What is wrong with the panel should be heard of now, and not when the first event comes, or never. */
	validate(): void {
		if (this.events.length === 0) throw this.parameters.error('No event is chosen under “Trigger On”', 'Choose at least one.');
		const unknown = this.events.find((event) => !eventOf({ event_type: event }));
		if (unknown !== undefined) throw this.parameters.error(`There is no event “${unknown}”`, 'Choose events from the list under “Trigger On”.');
		readFilter(this.parameters);
	}

	async isSubscribed(): Promise<boolean> {
		const own = await this.own();
		const enabled = new Set(own.filter((one) => one.enabled).map(({ event_type: event }) => event));
		return own.every((one) => this.wants(one)) && this.events.every((event) => enabled.has(event));
	}

	async subscribe(): Promise<void> {
		// The secret stays for as long as n8n keeps it: a delivery that was under way while the workflow was published again can save
		// the static data it had read before, which must not bring back a secret that is no longer the right one.
		this.stored.secret ??= newSecret();
		const secret = String(this.stored.secret);
		announceSecret(this.url, secret);

		// What is not wanted goes first: it may hold the slots that the others need.
		for (const { id } of (await this.own()).filter((one) => !this.wants(one))) await this.deleteOne(id);
		this.stored.subscriptions = {};
		for (const event of this.events) {
			// Idempotent: gives the one that exists, enables it, or restores it.
			const { id } = await this.api.call('POST /webhooks', { body: { event_type: event, url: withSecret(this.url, secret) } });
			this.stored.subscriptions = { ...(this.stored.subscriptions as IDataObject), [event]: id };
		}
	}

	/** Removes all subscriptions of this trigger. Gives those that are still there, and why they could not even be looked up. */
	async unsubscribe(): Promise<{ left: Leftover[]; problem?: Error }> {
		let own: Subscription[];
		try {
			own = await this.own();
		} catch (error) {
			const known = Object.entries((this.stored.subscriptions ?? {}) as IDataObject);
			return { left: known.map(([event, id]) => ({ event, id: Number(id) })), problem: error as Error };
		}
		const left: Leftover[] = [];
		for (const { id, event_type: event } of own) {
			try {
				await this.deleteOne(id);
			} catch (error) {
				left.push({ id, event, reason: (error as Error).message });
			}
		}
		this.stored.subscriptions = Object.fromEntries(left.map(({ event, id }) => [event, id]));
		return { left };
	}

	/** The event that the user wants a sample of, where the editor listens for a test event. */
	get sample(): TriggerEvent | undefined {
		if (this.functions.getMode() !== 'manual') return undefined;
		return eventOf({ event_type: this.parameters.collection('options').text('sample') });
	}

	get hasSentSample(): boolean {
		return this.stored.sample === true;
	}

	/** Sends the sample to the test webhook, once n8n listens there. */
	sendSample(event: TriggerEvent): void {
		this.stored.secret = newSecret();
		this.stored.sample = true;
		void deliverSample(this.functions, withSecret(this.url, this.stored.secret), sampleOf(event));
	}

	/** Drops the secret that this process keeps for the trigger; what n8n has stored stays. */
	forget(): void {
		forgetSecret(this.url);
	}

	/** The error to show when the subscriptions could not be made. */
	async failure(cause: unknown, left: Leftover[] = []): Promise<NodeOperationError> {
		const sentences = [await this.explain(cause), ...left.map(sentenceOn)];
		return new NodeOperationError(this.functions.getNode(), this.redact(sentences.join(' ')));
	}

	/** Why TimelinesAI took no subscription, and what to do about it. */
	private async explain(error: unknown): Promise<string> {
		const { message, description } = error as NodeOperationError;
		const plain = [message, description].filter(Boolean).join('. ').replace(/\.?$/, '.');
		const status = statusOf(error) ?? 0;
		const isRefusal = status >= 400 && status < 500 && ![401, 403, 404].includes(status) && errorCodeOf(error) !== 'rate_limit_exceeded';
		if (!isRefusal) return plain;
		const namesLimit = /limit|quota|maximum/i.test(message);
		if (!namesLimit && !isPublicHttps(this.url)) {
			return `TimelinesAI cannot reach this n8n at ${this.url}: it takes only public HTTPS addresses. Set the environment variable WEBHOOK_URL of n8n to its public address, restart n8n and publish again. ${plain}`;
		}
		const others = await this.holders();
		if (!namesLimit && others.length + this.events.length <= defaultLimit) return plain;
		return `${message}. This trigger needs ${this.events.length}, and ${others.length} are taken: ${others.join(', ')}. Remove what is no longer used in TimelinesAI under Integrations, Webhooks, choose fewer events, or ask TimelinesAI for more.`;
	}

	/** An answer of the API can repeat the URL; the secret in it does not belong into messages. */
	redact(text: string): string {
		return typeof this.stored.secret === 'string' ? text.replaceAll(this.stored.secret, '***') : text;
	}

	private async own(): Promise<Subscription[]> {
		return (await allSubscriptions(this.api)).filter(({ url }) => isOwnUrl(url, this.url));
	}

	/** Whether a subscription of this trigger is one that it still wants. */
	private wants({ url, event_type: event }: Subscription): boolean {
		return this.events.includes(event) && typeof this.stored.secret === 'string' && url === withSecret(this.url, this.stored.secret);
	}

	/** Who holds the subscriptions of the workspace; nobody where that cannot be found out, which is logged. */
	private async holders(): Promise<string[]> {
		try {
			return (await allSubscriptions(this.api)).map(({ event_type: event, url }) => `${event} → ${withoutQuery(url)}`);
		} catch (error) {
			this.functions.logger.warn(`The subscriptions of the workspace could not be looked up: ${(error as Error).message}`);
			return [];
		}
	}

	private async deleteOne(id: number): Promise<void> {
		try {
			await this.api.call('DELETE /webhooks/{webhook_id}', { ids: { webhook_id: id } });
		} catch (error) {
			if (statusOf(error) !== 404) throw error as Error;
		}
	}
}

/** Whether TimelinesAI could reach a URL, as far as that can be seen from here. */
function isPublicHttps(url: string): boolean {
	const { protocol, hostname } = new URL(url);
	return protocol === 'https:' && hostname.includes('.') && !/^(127|10|192\.168|169\.254|172\.(1[6-9]|2\d|3[01]))\.|\.(local|internal|localhost|lan)$/.test(hostname);
}
