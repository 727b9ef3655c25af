/** The partner trigger, in real n8n against the sandbox: what is genuine starts one run, everything else none. */
import { createSign, generateKeyPairSync } from 'node:crypto';
import { type INodeExecutionData, type INodeParameters } from 'n8n-workflow';
import { TimelinesAiPartnerApi } from '../../credentials/TimelinesAiPartnerApi.credentials';
import { TimelinesAiPartnerTrigger } from '../../nodes/TimelinesAiPartnerTrigger/TimelinesAiPartnerTrigger.node';
import { type Delivery, type DeliveryRequest, logs, type NodeRun, runNode, TriggerHarness } from '../harness';
import { partnerEventTypes, signJwt } from '../sandbox';
import { useSandbox } from './kit';
import { webhookIdOf } from './triggerKit';

const sandbox = useSandbox({ webhooks: { retryDelayMs: 5 } });

const all = [...partnerEventTypes] as string[];
const credential = () => ({ partnerId: sandbox().partner.id, partnerSecret: sandbox().partner.secret, baseUrl: sandbox().partnerApiUrl });

const setup = (parameters: INodeParameters = {}, data: object = {}) => ({
	node: new TimelinesAiPartnerTrigger(),
	parameters: { events: all, ...parameters },
	credentials: { timelinesAiPartnerApi: { ...credential(), ...data } },
	credentialTypes: [new TimelinesAiPartnerApi()],
});

/** A published workflow with the trigger. */
async function publish(parameters: INodeParameters = {}, data: object = {}): Promise<TriggerHarness> {
	const trigger = new TriggerHarness(setup(parameters, data));
	await trigger.activate();
	return trigger;
}

/** What the workflow sees in the execution that a delivery starts. */
async function outputOf(
	{ workflowData }: Pick<Delivery, 'workflowData'>,
	parameters: INodeParameters = {},
	more: Partial<NodeRun> = {},
): Promise<Array<INodeExecutionData['json']>> {
	expect(workflowData).toBeDefined();
	const { items } = await runNode({ ...setup(parameters), items: workflowData?.[0], mode: 'webhook', ...more });
	return items.map(({ json }) => json);
}

const seconds = () => Math.floor(Date.now() / 1000);
const claims = (more: object = {}) => ({ partner_id: sandbox().partner.id, nbf: seconds() - 180, exp: seconds() + 180, ...more });
const token = (more: object = {}, secret = sandbox().partner.secret, header?: object) => signJwt(claims(more), secret, header);

let happened = 0;
/** A genuine body; each tells of something else. */
const event = (more: object = {}) => ({
	workspace_id: 'acme',
	partner_id: sandbox().partner.id,
	event_type: 'whatsapp_account:disconnected',
	triggered_at: new Date(Date.UTC(2026, 0, 1) + ++happened * 1000).toISOString(),
	whatsapp_account_id: 67890,
	phone_number_e164: '+14155550123',
	user_id: 98765,
	disconnected_at: '2026-01-01T12:00:00Z',
	reason: '(logged out)',
	...more,
});
/** A genuine delivery, but for what is given. */
const delivery = ({ signature = token(), partner = sandbox().partner.id, body = event() as unknown }: { signature?: string; partner?: string; body?: unknown } = {}): DeliveryRequest => ({
	body,
	headers: { ...(partner && { 'X-TL-Partner-Id': partner }), ...(signature && { 'X-TL-Signature': signature }) },
});

describe('an event', () => {
	it('is answered and starts the workflow with a flat output', async () => {
		const trigger = await publish();
		const body = event();

		const delivered = await trigger.deliver(delivery({ body }));

		expect(delivered.status).toBe(200);
		expect(await outputOf(delivered)).toEqual([{
			event: 'whatsapp_account:disconnected', workspaceId: 'acme', triggeredAt: body.triggered_at, userId: 98765, whatsappAccountId: 67890,
			phone: '+14155550123', disconnectedAt: '2026-01-01T12:00:00Z', reason: '(logged out)', receivedAt: expect.stringMatching(/Z$/),
		}]);
	});

	it('comes out as TimelinesAI sent it with Output: Raw', async () => {
		const trigger = await publish({ output: 'raw' });
		const body = event();

		expect(await outputOf(await trigger.deliver(delivery({ body })), { output: 'raw' })).toEqual([body]);
	});

	it('starts nothing where it is not chosen, or not known yet, and counts as delivered', async () => {
		const trigger = await publish({ events: ['api_token:rotated'] });

		const other = await trigger.deliver(delivery());
		const unknown = await trigger.deliver(delivery({ body: event({ event_type: 'workspace:deleted' }) }));

		expect([other, unknown].map(({ status, workflowData }) => [status, workflowData])).toEqual([[200, undefined], [200, undefined]]);
	});

	it('of each of the eight kinds comes from TimelinesAI, by what happens there', async () => {
		const trigger = await publish();
		try {
			await trigger.listen();
			const { partner } = sandbox();
			partner.webhookUrl = trigger.url();

			for (const type of partnerEventTypes) partner.emit(type);
			await sandbox().settled();

			const outputs = (await Promise.all(trigger.deliveries.map(async (delivered) => await outputOf(delivered)))).flat();
			expect(outputs.map((json) => json.event).sort()).toEqual([...all].sort());
			const of = (type: string) => outputs.find((json) => json.event === type);
			for (const json of outputs) {
				expect(json).toMatchObject({ workspaceId: 'acme-inc', triggeredAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) });
				expect(Object.values(json)).not.toContain(undefined);
			}
			const period = { periodStart: expect.any(String), periodEnd: expect.any(String) };
			expect(of('workspace:seats_full')).toMatchObject({ seatsPurchased: 5, seatsAvailable: 0 });
			expect(of('workspace:quota_near_full:messaging')).toMatchObject({ quotaTotal: 1000, quotaUsed: 900, utilizationPercent: 90, ...period });
			expect(of('workspace:quota_full:messaging')).toMatchObject({ quotaTotal: 1000, quotaUsed: 1000, utilizationPercent: 100, ...period });
			expect(of('workspace:quota_full:transactions')).toMatchObject({ quotaTotal: null, quotaUsed: null, ...period });
			expect(of('workspace:quota_full:api_calls')).toMatchObject({ quotaTotal: 200_000, quotaUsed: 200_000, ...period });
			expect(of('whatsapp_account:connected')).toMatchObject({ phone: '+302105550012', userId: expect.any(Number), whatsappAccountId: expect.any(Number) });
			expect(of('whatsapp_account:disconnected')).toMatchObject({ phone: '+302105550012', reason: '(logged out)', disconnectedAt: expect.any(String) });
			expect(of('api_token:rotated')).toMatchObject({ rotatedAt: expect.any(String) });
			expect(sandbox().deliveries.map(({ status }) => status)).toEqual(all.map(() => 200));
		} finally {
			await trigger.close();
		}
	});

	it('of one second is told from another by whom it happened to', async () => {
		const trigger = await publish();
		const body = event();

		const runs = [await trigger.deliver(delivery({ body })), await trigger.deliver(delivery({ body: { ...body, user_id: 1, whatsapp_account_id: 2 } }))];

		expect(runs.map(({ workflowData }) => workflowData?.length)).toEqual([1, 1]);
	});
});

describe('an event that is delivered again', () => {
	const started = (deliveries: Array<{ workflowData: unknown }>) => deliveries.filter(({ workflowData }) => workflowData).length;

	it('starts one run: right away, later with a new signature, at the same moment, and after a restart', async () => {
		const trigger = await publish();
		const body = event();
		const later = () => delivery({ body, signature: token({ nbf: seconds() - 170, exp: seconds() + 190 }) });

		const together = await Promise.all([delivery({ body }), delivery({ body }), later()].map(async (request) => await trigger.deliver(request)));
		const again = await trigger.deliver(later());
		const afterRestart = await trigger.restart().deliver(later());

		expect(started([...together, again, afterRestart])).toBe(1);
		expect([...together, again, afterRestart].map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
	});

	it('is known from what n8n has saved, even to a process that has not seen it', async () => {
		const trigger = await publish();
		const body = event();
		await trigger.deliver(delivery({ body }));

		const other = new TriggerHarness({ ...setup(), staticData: trigger.staticData });

		expect((await other.deliver(delivery({ body }))).workflowData).toBeUndefined();
		expect((await other.deliver(delivery())).workflowData).toBeDefined();
	});

	it('has one run where n8n takes up an execution after it was killed; one that is repeated by hand runs', async () => {
		const trigger = await publish();
		const delivered = await trigger.deliver(delivery());
		const more = { nodeSettings: { webhookId: webhookIdOf(trigger) } };

		const runs = [
			await outputOf(delivered, {}, more),
			await outputOf(delivered, {}, more),
			await outputOf(await trigger.deliver(delivery()), {}, more),
			await outputOf(delivered, {}, { ...more, mode: 'retry' }),
		];

		expect(runs.map((items) => items.length)).toEqual([1, 0, 1, 1]);
	});

	it('starts one run when TimelinesAI itself repeats it', async () => {
		const trigger = await publish();
		try {
			await trigger.listen();
			sandbox().partner.webhookUrl = trigger.url();
			sandbox().misdeliver({ duplicate: 1 });

			sandbox().partner.emit('api_token:rotated');
			await sandbox().settled();

			expect(sandbox().deliveries).toHaveLength(2);
			expect(started(trigger.deliveries)).toBe(1);
		} finally {
			await trigger.close();
		}
	});
});

describe('a forged delivery is refused with 401, starts nothing and says nothing', () => {
	const parts = (text: string) => text.split('.') as [string, string, string];
	const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

	it.each<[string, () => DeliveryRequest]>([
		['no signature', () => delivery({ signature: '' })],
		['a signature that is no token', () => delivery({ signature: 'abc' })],
		['another key', () => delivery({ signature: token({}, 'another secret') })],
		['an empty key', () => delivery({ signature: token({}, '') })],
		['alg none without a signature', () => delivery({ signature: `${encoded({ alg: 'none', typ: 'JWT' })}.${encoded(claims())}.` })],
		['alg none with the secret’s signature', () => delivery({ signature: token({}, undefined, { alg: 'none', typ: 'JWT' }) })],
		['alg RS256 with the secret as the key', () => delivery({ signature: token({}, undefined, { alg: 'RS256', typ: 'JWT' }) })],
		['alg RS256 with a key of the attacker’s', () => {
			const content = `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded(claims())}`;
			const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
			return delivery({ signature: `${content}.${createSign('RSA-SHA256').update(content).sign(key, 'base64url')}` });
		}],
		['alg HS512', () => delivery({ signature: token({}, undefined, { alg: 'HS512', typ: 'JWT' }) })],
		['a header that demands an extension', () => delivery({ signature: token({}, undefined, { alg: 'HS256', crit: ['exp'] }) })],
		['claims that were changed', () => {
			const [header, , mac] = parts(token());
			return delivery({ signature: `${header}.${encoded(claims({ exp: seconds() + 9_999 }))}.${mac}` });
		}],
		['a truncated signature', () => delivery({ signature: token().slice(0, -1) })],
		['a signature cut to its head', () => delivery({ signature: parts(token()).slice(0, 2).join('.') })],
		['a signature in another spelling', () => delivery({ signature: `${token()}=` })],
		['a second signature behind the first', () => delivery({ signature: `${token()}, ${token()}` })],
		['a signature that has expired', () => delivery({ signature: token({ exp: seconds() - 65 }) })],
		['a signature that is not valid yet', () => delivery({ signature: token({ nbf: seconds() + 65 }) })],
		['a signature without an end', () => delivery({ signature: token({ exp: undefined }) })],
		['a signature without a beginning', () => delivery({ signature: token({ nbf: undefined }) })],
		['times that are text', () => delivery({ signature: token({ exp: String(seconds() + 180) }) })],
		['a signature for another partner', () => delivery({ signature: token({ partner_id: 'partner_666' }) })],
		['a signature for no partner', () => delivery({ signature: token({ partner_id: undefined }) })],
		['claims that are a list', () => delivery({ signature: signJwt([sandbox().partner.id] as never, sandbox().partner.secret) })],
		['another partner in the header', () => delivery({ partner: 'partner_666' })],
		['no partner in the header', () => delivery({ partner: '' })],
		['another partner in the body', () => delivery({ body: event({ partner_id: 'partner_666' }) })],
		['no partner in the body', () => delivery({ body: event({ partner_id: undefined }) })],
		['a body that is a list', () => delivery({ body: [event()] })],
		['another partner everywhere, correctly signed with another key', () => delivery({
			signature: signJwt(claims({ partner_id: 'partner_666' }), 'another secret'), partner: 'partner_666', body: event({ partner_id: 'partner_666' }),
		})],
	])('%s', async (_, request) => {
		const trigger = await publish();

		const refused = await trigger.deliver(request());
		const genuine = await trigger.deliver(delivery());

		expect(refused).toMatchObject({ status: 401, workflowData: undefined, body: { message: 'Not authorized' }, error: undefined });
		expect(genuine.status).toBe(200);
		expect(JSON.stringify(logs)).not.toContain(sandbox().partner.secret);
	});

	it('but the log says why, without the signature', async () => {
		const trigger = await publish();
		logs.length = 0;
		const signature = token({ exp: seconds() - 65 });

		await trigger.deliver(delivery({ signature }));

		expect(logs.filter(({ level }) => level === 'warn').map(({ message }) => message)).toEqual([
			'TimelinesAI Partner Trigger refused a delivery: its signature has expired; is the clock of n8n right?',
		]);
		expect(JSON.stringify(logs)).not.toContain(signature);
	});

	it('and leaves no trace: the genuine event with the same body still starts a run', async () => {
		const trigger = await publish();
		const body = event();

		await trigger.deliver(delivery({ body, signature: token({}, 'another secret') }));

		expect((await trigger.deliver(delivery({ body }))).workflowData).toBeDefined();
	});

	it.each([['the secret', { partnerSecret: '' }], ['the partner', { partnerId: '' }]])('whatever it is, when %s is missing in the credential', async (_, missing) => {
		const trigger = await publish();
		const broken = new TriggerHarness(setup({}, missing));
		const attempts = [delivery(), delivery({ signature: token({}, '') }), delivery({ signature: token({ partner_id: '' }), partner: '', body: event({ partner_id: '' }) })];

		for (const attempt of attempts) expect(await broken.deliver(attempt)).toMatchObject({ status: 401, workflowData: undefined });
		await expect(publish({}, missing)).rejects.toThrow('in the credential is empty');
		await trigger.deactivate();
	});

	it('but clocks may differ by a minute', async () => {
		const trigger = await publish();

		const runs = [await trigger.deliver(delivery({ signature: token({ exp: seconds() - 30 }) })), await trigger.deliver(delivery({ signature: token({ nbf: seconds() + 30 }) }))];

		expect(runs.map(({ status }) => status)).toEqual([200, 200]);
	});
});

describe('a signature that is used again for another body', () => {
	it('is accepted until it expires: the signature does not cover the body, and events of one second share it', async () => {
		const trigger = await publish();
		const signature = token();

		const runs = [await trigger.deliver(delivery({ signature })), await trigger.deliver(delivery({ signature }))];

		expect(runs.map(({ status, workflowData }) => [status, workflowData?.length])).toEqual([[200, 1], [200, 1]]);
	});

	it('is refused with the option One Event per Signature, while its own event may come again', async () => {
		const trigger = await publish({ options: { oneEventPerSignature: true } });
		const signature = token();
		const body = event();

		const first = await trigger.deliver(delivery({ signature, body }));
		const stolen = await trigger.deliver(delivery({ signature }));
		const repeated = await trigger.deliver(delivery({ signature, body }));
		const next = await trigger.deliver(delivery({ signature: token({ exp: seconds() + 181 }) }));

		expect([first, stolen, repeated, next].map(({ status, workflowData }) => [status, workflowData?.length])).toEqual([[200, 1], [401, undefined], [200, undefined], [200, 1]]);
	});

	it('is not lost for good with that option: TimelinesAI delivers it again with a signature of another second', async () => {
		const trigger = await publish({ options: { oneEventPerSignature: true } });
		const signature = token();
		const body = event();
		await trigger.deliver(delivery({ signature }));

		const refused = await trigger.deliver(delivery({ signature, body }));
		const again = await trigger.deliver(delivery({ signature: token({ exp: seconds() + 185 }), body }));

		expect([refused, again].map(({ status, workflowData }) => [status, workflowData?.length])).toEqual([[401, undefined], [200, 1]]);
	});
});

describe('in the editor', () => {
	it('one test event starts a test run, the same one again in the next test', async () => {
		const trigger = await publish();
		const body = event();

		for (let test = 1; test <= 2; test++) {
			const listening = await trigger.listenForTestEvent();
			const { status, workflowData } = await listening.deliver(delivery({ body }));
			expect([status, workflowData?.length]).toEqual([200, 1]);
		}
		expect((await trigger.deliver(delivery({ body }))).workflowData).toBeDefined();
	});

	it('the panel shows the words for the support, and nothing registers anything', async () => {
		const { description } = new TimelinesAiPartnerTrigger();
		const notices = description.properties.filter(({ type }) => type === 'notice').map(({ displayName }) => displayName);

		const trigger = await publish();

		expect(notices.join(' ')).toContain('Please set the webhook URL of our partner account');
		expect(sandbox().requests).toEqual([]);
		await trigger.deactivate();
		expect(sandbox().requests).toEqual([]);
	});
});
