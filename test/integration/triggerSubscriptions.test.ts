/** The subscriptions of the trigger at TimelinesAI: made, repaired, removed, and never anybody else's. */
import fc from 'fast-check';
import { type INodeParameters } from 'n8n-workflow';
import { logs, type TestListening, type TriggerHarness } from '../harness';
import { type Sandbox, type Webhook } from '../sandbox';
import { useSandbox } from './kit';
import { deliveryTo, subscribedTo, triggerOf, webhookIdOf } from './triggerKit';

const five = ['message:received:new', 'message:sent:new', 'message:reaction', 'chat:new', 'call:incoming:missed'];
const sorted = (values: string[]) => [...values].sort();
const secretOf = ({ url }: Pick<Webhook, 'url'>) => new URL(url).searchParams.get('n8n_secret') ?? '';

describe('activation', () => {
	const sandbox = useSandbox();

	it('makes one subscription an event, each with the webhook of the node and the same secret', async () => {
		const trigger = triggerOf(sandbox(), { events: five });

		await trigger.activate();

		const subscriptions = sandbox().world.subscriptions();
		expect(subscribedTo(sandbox())).toEqual(sorted(five));
		expect(new Set(subscriptions.map(({ url }) => url)).size).toBe(1);
		expect(subscriptions[0]?.url.split('?')[0]).toBe(trigger.url());
		expect(secretOf(subscriptions[0]!)).toMatch(/^[\w-]{43}$/);
		expect(trigger.nodeStaticData).toMatchObject({ secret: secretOf(subscriptions[0]!) });
	});

	it('finds what exists and asks nothing more of the API', async () => {
		const trigger = triggerOf(sandbox(), { events: five });
		await trigger.activate();
		const before = sandbox().requests.length;

		await trigger.activate();

		expect(sandbox().requests.slice(before).map(({ route }) => route)).toEqual(['GET /webhooks']);
	});

	it('enables what was disabled and makes again what was deleted', async () => {
		const trigger = triggerOf(sandbox(), { events: five });
		await trigger.activate();
		const [disabled, deleted] = sandbox().world.subscriptions();
		disabled!.enabled = false;
		deleted!.deleted = true;

		expect(await trigger.checkExists()).toBe(false);
		await trigger.activate();

		expect(sandbox().world.subscriptions().filter(({ enabled }) => enabled)).toHaveLength(5);
		expect(await trigger.checkExists()).toBe(true);
	});

	it('keeps to the events that are chosen now: new ones come, others go, what stays keeps its id', async () => {
		const trigger = triggerOf(sandbox(), { events: ['message:received:new', 'chat:new'] });
		await trigger.activate();
		// n8n ended before it could call delete.
		const after = triggerOf(sandbox(), { events: ['chat:new', 'message:reaction'] }, { staticData: trigger.staticData, webhookId: webhookIdOf(trigger) });
		const kept = sandbox().world.subscriptions().find(({ eventType }) => eventType === 'chat:new');

		await after.activate();

		expect(subscribedTo(sandbox())).toEqual(['chat:new', 'message:reaction']);
		expect(sandbox().world.subscriptions()).toContain(kept);
	});

	it('makes room for new events before it takes it, so that a full workspace is no obstacle', async () => {
		const trigger = triggerOf(sandbox(), { events: five });
		await trigger.activate();
		for (let index = 0; index < 5; index++) sandbox().world.addWebhook({ eventType: 'message:new', url: `https://other.example/${index}` });
		const others = ['message:new', 'chat:incoming:new', 'chat:outgoing:new', 'call:incoming:ended', 'call:outgoing:ended'];
		const after = triggerOf(sandbox(), { events: others }, { staticData: trigger.staticData, webhookId: webhookIdOf(trigger) });

		await after.activate();

		expect(sandbox().world.subscriptions().filter(({ url }) => url.startsWith(after.url())).map(({ eventType }) => eventType).sort()).toEqual(sorted(others));
	});

	it('starts over with a new secret where n8n has lost its static data', async () => {
		const before = triggerOf(sandbox());
		await before.activate();
		const [old] = sandbox().world.subscriptions();
		const after = triggerOf(sandbox(), {}, { webhookId: webhookIdOf(before) });

		await after.activate();

		const [now, ...more] = sandbox().world.subscriptions();
		expect(more).toEqual([]);
		expect(secretOf(now!)).not.toBe(secretOf(old!));
		expect((await after.deliver({ ...deliveryTo(now!), body: { event_type: 'message:received:new' } })).status).toBe(200);
	});

	it.each([
		['no event', { events: [] }, 'No event is chosen'],
		['an event that does not exist', { events: ['chat:created'] }, 'There is no event “chat:created”'],
		['a filter that cannot be used', { filters: { textMatches: '(' } }, 'The regular expression in “Text Matches” cannot be used: There is a “(” without its “)”'],
		['a filter for a phone number that is none', { filters: { whatsappPhone: 'sales' } }, '“sales” in the filters is not a phone number'],
		['a filter for a chat that is none', { filters: { chatId: { __rl: true, mode: 'url', value: 'https://example.com/' } } }, 'is not the ID or URL of a chat'],
	])('refuses %s before it subscribes to anything', async (_, parameters, message) => {
		await expect(triggerOf(sandbox(), parameters as INodeParameters).activate()).rejects.toThrow(message);

		expect(subscribedTo(sandbox())).toEqual([]);
	});
});

describe('an activation that fails', () => {
	const sandbox = useSandbox();

	const failures = {
		'is refused': { kind: 'status', status: 400, body: { status: 'error', message: 'No' } },
		'breaks off after it was carried out': { kind: 'resetAfter' },
		'fails at TimelinesAI, which may have carried it out': { kind: 'status', status: 500, process: true },
	} as const;
	const positions = [0, 2, 4];

	it.each(Object.keys(failures).flatMap((how) => positions.map((position) => [position + 1, how] as const)))(
		'leaves nothing behind when subscription %i of 5 %s',
		async (position, how) => {
			const foreign = sandbox().world.addWebhook({ eventType: 'message:new', url: 'https://other.example/hook' });
			sandbox().faults.add({ ...failures[how as keyof typeof failures], match: 'POST /webhooks', after: position - 1, times: 3 });
			const trigger = triggerOf(sandbox(), { events: five });

			await expect(trigger.activate()).rejects.toThrow();

			expect(sandbox().world.subscriptions()).toEqual([foreign]);
			sandbox().faults.clear();
			await trigger.activate();
			expect(subscribedTo(sandbox())).toEqual(sorted([...five, 'message:new']));
		},
	);

	it('names what it could not remove either, and the next activation clears it up', async () => {
		sandbox().faults.add({ kind: 'status', status: 400, body: { status: 'error', message: 'No' }, match: 'POST /webhooks', after: 1 });
		sandbox().faults.add({ kind: 'status', status: 400, body: { status: 'error', message: 'Not now' }, match: /^DELETE/ });
		const trigger = triggerOf(sandbox(), { events: five });

		const failure = await trigger.activate().catch((error: Error) => error.message);

		const [left] = sandbox().world.subscriptions();
		expect(failure).toContain(`The subscription ${left?.id} (message:received:new) is still at TimelinesAI: Not now.`);
		sandbox().faults.clear();
		await trigger.activate();
		expect(subscribedTo(sandbox())).toEqual(sorted(five));
		await trigger.deactivate();
		expect(subscribedTo(sandbox())).toEqual([]);
	});

	it('because the limit is reached says who holds the subscriptions, without their secrets', async () => {
		const { world } = sandbox();
		for (let index = 0; index < 8; index++) world.addWebhook({ eventType: 'message:new', url: `https://hooks.example/${index}?token=hidden` });

		const failure = await triggerOf(sandbox(), { events: five }).activate().catch((error: Error) => error.message);

		expect(failure).toContain('The limit of 10 webhooks per workspace is reached. This trigger needs 5, and 8 are taken: message:new → https://hooks.example/0, ');
		expect(failure).not.toContain('hidden');
		expect(world.subscriptions()).toHaveLength(8);
	});

	it('because the token lacks the right says what to do about it', async () => {
		sandbox().world.permissions.set('POST /webhooks', 'permission_denied');

		await expect(triggerOf(sandbox()).activate()).rejects.toThrow(/Ask an admin of the workspace for the right or for another token/);
	});

	it('because the token is wrong says so', async () => {
		const trigger = triggerOf(sandbox());
		sandbox().world.token = 'another';

		await expect(trigger.activate()).rejects.toThrow(/API token/);
		// The old one is what the test of the sandbox looks at.
		sandbox().breaches.length = 0;
	});

	it('never shows the secret, even where the API repeats the URL', async () => {
		const trigger = triggerOf(sandbox());
		await trigger.activate();
		const secret = secretOf(sandbox().world.subscriptions()[0]!);
		await trigger.deactivate();
		sandbox().faults.add({ kind: 'status', status: 400, body: { status: 'error', message: `Bad URL ${trigger.url()}?n8n_secret=${secret}` }, match: 'POST /webhooks' });

		const failure = await trigger.activate().catch((error: Error) => error.message);

		expect(failure).toContain('n8n_secret=***');
		expect(JSON.stringify([failure, logs])).not.toContain(secret);
	});
});

describe('an n8n without a public address', () => {
	const sandbox = useSandbox({ webhookUrls: 'public' });

	it.each(['http://localhost:5678', 'https://192.168.0.7', 'https://n8n.lan'])('is told about WEBHOOK_URL at %s', async (instanceUrl) => {
		const trigger = triggerOf(sandbox(), {}, { instanceUrl });

		await expect(trigger.activate()).rejects.toThrow(`TimelinesAI cannot reach this n8n at ${trigger.url()}: it takes only public HTTPS addresses. Set the environment variable WEBHOOK_URL`);
		expect(subscribedTo(sandbox())).toEqual([]);
	});
});

describe('deactivation', () => {
	const sandbox = useSandbox();

	it('removes its own subscriptions and nobody else’s, on the same n8n either', async () => {
		const trigger = triggerOf(sandbox(), { events: five });
		const neighbour = triggerOf(sandbox(), { events: five.slice(0, 3) }, { workflowId: 'workflow-2' });
		await trigger.activate();
		await neighbour.activate();
		const byHand = sandbox().world.addWebhook({ eventType: 'chat:new', url: trigger.url() });
		const similar = sandbox().world.addWebhook({ eventType: 'chat:new', url: `${trigger.url()}-2?n8n_secret=x` });

		await trigger.deactivate();

		const left = sandbox().world.subscriptions();
		expect(left).toEqual(expect.arrayContaining([byHand, similar]));
		expect(left.filter(({ url }) => url.startsWith(`${neighbour.url()}?`))).toHaveLength(3);
		expect(left).toHaveLength(5);
	});

	it('does not mind what is gone already', async () => {
		const trigger = triggerOf(sandbox(), { events: five });
		await trigger.activate();
		for (const subscription of sandbox().world.subscriptions().slice(0, 2)) subscription.deleted = true;
		sandbox().faults.add({ kind: 'status', status: 404, body: { status: 'error', message: 'Not found' }, match: /^DELETE/, times: 1, process: true });

		await trigger.deactivate();

		expect(subscribedTo(sandbox())).toEqual([]);
	});

	it('goes on past one that cannot be removed, and reports that one by its id', async () => {
		const trigger = triggerOf(sandbox(), { events: five });
		await trigger.activate();
		const [first] = sandbox().world.subscriptions();
		sandbox().faults.add({ kind: 'status', status: 403, body: { status: 'error', message: 'Forbidden here', error_code: 'permission_denied' }, match: `DELETE /webhooks/${first!.id}` });

		await expect(trigger.deactivate()).rejects.toThrow(`The subscription ${first!.id} (${first!.eventType}) is still at TimelinesAI: Forbidden here.`);

		expect(sandbox().world.subscriptions()).toEqual([first]);
	});

	it('reports all of them by id where TimelinesAI does not let it look', async () => {
		const trigger = triggerOf(sandbox(), { events: five.slice(0, 2) });
		await trigger.activate();
		const [first, second] = sandbox().world.subscriptions();
		sandbox().faults.add({ kind: 'status', status: 403, body: { status: 'error', message: 'Forbidden here' }, match: 'GET /webhooks' });

		const failure = await trigger.deactivate().catch((error: Error) => error.message);

		expect(failure).toContain('The subscriptions of this trigger could not be looked up: Forbidden here.');
		expect(failure).toContain(`The subscription ${first!.id} (`);
		expect(failure).toContain(`The subscription ${second!.id} (`);
	});
});

describe('listening for a test event', () => {
	const sandbox = useSandbox();

	it('has subscriptions and a secret of its own, and goes without a trace', async () => {
		const trigger = triggerOf(sandbox(), { events: five.slice(0, 2) });
		await trigger.activate();
		const production = sandbox().world.subscriptions();

		const listening = await trigger.listenForTestEvent();
		const test = sandbox().world.subscriptions().filter((one) => !production.includes(one));
		expect(test.map(({ url }) => url.split('?')[0])).toEqual([listening.url, listening.url]);
		expect(secretOf(test[0]!)).not.toBe(secretOf(production[0]!));
		await listening.cancel();

		expect(sandbox().world.subscriptions()).toEqual(production);
	});

	it('takes one event while production takes it as well', async () => {
		const trigger = triggerOf(sandbox());
		await trigger.listen();
		await trigger.activate();
		const listening = await trigger.listenForTestEvent();

		sandbox().customerWrites({ phone: '+14155550123', text: 'One' });
		await sandbox().settled();
		sandbox().customerWrites({ phone: '+14155550123', text: 'Two' });
		await sandbox().settled();

		const started = trigger.deliveries.filter(({ workflowData }) => workflowData);
		expect(started).toHaveLength(3);
		expect(listening.active).toBe(false);
		expect(sandbox().world.subscriptions()).toHaveLength(1);
		await trigger.close();
	});

	it('clears up what an earlier listening could not, because n8n ended', async () => {
		const trigger = triggerOf(sandbox());
		await trigger.listenForTestEvent();
		const again = triggerOf(sandbox(), {}, { webhookId: webhookIdOf(trigger) });

		const listening = await again.listenForTestEvent();

		expect(sandbox().world.subscriptions()).toHaveLength(1);
		await listening.cancel();
		expect(sandbox().world.subscriptions()).toEqual([]);
	});
});

describe('whatever happens, in whatever order', () => {
	const sandbox = useSandbox();

	// What can happen to two triggers on one n8n. A crash is an activation or deactivation of which n8n saved nothing.
	const action = fc.oneof(
		fc.record({ kind: fc.constantFrom('activate', 'deactivate', 'crashInActivation', 'crashInDeactivation', 'listen', 'stopListening', 'restart' as const), who: fc.nat(1) }),
		fc.record({ kind: fc.constantFrom('choose' as const), who: fc.nat(1), events: fc.subarray(five, { minLength: 1 }) }),
		fc.record({ kind: fc.constantFrom('deletedOutside', 'disabledOutside' as const), who: fc.nat(9) }),
		fc.record({ kind: fc.constantFrom('refuse' as const), who: fc.constant(0), method: fc.constantFrom('GET', 'POST', 'DELETE'), after: fc.nat(3), times: fc.integer({ min: 1, max: 3 }) }),
	);

	it('no subscription is left over and nothing foreign is touched', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 12 }), async (actions) => {
				await sandbox().reset();
				const foreign = addForeign(sandbox());
				const before = JSON.stringify(foreign);
				const pair = [new Player(sandbox(), 'workflow-1'), new Player(sandbox(), 'workflow-2')];
				for (const what of actions) {
					if (what.kind === 'refuse') {
						const { method, after, times } = what;
						sandbox().faults.add({ kind: 'status', status: 400, body: { status: 'error', message: 'No' }, match: new RegExp(`^${method} `), after, times });
					} else if (what.kind === 'deletedOutside' || what.kind === 'disabledOutside') {
						const own = sandbox().world.subscriptions().filter((one) => !foreign.includes(one));
						const hit = own[what.who % Math.max(own.length, 1)];
						if (hit) hit[what.kind === 'deletedOutside' ? 'deleted' : 'enabled'] = what.kind === 'deletedOutside';
					} else {
						await pair[what.who]!.play(what);
					}
					expect(JSON.stringify(foreign)).toBe(before);
				}

				sandbox().faults.clear();
				sandbox().world.subscriptionLimit = 100;
				for (const player of pair) {
					await player.play({ kind: 'activate' });
					expect(sandbox().world.subscriptions().filter(({ url, enabled }) => enabled && url.startsWith(`${player.trigger.url()}?`)).map(({ eventType }) => eventType).sort()).toEqual(sorted(player.events));
					await player.play({ kind: 'stopListening' });
					await player.play({ kind: 'deactivate' });
				}
				expect(JSON.stringify(sandbox().world.subscriptions())).toBe(before);
			}),
			{ numRuns: 500 },
		);
	}, 300_000);
});

/** Subscriptions of others: another tool, another workflow of the same n8n, another n8n with a copy of this database. */
function addForeign({ world }: Sandbox): Webhook[] {
	return [
		world.addWebhook({ eventType: 'message:received:new', url: 'https://other.example/hook' }),
		world.addWebhook({ eventType: 'chat:new', url: 'https://n8n.example.com/webhook/0c1d/webhook?n8n_secret=theirs' }),
		world.addWebhook({ eventType: 'chat:new', url: 'https://staging.example.com/webhook/0c1d/webhook?n8n_secret=theirs', enabled: false }),
	];
}

/** One trigger in the hands of n8n. */
class Player {
	trigger: TriggerHarness;
	events = five.slice(0, 2);
	private readonly webhookId: string;
	private listening: TestListening | undefined;

	constructor(
		private readonly sandbox: Sandbox,
		private readonly workflowId: string,
	) {
		this.trigger = triggerOf(sandbox, { events: this.events }, { workflowId });
		this.webhookId = webhookIdOf(this.trigger);
	}

	async play(what: { kind: string; events?: string[] }): Promise<void> {
		const saved = this.trigger.staticData;
		// Every step may fail; n8n logs it or shows it, and goes on.
		const attempt = async (step: () => Promise<unknown>) => {
			await step().catch((error: Error) => expect(error.name).toMatch(/^Node(Api|Operation)Error$/));
		};
		switch (what.kind) {
			case 'activate':
				return await attempt(async () => await this.trigger.activate());
			case 'deactivate':
				return await attempt(async () => await this.trigger.deactivate());
			case 'crashInActivation':
				await attempt(async () => await this.trigger.create());
				return this.load(saved);
			case 'crashInDeactivation':
				await attempt(async () => await this.trigger.delete());
				return this.load(saved);
			case 'choose':
				this.events = what.events ?? this.events;
				return this.load(saved);
			case 'restart':
				return this.load(saved);
			case 'listen':
				return await attempt(async () => {
					this.listening = await this.trigger.listenForTestEvent();
				});
			case 'stopListening':
				// n8n may have ended meanwhile; to listen once more clears up what was left.
				return await attempt(async () => await (this.listening ?? (await this.trigger.listenForTestEvent())).cancel());
		}
	}

	private load(staticData: TriggerHarness['staticData']): void {
		this.trigger = triggerOf(this.sandbox, { events: this.events }, { workflowId: this.workflowId, webhookId: this.webhookId, staticData });
	}
}

