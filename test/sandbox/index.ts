/** A local TimelinesAI with state: what the tests, the demo and the benchmarks talk to in place of the real one. */
import multipart from '@fastify/multipart';
import fastify from 'fastify';
import { ZodError } from 'zod';
import { type Machinery, serveApi } from './api';
import { Background } from './background';
import { type Context } from './context';
import { Deliveries, type Delivery, type DeliveryFaults, type DeliverySettings } from './deliveries';
import { demoWorld } from './demo';
import { ApiError } from './errors';
import { Events } from './events';
import { type EventType } from './eventTypes';
import { FaultInjector, htmlPage } from './faults';
import { Limiter, type RateLimit } from './limiter';
import { FileHost } from './links';
import { type Incoming, Messenger, type Speed } from './messenger';
import { Partner, PARTNER_ROOT, partnerApi, type PartnerOptions } from './partner';
import { servePhonePage } from './phone/server';
import { PUBLIC_ROOT, publicApi } from './publicApi';
import { type Breach, listen, type RecordedRequest, Recording } from './recording';
import { merge, samplePayload } from './samples';
import { Views } from './views';
import { type Message, World } from './world';

export { publicContract } from './contract';
export { eventTypes, type EventType } from './eventTypes';
export { type Delivery, type DeliveryFaults } from './deliveries';
export { type Fault, type FaultInjector } from './faults';
export { type Incoming } from './messenger';
export { signJwt } from './jwt';
export { type Partner, partnerContract, type PartnerEventType, partnerEventTypes, type PartnerUser, type PartnerWorkspace } from './partner';
export { type Breach, type RecordedRequest } from './recording';
export * from './world';

export interface SandboxOptions {
	/** Default: any free one. */
	port?: number;
	/** The API token; default: derived from the seed. */
	token?: string;
	/** What the workspace holds at the start: one teammate and one number, or a demo workspace. Default `empty`. */
	chats?: 'demo' | 'empty';
	/** Ids, and whatever else looks random, follow from it. Default 1. */
	seed?: number;
	/** IANA zone of the workspace. Default Europe/Athens. */
	zone?: string;
	/** `loopback` (default) accepts http://127.0.0.1 and http://localhost beside public HTTPS; `public` is as strict as the real API. */
	webhookUrls?: 'loopback' | 'public';
	/** Default: no limit. The published one is 30 requests a second with a burst of 10. */
	rateLimit?: RateLimit | undefined;
	/** Every answer takes at least so long. Default 0. */
	latencyMs?: number;
	/** How fast sent messages move on. Default 30 ms for each step, and no pause between messages. */
	speed?: Partial<Speed>;
	webhooks?: Partial<DeliverySettings>;
	/** Bigger uploads are counted and hashed, but not kept. Default 4 MiB. */
	keepUploadBytes?: number;
	partner?: PartnerOptions;
}

export interface Sandbox {
	/** `http://127.0.0.1:PORT` */
	readonly origin: string;
	/** The base URL of the credential. */
	readonly apiUrl: string;
	/** The origin of the temporary download links: another one. */
	readonly filesOrigin: string;
	readonly token: string;
	/** The state; a reset makes a new one. */
	readonly world: World;
	/** Requests to the API, in the order of their arrival. */
	readonly requests: RecordedRequest[];
	/** Requests to the host of the temporary links. */
	readonly downloads: RecordedRequest[];
	/** Every request that broke the contract. */
	readonly breaches: Breach[];
	readonly faults: FaultInjector;
	/** The base URL of the Partner API. */
	readonly partnerApiUrl: string;
	/** The partner and what it has; a reset makes a new one. Set its `webhookUrl` to hear of events. */
	readonly partner: Partner;
	/** Every attempt to deliver a webhook. */
	readonly deliveries: Delivery[];
	/** Makes webhook deliveries misbehave from now on. */
	misdeliver(faults: Partial<DeliveryFaults>, seed?: number): void;
	setRateLimit(limit: RateLimit | undefined): void;
	setLatency(ms: number): void;
	/** A customer writes: makes the chat where it is new, and tells the subscribers. */
	customerWrites(incoming: Incoming): Message;
	/** A customer reacts to a message; with an empty emoji takes the reaction back. */
	customerReacts(message: Message, emoji: string): void;
	/** Somebody answers in TimelinesAI's own inbox, or from the phone: the message goes out, and subscribers hear of it. */
	teammateWrites(chatId: number, text: string, origin?: string): Message;
	/**
	 * Sends one event to its subscribers, about things of this world, which are made where it has none; message events make a
	 * new message each. `overrides` are merged into the payload. Gives the payload.
	 */
	emit(event: EventType, overrides?: Record<string, unknown>): Record<string, unknown>;
	/** Resolves when all deliveries and status changes under way have ended. */
	settled(): Promise<void>;
	/** Back to the start: a new world; recordings, faults and everything under way are dropped. */
	reset(): Promise<void>;
	close(): Promise<void>;
}

const MEBIBYTE = 1024 * 1024;

/** Starts a sandbox on loopback. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const speed: Speed = { sentMs: 30, deliveredMs: 30, readMs: 30, betweenSendsMs: 0, ...options.speed };
	const recording = new Recording();
	const faults = new FaultInjector();
	const background = new Background();
	const deliveries = new Deliveries(background, { attempts: 3, timeoutMs: 5000, retryDelayMs: 50, ...options.webhooks });
	const files = new FileHost(() => context.world, recording, faults);
	let latencyMs = options.latencyMs ?? 0;
	let limiter = options.rateLimit && new Limiter(options.rateLimit);
	let context = build();
	let partner = new Partner(context.world, deliveries, options.partner);

	await files.start();
	const server = fastify({ logger: false, forceCloseConnections: true, bodyLimit: 20 * MEBIBYTE, exposeHeadRoutes: false });
	server.removeAllContentTypeParsers();
	await server.register(multipart);
	server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
	const machinery: Machinery = {
		recording,
		faults,
		limiter: () => limiter,
		latencyMs: () => latencyMs,
		keepUploadBytes: options.keepUploadBytes ?? 4 * MEBIBYTE,
		changed: () => phoneChanged(),
	};
	serveApi(server, publicApi(() => context), machinery);
	serveApi(server, partnerApi(() => partner), machinery);
	const phoneChanged = servePhonePage(server, () => context, files.origin);
	server.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
		const status = error instanceof ApiError ? error.status : error instanceof ZodError || error instanceof SyntaxError ? 400 : (error.statusCode ?? 500);
		return reply.code(status).send(error instanceof ApiError ? error.body() : { status: 'error', message: error.message });
	});
	server.setNotFoundHandler((_request, reply) => {
		const { status, type, body } = htmlPage(404, 'Not Found');
		return reply.code(status).type(type ?? '').send(body);
	});

	const origin = await listen(server, options.port ?? 0);

	/** A new workspace with everything that works on it. */
	function build(): Context {
		const world = new World({ ...options });
		if (options.chats === 'demo') demoWorld(world);
		const views = new Views(world, files);
		const events = new Events(views);
		const messenger = new Messenger(world, background, deliveries, events, speed, () => machinery.changed());
		return { world, views, events, messenger, webhookUrls: options.webhookUrls ?? 'loopback' };
	}

	return {
		origin,
		apiUrl: `${origin}${PUBLIC_ROOT}`,
		filesOrigin: files.origin,
		get token() {
			return context.world.token;
		},
		get world() {
			return context.world;
		},
		requests: recording.requests,
		downloads: recording.downloads,
		breaches: recording.breaches,
		faults,
		partnerApiUrl: `${origin}${PARTNER_ROOT}`,
		get partner() {
			return partner;
		},
		deliveries: deliveries.log,
		misdeliver: (settings, seed) => deliveries.misbehave(settings, seed),
		setRateLimit(limit) {
			limiter = limit && new Limiter(limit);
		},
		setLatency(ms) {
			latencyMs = ms;
		},
		customerWrites: (incoming) => context.messenger.receive(incoming),
		customerReacts: (message, emoji) => context.messenger.react(message, emoji, { ...message.author, own: false }),
		teammateWrites: (chatId, text, writtenIn = 'Shared Inbox') => {
			const chat = context.world.chats.get(chatId);
			if (!chat) throw new Error(`There is no chat ${chatId}`);
			return context.messenger.send(chat, { text, origin: writtenIn });
		},
		emit: (event, overrides = {}) => {
			const payload = merge(samplePayload(event, context), overrides);
			context.messenger.publish(event, payload);
			return payload;
		},
		settled: () => background.settled(),
		async reset() {
			background.cancel();
			recording.clear();
			faults.clear();
			deliveries.clear();
			context = build();
			partner = new Partner(context.world, deliveries, options.partner);
		},
		async close() {
			background.cancel();
			deliveries.close();
			await Promise.all([server.close(), files.close()]);
		},
	};
}
