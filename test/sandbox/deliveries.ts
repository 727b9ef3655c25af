/** Delivers webhooks as TimelinesAI does: up to three attempts of five seconds, unsigned, any 2xx counts; and less well on demand. */
import axios from 'axios';
import { Agent } from 'node:http';
import { type Background } from './background';
import { seededRandom } from './random';
import { type Webhook, type World } from './world';

/** One attempt to deliver one event to one subscription. */
export interface Delivery {
	/** The same for all attempts and duplicates of one event at one subscription. */
	id: number;
	webhookId: number | undefined;
	event: string;
	url: string;
	/** 1 to 3. */
	attempt: number;
	payload: object;
	/** Undefined where no answer came. */
	status: number | undefined;
	error: string | undefined;
	ms: number;
	/** Milliseconds since 1970, when it was sent. */
	at: number;
}

export interface DeliverySettings {
	/** Default 3. */
	attempts: number;
	/** How long a receiver may take, in milliseconds. Default 5,000. */
	timeoutMs: number;
	/** The wait before the next attempt. Default 50. */
	retryDelayMs: number;
	/**
	 * Where a URL is really called: deliveries leave loopback never, so one to a public address fails unless this gives
	 * a loopback address for it.
	 */
	reroute?: (url: string) => string | undefined;
}

/** What can go wrong on the way; probabilities from 0 to 1, drawn from a seeded generator. */
export interface DeliveryFaults {
	/** The event is delivered twice. */
	duplicate: number;
	/** The event is lost. */
	drop: number;
	/** Each delivery waits a random time up to this, so that they overtake each other. */
	reorderMs: number;
	/** Each delivery waits this long. */
	delayMs: number;
}

const NO_FAULTS: DeliveryFaults = { duplicate: 0, drop: 0, reorderMs: 0, delayMs: 0 };
const KEPT = 100_000;

export class Deliveries {
	readonly log: Delivery[] = [];
	faults: DeliveryFaults = { ...NO_FAULTS };
	private random = seededRandom(1);
	private count = 0;
	/** Rises when everything under way is dropped: what comes back afterwards is of no interest. */
	private epoch = 0;
	private readonly agent = new Agent({ keepAlive: true });

	constructor(
		private readonly background: Background,
		private readonly settings: DeliverySettings,
	) {}

	/** Makes deliveries misbehave from now on, repeatably from the seed. */
	misbehave(faults: Partial<DeliveryFaults>, seed = 1): void {
		this.faults = { ...NO_FAULTS, ...faults };
		this.random = seededRandom(seed);
	}

	/** Sends an event's payload to every enabled subscription of the world for it. */
	publish(world: World, event: string, payload: object): void {
		for (const webhook of world.subscriptions()) {
			if (webhook.eventType === event && webhook.enabled) this.deliver({ event, url: webhook.url, payload, webhook });
		}
	}

	/** Sends a payload to a URL. `headers` are made anew for each attempt. */
	deliver(what: { event: string; url: string; payload: object; webhook?: Webhook; headers?: () => Record<string, string> }): void {
		const id = ++this.count;
		const { duplicate, drop, reorderMs, delayMs } = this.faults;
		if (drop > 0 && this.random() < drop) return;
		const copies = duplicate > 0 && this.random() < duplicate ? 2 : 1;
		for (let copy = 0; copy < copies; copy++) {
			const wait = delayMs + (reorderMs > 0 ? this.random() * reorderMs : 0);
			this.background.later(wait, () => this.attempt(id, 1, what));
		}
	}

	/** Forgets everything, also what is under way. */
	clear(): void {
		this.epoch++;
		this.log.length = 0;
		this.misbehave({});
	}

	close(): void {
		this.epoch++;
		this.agent.destroy();
	}

	private async attempt(id: number, attempt: number, what: Parameters<Deliveries['deliver']>[0]): Promise<void> {
		const { event, url, payload, webhook, headers } = what;
		const { epoch } = this;
		const delivery: Delivery = { id, webhookId: webhook?.id, event, url, attempt, payload, status: undefined, error: undefined, ms: 0, at: Date.now() };
		this.log.push(delivery);
		if (this.log.length > KEPT) this.log.splice(0, KEPT / 10);
		try {
			delivery.status = await this.post(url, JSON.stringify(payload), headers?.() ?? {});
		} catch (error) {
			delivery.error = error instanceof Error ? error.message : String(error);
		}
		delivery.ms = Date.now() - delivery.at;
		if (epoch !== this.epoch) return;
		if (delivery.status !== undefined && delivery.status >= 200 && delivery.status < 300) {
			if (webhook) webhook.errorsCounter = 0;
		} else if (attempt < this.settings.attempts) {
			this.background.later(this.settings.retryDelayMs, () => this.attempt(id, attempt + 1, what));
		} else if (webhook) {
			webhook.errorsCounter++;
		}
	}

	/** One POST; gives the status, and throws where no answer came in time. */
	private async post(url: string, body: string, headers: Record<string, string>): Promise<number> {
		const target = isLoopback(url) ? url : this.settings.reroute?.(url);
		if (target === undefined || !isLoopback(target)) throw new Error('Not delivered: the sandbox calls loopback addresses only');
		const { status } = await axios.post(target, body, {
			headers: { 'content-type': 'application/json', 'user-agent': 'TimelinesAI-Webhooks', ...headers },
			timeout: this.settings.timeoutMs,
			signal: AbortSignal.timeout(this.settings.timeoutMs),
			maxRedirects: 0,
			proxy: false,
			httpAgent: this.agent,
			responseType: 'text',
			transformResponse: (text: unknown) => text,
			validateStatus: () => true,
		});
		return status;
	}
}

/** Whether a URL leads to this machine by plain HTTP. */
export function isLoopback(url: string): boolean {
	if (!URL.canParse(url)) return false;
	const { protocol, hostname } = new URL(url);
	return protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(hostname);
}
