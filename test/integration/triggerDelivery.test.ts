/** Deliveries: who may make them, which of them start the workflow, how often, and what the workflow sees. */
import { type IDataObject, type INodeParameters } from 'n8n-workflow';
import { keyOf, Seen } from '../../nodes/shared/trigger/seen';
import { eventOf, events } from '../../nodes/TimelinesAiTrigger/events';
import { sampleOf } from '../../nodes/TimelinesAiTrigger/samples';
import { loadOptions, logs, readBinary, type TriggerHarness, type TriggerSetup } from '../harness';
import { seededRandom } from '../sandbox/random';
import { byId, by, jsonOf, routes, useSandbox } from './kit';
import { deliveryTo, editorOf, startRun, triggerOf, webhookIdOf } from './triggerKit';

const sandbox = useSandbox();

/** A published trigger and the query that its subscriptions' URL has. */
async function published(parameters: INodeParameters = {}, more: Partial<TriggerSetup> = {}): Promise<{ trigger: TriggerHarness; query: Record<string, string> }> {
	const trigger = triggerOf(sandbox(), parameters, more);
	await trigger.activate();
	return { trigger, ...deliveryTo(sandbox().world.subscriptions()[0]!) };
}

const sample = (value: string) => sampleOf(events.find((event) => event.value === value)!);

/** A message event; what is given replaces what the sample has. */
function message({ event = 'message:received:new', ...given }: { event?: string; message?: IDataObject; chat?: IDataObject; account?: IDataObject } = {}) {
	const payload = sample(event) as Record<string, IDataObject>;
	return {
		...payload,
		message: { ...payload.message, ...given.message },
		chat: { ...payload.chat, ...given.chat },
		whatsapp_account: { ...payload.whatsapp_account, ...given.account },
	};
}

const withUid = (uid: string) => message({ message: { message_uid: uid } });

describe('who may deliver', () => {
	it.each([
		['no secret', {}],
		['an empty one', { n8n_secret: '' }],
		['a wrong one', { n8n_secret: 'A'.repeat(43) }],
	])('a stranger with %s gets 401 and starts nothing', async (_, query) => {
		const { trigger } = await published();

		const delivery = await trigger.deliver({ body: withUid('a'), query });

		expect(delivery).toMatchObject({ status: 401, body: { message: 'The secret is missing or wrong' } });
		expect(delivery.workflowData).toBeUndefined();
		expect(trigger.nodeStaticData.seen).toBeUndefined();
	});

	it('the secret of test listening does not open production, nor the other way round', async () => {
		const { trigger, query } = await published();
		const listening = await trigger.listenForTestEvent();
		const test = deliveryTo({ url: sandbox().world.subscriptions().at(-1)!.url });

		expect((await trigger.deliver({ body: withUid('a'), ...test })).status).toBe(401);
		expect((await listening.deliver({ body: withUid('a'), query })).status).toBe(401);
		expect((await listening.deliver({ body: withUid('a'), ...test })).workflowData).toBeDefined();
	});

	it('the secret is not in the workflow that a user exports, and not in what the workflow sees', async () => {
		const { trigger, query } = await published();

		const { workflowData } = await trigger.deliver({ body: withUid('a'), query });
		const run = await startRun(sandbox(), workflowData);

		expect(JSON.stringify([run.workflow, run.items])).not.toContain(query.n8n_secret);
	});

	it('a delivery counts before n8n has saved the secret: the subscription is there a moment earlier', async () => {
		const trigger = triggerOf(sandbox());
		await trigger.create();
		const notSaved = triggerOf(sandbox(), {}, { webhookId: webhookIdOf(trigger) });
		const delivery = { body: withUid('a'), ...deliveryTo(sandbox().world.subscriptions()[0]!) };

		expect((await notSaved.deliver(delivery)).workflowData).toBeDefined();
		await trigger.delete();
		expect((await notSaved.deliver(delivery)).status).toBe(401);
	});

	it.each([
		['text', { rawBody: 'hello', headers: { 'content-type': 'text/plain' } }],
		['another event', { body: { event_type: 'chat:created' } }],
		['a list', { body: [sample('chat:new')] }],
		['nothing', {}],
	])('%s in place of an event gets 400 and starts nothing', async (_, request) => {
		const { trigger, query } = await published();

		const delivery = await trigger.deliver({ ...request, query });

		expect(delivery.status).toBe(400);
		expect(delivery.workflowData).toBeUndefined();
	});
});

describe('exactly one run an event', () => {
	it('of deliveries that follow each other', async () => {
		const { trigger, query } = await published();

		const [first, second, other] = [
			await trigger.deliver({ body: withUid('a'), query }),
			await trigger.deliver({ body: withUid('a'), query }),
			await trigger.deliver({ body: withUid('b'), query }),
		];

		expect([first, second, other].map(({ status }) => status)).toEqual([200, 200, 200]);
		expect([first, second, other].map(({ workflowData }) => workflowData !== undefined)).toEqual([true, false, true]);
	});

	it('of deliveries at the same moment', async () => {
		const { trigger, query } = await published();

		const deliveries = await Promise.all(Array.from({ length: 20 }, async () => await trigger.deliver({ body: withUid('a'), query })));

		expect(deliveries.filter(({ workflowData }) => workflowData)).toHaveLength(1);
		expect(deliveries.every(({ status }) => status === 200)).toBe(true);
	});

	it('of one message that is two events: each has its run', async () => {
		const { trigger, query } = await published({ events: ['message:new', 'message:received:new'] });

		const deliveries = [
			await trigger.deliver({ body: message({ event: 'message:new' }), query }),
			await trigger.deliver({ body: message({ event: 'message:received:new' }), query }),
		];

		expect(deliveries.filter(({ workflowData }) => workflowData)).toHaveLength(2);
	});

	it('of reactions that differ in the emoji only', async () => {
		const { trigger, query } = await published({ events: ['message:reaction'] });
		const reaction = sample('message:reaction') as Record<string, IDataObject>;
		const other = { ...reaction, reaction: { ...reaction.reaction, emoji: '❤️', reactions: { '❤️': 1 } } };

		const deliveries = [];
		for (const body of [reaction, other, reaction, other]) deliveries.push(await trigger.deliver({ body, query }));

		expect(deliveries.map(({ workflowData }) => workflowData !== undefined)).toEqual([true, true, false, false]);
	});

	it('of hundreds of them with duplicates, in random order, while n8n is restarted', async () => {
		const { trigger: first, query } = await published();
		let trigger = first;
		const random = seededRandom(7);
		const uids = Array.from({ length: 200 }, (_, index) => `uid-${index}`);
		const duplicates = uids.filter(() => random() < 0.3);
		const order = [...uids, ...duplicates].map((uid) => [random(), uid] as const).sort(([a], [b]) => a - b).map(([, uid]) => uid);
		const started: string[] = [];

		for (let at = 0; at < order.length; at += 10) {
			const batch = order.slice(at, at + 10);
			const deliveries = await Promise.all(batch.map(async (uid) => await trigger.deliver({ body: withUid(uid), query })));
			started.push(...batch.filter((_, index) => deliveries[index]?.workflowData));
			if (at % 50 === 0) {
				trigger = trigger.restart();
				Seen.forget(webhookIdOf(trigger));
			}
		}

		expect(duplicates.length).toBeGreaterThan(30);
		expect([...started].sort()).toEqual([...uids].sort());
	});
});

describe('answer first', () => {
	it('answers while the file of the message cannot be downloaded, and the event is in n8n’s hands', async () => {
		sandbox().faults.add({ kind: 'timeout', match: /^GET \/att\// });
		const parameters = { options: { downloadAttachments: true } };
		const trigger = triggerOf(sandbox(), parameters);
		await trigger.listen();
		await trigger.activate();

		sandbox().customerWrites({ phone: '+14155550123', attachment: sandbox().world.addFile({ filename: 'photo.jpg', mimetype: 'image/jpeg', content: 'jpeg' }) });
		await sandbox().settled();

		expect(sandbox().deliveries.map(({ status, attempt }) => [status, attempt])).toEqual([[200, 1]]);
		expect(trigger.deliveries[0]?.workflowData).toBeDefined();
		expect(sandbox().downloads).toEqual([]);
		await trigger.close();
	});
});

describe('the answer', () => {
	const ends: Array<() => unknown> = [];
	afterEach(async () => {
		jest.restoreAllMocks();
		for (const end of ends.splice(0)) await end();
	});

	/** Something in n8n that takes until it is told to go on. */
	function barrier() {
		let open = () => {};
		const passed = new Promise<void>((resolve) => (open = resolve));
		ends.push(() => open());
		let arrive = () => {};
		const reached = new Promise<void>((resolve) => (arrive = resolve));
		const wait = async () => {
			arrive();
			await passed;
		};
		return { wait, reached, open };
	}

	/** A published trigger that listens, and how to deliver an event to it without waiting for what n8n does after the answer. */
	async function listening(storing: TriggerSetup['storing']) {
		const trigger = triggerOf(sandbox(), {}, { storing });
		await trigger.listen();
		ends.push(async () => await trigger.close());
		await trigger.activate();
		const { url } = sandbox().world.subscriptions()[0]!;
		const post = async (uid: string, signal?: AbortSignal) =>
			(await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(withUid(uid)), signal: signal ?? null })).status;
		const runs = () => trigger.deliveries.filter(({ workflowData }) => workflowData).length;
		const done = async (count: number) => {
			while (trigger.deliveries.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
		};
		return { trigger, post, runs, done };
	}

	/** Lets time pass at once. */
	function passes(ms: number) {
		const real = Date.now.bind(Date);
		jest.spyOn(Date, 'now').mockImplementation(() => real() + ms);
	}

	const isPending = async (promise: Promise<unknown>) => (await Promise.race([promise, new Promise((resolve) => setTimeout(resolve, 150, 'pending'))])) === 'pending';

	it('comes when n8n has stored the execution, and not before', async () => {
		const database = barrier();
		const { post } = await listening({ write: database.wait });

		const answer = post('a');
		await database.reached;
		// However long the database takes: if n8n ended now, only TimelinesAI would know of the event.
		passes(60_000);
		expect(await isPending(answer)).toBe(true);
		database.open();

		expect(await answer).toBe(200);
	});

	it('does not wait until the execution has its place, where only so many run at the same time', async () => {
		const queue = barrier();
		const { post, runs, done } = await listening({ place: queue.wait });

		const answers = Promise.all([post('a'), post('a'), post('b'), post('a')]);
		await queue.reached;
		passes(2_000);

		expect(await answers).toEqual([200, 200, 200, 200]);
		expect(await post('a')).toBe(200);
		expect(runs()).toBe(0);
		logs.length = 0;
		queue.open();
		await done(5);
		expect(runs()).toBe(2);
		expect(logs.filter(({ level }) => level === 'error')).toEqual([]);
		expect(await post('b')).toBe(200);
		expect(runs()).toBe(2);
	});

	it('an event that waits for its place has one run, also when it is delivered again after a restart', async () => {
		const queue = barrier();
		const { trigger, post, done } = await listening({ place: queue.wait });
		const first = post('a');
		await queue.reached;
		passes(2_000);
		await first;
		// n8n saves nothing for an execution before it has its place, but it does for a duplicate.
		expect(trigger.nodeStaticData.seen).toBeUndefined();
		await post('a');

		const { query } = deliveryTo(sandbox().world.subscriptions()[0]!);
		const restarted = trigger.restart();
		Seen.forget(webhookIdOf(trigger));

		expect(await restarted.deliver({ body: withUid('a'), query })).toMatchObject({ status: 200, workflowData: undefined });
		queue.open();
		await done(2);
	});

	it('is an error when n8n could not store the execution, and the next delivery starts it', async () => {
		let fails = true;
		const write = async () => {
			if (fails) throw new Error('The database is locked');
		};
		const { post, runs } = await listening({ write });

		expect(await Promise.all([post('a'), post('b')])).toEqual([500, 500]);
		fails = false;

		expect(await post('a')).toBe(200);
		expect(await post('a')).toBe(200);
		expect(runs()).toBe(1);
	});

	it('a delivery that came while the first one was failing starts the workflow itself', async () => {
		const database = barrier();
		let writes = 0;
		const write = async () => {
			if (++writes > 1) return;
			await database.wait();
			throw new Error('The database is locked');
		};
		const { post, runs } = await listening({ write });

		const first = post('a');
		await database.reached;
		const second = post('a');
		database.open();

		expect(await Promise.all([first, second])).toEqual([500, 200]);
		expect(runs()).toBe(1);
	});

	it('the event starts once where TimelinesAI gave up waiting for it and delivers it again', async () => {
		const database = barrier();
		const { post, runs, done } = await listening({ write: database.wait });
		const givesUp = new AbortController();

		const first = post('a', givesUp.signal).catch(() => 'gave up');
		await database.reached;
		givesUp.abort();
		const second = post('a');
		database.open();

		expect(await Promise.all([first, second])).toEqual(['gave up', 200]);
		await done(2);
		expect(runs()).toBe(1);
	});

	it('comes before the run begins: what n8n has not saved as done has no effect yet', async () => {
		const database = barrier();
		const { trigger, post } = await listening({ place: database.wait });
		const answer = post('a');
		await database.reached;

		const run = startRun(sandbox(), [[{ json: received('a') }]], {}, inExecutionOf(trigger));
		expect(await isPending(run)).toBe(true);
		database.open();

		expect(await answer).toBe(200);
		expect((await run).items).toHaveLength(1);
	});

	/** The node as it is in the executions of the workflow. */
	const inExecutionOf = (trigger: TriggerHarness) => ({ nodeSettings: { webhookId: webhookIdOf(trigger) } });

	/** What an execution starts with that n8n has stored. */
	function received(uid: string): IDataObject {
		const payload = withUid(uid);
		const { value, family } = eventOf(payload as IDataObject)!;
		return { payload, receivedAt: new Date().toISOString(), key: keyOf({ of: [value, family.identity(payload as IDataObject)], unique: true }) };
	}

	it('an execution that n8n takes up again after a restart runs, and the delivery that follows starts no other', async () => {
		const { trigger, post, runs } = await listening({});

		const { items } = await startRun(sandbox(), [[{ json: received('a') }]], {}, inExecutionOf(trigger));

		expect(items).toHaveLength(1);
		expect(await post('a')).toBe(200);
		expect(runs()).toBe(0);
	});

	it('of two executions of an event only one runs, and a failed one can be repeated', async () => {
		const { trigger, post, done } = await listening({});
		await post('a');
		await done(1);
		const { workflowData } = trigger.deliveries[0]!;
		const more = inExecutionOf(trigger);

		const runs = [
			await startRun(sandbox(), workflowData, {}, more),
			await startRun(sandbox(), [[{ json: received('a') }]], {}, more),
			await startRun(sandbox(), [[{ json: received('b') }]], {}, more),
			await startRun(sandbox(), [[{ json: received('a') }]], {}, { ...more, mode: 'retry' }),
		];

		expect(runs.map(({ items }) => items.length)).toEqual([1, 0, 1, 1]);
	});

	it('events that have nothing unique run each, however equal', async () => {
		const body = { ...sample('waba:chat:closed') };
		const { trigger, query } = await published({ events: ['waba:chat:closed'] });
		const { workflowData } = await trigger.deliver({ body, query });

		const runs = [await startRun(sandbox(), workflowData, {}, inExecutionOf(trigger)), await startRun(sandbox(), workflowData, {}, inExecutionOf(trigger))];

		expect(runs.map(({ items }) => items.length)).toEqual([1, 1]);
	});

	it('what was saved is known after a restart', async () => {
		const { trigger, query } = await published({});
		await trigger.deliver({ body: withUid('a'), query });

		const restarted = trigger.restart();
		Seen.forget(webhookIdOf(trigger));

		expect((await restarted.deliver({ body: withUid('a'), query })).workflowData).toBeUndefined();
		expect((await restarted.deliver({ body: withUid('b'), query })).workflowData).toBeDefined();
	});
});

describe('filters, before a run starts', () => {
	const group = { is_group: true, phone: '', chat_id: 7 };
	const file = (mimetype: string) => ({ attachments: [{ temporary_download_url: 'https://files.example/a', filename: 'a', size: 1, mimetype }] });

	it.each<[string, IDataObject, ReturnType<typeof message>, boolean]>([
		['direct chats', { chatType: 'direct' }, message(), true],
		['direct chats', { chatType: 'direct' }, message({ chat: group }), false],
		['group chats', { chatType: 'group' }, message({ chat: group }), true],
		['a chat by its ID', { chatId: byId('1000001') }, message(), true],
		['a chat by its ID', { chatId: byId('1000002') }, message(), false],
		['one of several chats', { chatId: byId('1000002, 1000001') }, message(), true],
		['a chat by its URL', { chatId: by('url', 'https://app.timelines.ai/chat/1000001/messages/') }, message(), true],
		['a chat by its phone', { chatId: by('phone', '+1 (415) 555-0123') }, message(), true],
		['a chat by its phone', { chatId: by('phone', '+14155550123') }, message({ chat: group }), false],
		['a WhatsApp number', { whatsappPhone: by('phone', '+14155550100') }, message(), true],
		['a WhatsApp number', { whatsappPhone: by('phone', '+14155550999, +14155550998') }, message(), false],
		['a responsible teammate', { responsible: by('email', 'Kate@acme.example') }, message(), true],
		['a responsible teammate', { responsible: by('email', 'tom@acme.example') }, message(), false],
		['chats that nobody is responsible for', { assignment: 'unassigned' }, message(), false],
		['chats that nobody is responsible for', { assignment: 'unassigned' }, message({ chat: { responsible_email: '' } }), true],
		['chats that somebody is responsible for', { assignment: 'assigned' }, message(), true],
		['text', { textContains: 'ORDER' }, message(), true],
		['text', { textContains: 'invoice' }, message(), false],
		['text', { textContains: 'order' }, message({ message: { text: '' } }), false],
		['a pattern', { textMatches: '[a-z]-\\d{4}\\b' }, message(), true],
		['a pattern', { textMatches: '^order' }, message(), false],
		['text and a pattern', { textContains: 'hello', textMatches: 'invoice' }, message(), false],
		['messages with a picture or a video', { attachments: ['image', 'video'] }, message({ message: file('image/png') }), true],
		['messages with a picture or a video', { attachments: ['image', 'video'] }, message({ message: file('audio/ogg') }), false],
		['messages with a picture or a video', { attachments: ['image', 'video'] }, message(), false],
		['messages with a document', { attachments: ['document'] }, message({ message: file('application/pdf') }), true],
		['messages without a file', { attachments: ['none'] }, message(), true],
		['messages without a file', { attachments: ['none'] }, message({ message: file('image/png') }), false],
		['received messages', { direction: 'received' }, message(), true],
		['sent messages', { direction: 'sent' }, message(), false],
	])('%s: %j', async (_, filters, body, starts) => {
		const { trigger, query } = await published({ filters: filters as INodeParameters });

		const delivery = await trigger.deliver({ body, query });

		expect(delivery.status).toBe(200);
		expect(delivery.workflowData !== undefined).toBe(starts);
	});

	it('let events through that have nothing of what they ask for', async () => {
		const { trigger, query } = await published({
			events: ['whatsapp:account:suspended', 'waba:template:approved'],
			filters: { chatType: 'group', direction: 'sent', textContains: 'order', chatId: byId('1'), responsible: by('email', 'tom@acme.example'), attachments: ['image'] },
		});

		for (const value of ['whatsapp:account:suspended', 'waba:template:approved']) {
			expect((await trigger.deliver({ body: sample(value), query })).workflowData).toBeDefined();
		}
	});

	it('an event that is no longer chosen starts nothing, and TimelinesAI does not repeat it', async () => {
		const { trigger, query } = await published({ events: ['chat:new'] });

		expect(await trigger.deliver({ body: message(), query })).toMatchObject({ status: 200, workflowData: undefined });
	});

	it('a filter that only turns out wrong at a delivery makes TimelinesAI deliver it again', async () => {
		const { trigger, query } = await published();
		const broken = triggerOf(sandbox(), { filters: { textMatches: '(' } }, { staticData: trigger.staticData, webhookId: webhookIdOf(trigger) });

		const delivery = await broken.deliver({ body: withUid('a'), query });

		expect(delivery.status).toBe(500);
		expect((await trigger.deliver({ body: withUid('a'), query })).workflowData).toBeDefined();
	});

	const fromApi = { direction: 'sent', origin: 'Public API' };
	it.each<[string, INodeParameters, string, IDataObject, boolean]>([
		['any message', { events: ['message:new'] }, 'message:new', fromApi, false],
		['any message', { events: ['message:new'] }, 'message:new', { ...fromApi, origin: 'Shared Inbox' }, true],
		['any message, the option off', { events: ['message:new'], ignoreApiMessages: false }, 'message:new', fromApi, true],
		['sent messages', { events: ['message:sent:new'] }, 'message:sent:new', fromApi, true],
		['sent messages, the option on', { events: ['message:sent:new'], ignoreApiMessages: true }, 'message:sent:new', fromApi, false],
	])('what the API sent, on %s', async (_, parameters, event, given, starts) => {
		const { trigger, query } = await published(parameters);

		const delivery = await trigger.deliver({ body: message({ event, message: given }), query });

		expect(delivery.workflowData !== undefined).toBe(starts);
	});
});

describe('what the workflow sees', () => {
	it.each(events)('of “$name”: simplified, or raw exactly as it was sent', async ({ value }) => {
		const { trigger, query } = await published({ events: [value], ignoreApiMessages: false });
		const body = sample(value);

		const { workflowData } = await trigger.deliver({ body, query });
		const [simplified] = jsonOf(await startRun(sandbox(), workflowData));
		const [raw] = jsonOf(await startRun(sandbox(), workflowData, { output: 'raw' }));

		expect(simplified).toMatchObject({ event: value, receivedAt: expect.stringMatching(/Z$/) as unknown });
		expect(raw).toEqual(body);
		expect(routes(sandbox())).toEqual(['GET /webhooks', 'GET /webhooks', 'POST /webhooks']);
	});

	it('is the input as it is where the data do not come from the webhook', async () => {
		expect(jsonOf(await startRun(sandbox(), [[{ json: { hello: 'world' } }]]))).toEqual([{ hello: 'world' }]);
	});
});

describe('attachments', () => {
	/** A customer sends a file; gives what the delivery hands to the execution. */
	async function fileArrives(given: Parameters<ReturnType<typeof sandbox>['world']['addFile']>[0]) {
		const trigger = triggerOf(sandbox());
		await trigger.listen();
		await trigger.activate();
		const { uid } = sandbox().customerWrites({ phone: '+14155550123', text: 'See this', attachment: sandbox().world.addFile(given) });
		await sandbox().settled();
		await trigger.close();
		return { workflowData: trigger.deliveries[0]?.workflowData, uid };
	}
	const photo = { filename: 'photo.jpg', mimetype: 'image/jpeg', content: 'jpeg bytes' };

	it('are described, and not downloaded unless wanted', async () => {
		const { workflowData } = await fileArrives(photo);

		const { items } = await startRun(sandbox(), workflowData);

		expect(items[0]?.json.attachments).toEqual([{ filename: 'photo.jpg', mimeType: 'image/jpeg', size: 10, downloadUrl: expect.stringContaining('/att/') as unknown }]);
		expect(items[0]?.binary).toBeUndefined();
		expect(sandbox().downloads).toEqual([]);
	});

	it('are put into the output under the given name, without the token going to their host', async () => {
		const { workflowData } = await fileArrives(photo);

		const { items } = await startRun(sandbox(), workflowData, { options: { downloadAttachments: true, outputDataFieldName: 'photo' } });

		expect(await readBinary(items[0]!, 'photo')).toMatchObject({ fileName: 'photo.jpg', mimeType: 'image/jpeg', content: Buffer.from('jpeg bytes') });
		expect(sandbox().downloads).toHaveLength(1);
	});

	it('get a fresh link where the one in the event has expired', async () => {
		const { workflowData, uid } = await fileArrives(photo);
		sandbox().world.clock.advance(20 * 60_000);

		const { items } = await startRun(sandbox(), workflowData, { options: { downloadAttachments: true } });

		expect(items[0]?.binary?.data?.fileName).toBe('photo.jpg');
		expect(sandbox().requests.at(-1)?.path).toBe(`/messages/${uid}`);
	});

	it('leave an error in their place where they cannot be downloaded: the event goes on', async () => {
		const { workflowData } = await fileArrives(photo);
		sandbox().faults.add({ kind: 'status', status: 500, match: /^GET \/att\// });

		const { items, error } = await startRun(sandbox(), workflowData, { options: { downloadAttachments: true } });

		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({ text: 'See this', attachments: [{ filename: 'photo.jpg', error: 'The file “photo.jpg” could not be downloaded' }] });
		expect(items[0]?.binary).toBeUndefined();
	});

	it('leave an error in their place where they are larger than allowed, in raw output as well', async () => {
		const { workflowData } = await fileArrives({ filename: 'film.mp4', mimetype: 'video/mp4', size: 2_500_000 });
		const parameters = { output: 'raw', options: { downloadAttachments: true, maxAttachmentSize: 2 } };

		const [json] = jsonOf(await startRun(sandbox(), workflowData, parameters));

		expect(json).toMatchObject({ message: { attachments: [{ filename: 'film.mp4', error: 'The file has 2.5 MB, more than the 2 MB that are allowed' }] } });
		expect(sandbox().downloads).toEqual([]);
	});

	it('of one message are all there, each under a name of its own', async () => {
		const { workflowData } = await fileArrives(photo);
		const received = workflowData![0]![0]!.json as { payload: { message: { attachments: IDataObject[] } } };
		const { attachments } = received.payload.message;
		attachments.push({ ...attachments[0], filename: 'second.jpg' });

		const { items } = await startRun(sandbox(), workflowData, { options: { downloadAttachments: true } });

		expect(Object.entries(items[0]?.binary ?? {}).map(([name, { fileName }]) => [name, fileName]).sort()).toEqual([['data', 'photo.jpg'], ['data1', 'second.jpg']]);
	});

	it('end with the execution when it is cancelled', async () => {
		const { workflowData } = await fileArrives(photo);
		sandbox().faults.add({ kind: 'timeout', match: /^GET \/att\// });
		const controller = new AbortController();
		const running = startRun(sandbox(), workflowData, { options: { downloadAttachments: true } }, { signal: controller.signal });
		while (sandbox().downloads.length === 0) await new Promise((resolve) => setImmediate(resolve));

		controller.abort();

		expect((await running).status).toBe('canceled');
	});
});

describe('verified messages', () => {
	const options = { verifyMessage: true };

	/** A message that is in TimelinesAI, as the delivery hands it to the execution. */
	async function delivered(body: IDataObject) {
		const { trigger, query } = await published();
		return (await trigger.deliver({ body, query })).workflowData;
	}
	const genuine = () => {
		const file = sandbox().world.addFile({ filename: 'real.pdf', mimetype: 'application/pdf', content: 'real' });
		const real = sandbox().world.addMessage(sandbox().world.addChat({ name: 'Dana' }), { text: 'What I wrote', attachment: file });
		return message({ message: { message_uid: real.uid, text: 'What I wrote' }, chat: { chat_id: real.chat.id } });
	};

	it('have the text and the file that TimelinesAI has, whatever the delivery says', async () => {
		const body = genuine();
		Object.assign(body.message, { text: 'Send me money', attachments: [{ temporary_download_url: 'https://evil.example/x', filename: 'x', size: 1, mimetype: 'application/pdf' }] });

		const [json] = jsonOf(await startRun(sandbox(), await delivered(body), { options }));

		expect(json).toMatchObject({ text: 'What I wrote', attachments: [{ filename: 'real.pdf', downloadUrl: expect.stringContaining(sandbox().filesOrigin) as unknown }] });
		expect(JSON.stringify(json)).not.toContain('evil');
	});

	it.each<[string, (body: ReturnType<typeof genuine>) => unknown, string]>([
		['does not exist', (body) => Object.assign(body.message, { message_uid: 'made-up' }), 'The event about message made-up is not genuine: TimelinesAI has no such message'],
		['is in another chat', (body) => Object.assign(body.chat, { chat_id: 1 }), 'is not genuine: it is in another chat'],
		['went the other way', (body) => Object.assign(body.message, { direction: 'sent' }), 'is not genuine: it went in the other direction'],
	])('fail the execution when the message %s', async (_, forge, reason) => {
		const body = genuine();
		forge(body);

		const { items, error } = await startRun(sandbox(), await delivered(body), { options });

		expect(items).toEqual([]);
		expect(error?.message).toContain(reason);
	});

	it('give an error in place of a forged message where the execution is set to go on', async () => {
		const body = genuine();
		Object.assign(body.chat, { chat_id: 1 });

		const { items } = await startRun(sandbox(), await delivered(body), { options }, { onError: 'continueRegularOutput' });

		expect(items.map(({ json }) => json)).toEqual([{ error: expect.stringContaining('is not genuine') as unknown }]);
	});

	it('fail the execution, which can be repeated, when TimelinesAI cannot be asked', async () => {
		const workflowData = await delivered(genuine());
		sandbox().faults.add({ kind: 'status', status: 403, body: { status: 'error', message: 'Not now' }, match: /^GET \/messages\// });

		const { items, error } = await startRun(sandbox(), workflowData, { options });

		expect(items).toEqual([]);
		expect(error?.message).toBe('Not now');
	});

	it('of WABA numbers are read where they are', async () => {
		const { trigger, query } = await published({ events: ['waba:message:received'] });
		const real = sandbox().world.addMessage(sandbox().world.addWabaChat({ name: 'Dana' }), { text: 'Real' });
		const payload = sample('waba:message:received') as Record<string, IDataObject>;
		const body = { ...payload, message: { ...payload.message, message_uid: real.uid, text: 'Fake' }, chat: { ...payload.chat, id: real.chat.id } };

		const [json] = jsonOf(await startRun(sandbox(), (await trigger.deliver({ body, query })).workflowData, { options }));

		expect(json).toMatchObject({ text: 'Real' });
		expect(routes(sandbox()).at(-1)).toBe('GET /waba/messages/{message_uid}');
	});
});

describe('in the editor', () => {
	it('a sample of the chosen event comes at once, without a subscription, and not through the filters', async () => {
		const parameters = { options: { sample: 'call:incoming:missed', verifyMessage: true }, filters: { chatType: 'group' } };
		const trigger = triggerOf(sandbox(), parameters);
		await trigger.listen();

		const listening = await trigger.listenForTestEvent();
		while (trigger.deliveries.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
		const [json] = jsonOf(await startRun(sandbox(), trigger.deliveries[0]?.workflowData, parameters));

		expect(json).toMatchObject({ event: 'call:incoming:missed', chatName: 'Dana Miller', status: 'Missed' });
		expect(listening.active).toBe(false);
		expect(sandbox().requests).toEqual([]);
		await trigger.close();
	});

	it('a sample of a message is not looked for in TimelinesAI', async () => {
		const parameters = { options: { sample: 'message:received:new', verifyMessage: true, downloadAttachments: true } };
		const trigger = triggerOf(sandbox(), parameters);
		await trigger.listen();

		await trigger.listenForTestEvent();
		while (trigger.deliveries.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
		const [json] = jsonOf(await startRun(sandbox(), trigger.deliveries[0]?.workflowData, parameters));

		expect(json).toMatchObject({ text: 'Hello! Where is my order A-1027?' });
		expect(sandbox().requests).toEqual([]);
		await trigger.close();
	});

	it('the published workflow knows nothing of the sample', async () => {
		const { trigger, query } = await published({ options: { sample: 'call:incoming:missed' } });

		expect((await trigger.deliver({ body: sample('call:incoming:missed'), query })).workflowData).toBeUndefined();
		expect((await trigger.deliver({ body: message(), query })).workflowData).toBeDefined();
	});

	it('a sample that n8n cannot deliver to itself is reported in the log, and listening goes on', async () => {
		const trigger = triggerOf(sandbox(), { options: { sample: 'chat:new' } }, { instanceUrl: 'http://127.0.0.1:1' });
		logs.length = 0;

		const listening = await trigger.listenForTestEvent();
		while (!logs.some(({ level }) => level === 'warn')) await new Promise((resolve) => setTimeout(resolve, 50));

		expect(logs.find(({ level }) => level === 'warn')?.message).toMatch(/^The sample event could not be delivered: n8n does not reach its own webhook at http:\/\/127\.0\.0\.1:1\/webhook-test\/[\w-]+\/webhook \(/);
		expect(listening.active).toBe(true);
		await listening.cancel();
	});

	it('the panel shows how many subscriptions the choice takes, how many are in use and for what', async () => {
		const { world } = sandbox();
		world.addWebhook({ eventType: 'message:new', url: 'https://hooks.example/a?key=hidden', errorsCounter: 3 });
		world.addWebhook({ eventType: 'chat:new', url: 'https://hooks.example/b', enabled: false });

		const options = await loadOptions(editorOf(sandbox(), { events: ['chat:new', 'message:reaction', 'message:new'] }, 'getSubscriptionUsage'));

		expect(options.map(({ name }) => name)).toEqual([
			'This trigger takes 3; 2 of 10 are in use',
			'message:new → https://hooks.example/a',
			'chat:new → https://hooks.example/b',
		]);
		expect(options.slice(1).map(({ description }) => description)).toEqual([expect.stringMatching(/^ID \d+, 3 failed deliveries in a row$/), expect.stringMatching(/^ID \d+, disabled$/)]);
	});
});
