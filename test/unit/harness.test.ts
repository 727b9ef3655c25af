/** What the other tests rely on: the harness behaves as n8n does. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import {
	type ICredentialType,
	type IDataObject,
	type IExecuteFunctions,
	type IHookFunctions,
	type ILoadOptionsFunctions,
	type INodeExecutionData,
	type INodeProperties,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
	type IWebhookFunctions,
	NodeOperationError,
	WAIT_INDEFINITELY,
} from 'n8n-workflow';
import {
	followLink,
	letWaitPass,
	listSearch,
	loadOptions,
	logs,
	type NodeRun,
	readBinary,
	resourceMapping,
	runNode,
	testCredential,
	TriggerHarness,
	withBinary,
} from '../harness';

/** A little API on loopback: it answers what it got, and never answers `/slow`. */
let api: Server;
let baseUrl: string;
let calls: Array<Pick<IncomingMessage, 'method' | 'url' | 'headers'>> = [];

beforeAll(async () => {
	api = createServer(({ method, url, headers }, response) => {
		calls.push({ method, url, headers });
		if (url === '/slow') return;
		const known = headers.authorization === 'Bearer good';
		response.writeHead(known ? 200 : 401, { 'content-type': 'application/json' });
		response.end(JSON.stringify(known ? { authorization: headers.authorization } : { message: 'Who are you?' }));
	});
	await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
	baseUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
});

beforeEach(() => {
	calls = [];
	logs.length = 0;
});

afterAll(async () => {
	api.closeAllConnections();
	await new Promise((resolve) => api.close(resolve));
});

class ProbeApi implements ICredentialType {
	name = 'probeApi';
	displayName = 'Probe API';
	properties: INodeProperties[] = [
		{ displayName: 'Token', name: 'token', type: 'string', default: '' },
		{ displayName: 'Base URL', name: 'baseUrl', type: 'string', default: 'http://127.0.0.1:9' },
	];
	authenticate = { type: 'generic' as const, properties: { headers: { Authorization: '=Bearer {{ $credentials.token }}' } } };
	test = {
		request: { baseURL: '={{ $credentials.baseUrl }}', url: '/me' },
		rules: [{ type: 'responseCode' as const, properties: { value: 401, message: 'The token is not valid' } }],
	};
}

const description = (name: string, more: Partial<INodeTypeDescription> = {}): INodeTypeDescription => ({
	displayName: name,
	name: name.toLowerCase(),
	group: ['transform'],
	version: 1,
	description: 'A node of this test',
	defaults: { name },
	inputs: ['main'],
	outputs: ['main'],
	credentials: [{ name: 'probeApi' }],
	properties: [],
	...more,
});

/** Does what its parameter says, item by item. */
class Probe implements INodeType {
	description = description('Probe', {
		properties: [
			{ displayName: 'Operation', name: 'operation', type: 'string', default: 'say' },
			{ displayName: 'Text', name: 'text', type: 'string', default: 'default text' },
			{ displayName: 'Chat', name: 'chatId', type: 'resourceLocator', default: { mode: 'list', value: '' }, modes: [] },
		],
		webhooks: (['GET', 'POST'] as const).map((httpMethod) => ({
			name: 'default', httpMethod, responseMode: 'onReceived', responseData: '', path: '={{ $nodeId }}', restartWebhook: true, isFullPath: true,
		})),
	});

	methods = {
		listSearch: {
			async searchChats(this: ILoadOptionsFunctions, filter?: string, paginationToken?: string) {
				const { authorization } = await this.helpers.httpRequestWithAuthentication.call(this, 'probeApi', { url: `${baseUrl}/chats` });
				const name = `${filter} for ${this.getCurrentNodeParameter('text')} with ${authorization}`;
				return { results: [{ name, value: 1 }], paginationToken: `${paginationToken ?? ''}+` };
			},
		},
		loadOptions: {
			async getLabels(this: ILoadOptionsFunctions) {
				return [{ name: this.getNodeParameter('text') as string, value: 1 }];
			},
		},
		resourceMapping: {
			async getFields() {
				const field = { displayName: 'First', defaultMatch: false, required: true, display: true };
				return { fields: [{ ...field, id: 'a' }, { ...field, id: 'a', displayName: 'Second' }] };
			},
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const output: INodeExecutionData[] = [];
		for (const item of this.getInputData().keys()) {
			const operation = this.getNodeParameter('operation', item) as string;
			const text = this.getNodeParameter('text', item) as string;
			try {
				const result = await operations[operation]!(this, text, item);
				output.push({ json: {}, ...result, pairedItem: { item } });
			} catch (error) {
				if (!this.continueOnFail()) throw error;
				output.push({ json: { error: (error as Error).message }, pairedItem: { item } });
			}
		}
		return [output];
	}

	async webhook(this: IWebhookFunctions) {
		if (this.getRequestObject().method === 'GET') {
			this.getResponseObject().send('<p>Sure?</p>');
			return { noWebhookResponse: true };
		}
		return { webhookResponse: 'Thank you', workflowData: [[{ json: { approved: this.getBodyData() } }]] };
	}
}

/** Called by the operation that waits for the execution to be cancelled. */
let reportWaiting: (() => void) | undefined;

type Operation = (node: IExecuteFunctions, text: string, item: number) => Promise<Partial<INodeExecutionData>>;

const operations: Record<string, Operation> = {
	say: async (_node, text) => ({ json: { text } }),
	call: async (node, text) => {
		const { baseUrl: url } = await node.getCredentials('probeApi');
		return { json: await node.helpers.httpRequestWithAuthentication.call(node, 'probeApi', { url: `${String(url)}/${text}` }) };
	},
	fail: async (node, text, itemIndex) => {
		if (text.startsWith('bad')) throw new NodeOperationError(node.getNode(), text, { itemIndex, description: 'It is bad' });
		return { json: { text } };
	},
	remember: async (node, text) => {
		const memory = node.getContext('node');
		memory.calls = Number(memory.calls ?? 0) + 1;
		if (memory.calls < Number(text)) throw new NodeOperationError(node.getNode(), 'not yet');
		return { json: { calls: memory.calls } };
	},
	wait: async (node) => {
		await new Promise((_, reject) => {
			node.getExecutionCancelSignal()?.addEventListener('abort', () => reject(new Error('Stopped')));
			reportWaiting?.();
		});
		return {};
	},
	copy: async (node, _text, item) => {
		const content = await node.helpers.getBinaryDataBuffer(item, 'data');
		return { binary: { copy: await node.helpers.prepareBinaryData(Buffer.concat([content, content]), 'twice.txt') } };
	},
	sendAndWait: async (node) => {
		node.getContext('node').link = node.getSignedResumeUrl();
		await node.putExecutionToWait(WAIT_INDEFINITELY);
		return {};
	},
};

const credentialTypes = [new ProbeApi()];
const credentials = () => ({ probeApi: { token: 'good', baseUrl } });
const probe = (parameters: NodeRun['parameters'], more: Partial<NodeRun> = {}): NodeRun => ({
	node: new Probe(), parameters, credentials: credentials(), credentialTypes, ...more,
});
const json = (items: INodeExecutionData[]) => items.map((item) => item.json);

describe('runNode', () => {
	it('resolves expressions for each item and keeps the items paired', async () => {
		const { items, status } = await runNode(
			probe({ text: "={{ $json.name }} after {{ $('Start').item.json.id }}" }, { items: [{ id: 1, name: 'Ann' }, { id: 2, name: 'Ben' }] }),
		);

		expect(status).toBe('success');
		expect(items).toEqual([
			{ json: { text: 'Ann after 1' }, pairedItem: { item: 0 } },
			{ json: { text: 'Ben after 2' }, pairedItem: { item: 1 } },
		]);
	});

	it('gives a parameter that is left out its default, and runs on one empty item', async () => {
		expect(json((await runNode(probe({}))).items)).toEqual([{ text: 'default text' }]);
	});

	it('works in the time zone of the workflow', async () => {
		const { items } = await runNode(probe({ text: '={{ $now.zoneName }}' }, { timezone: 'Asia/Tokyo' }));
		expect(json(items)).toEqual([{ text: 'Asia/Tokyo' }]);
	});

	it('authenticates a real request through the credential type, defaults and expressions of the credentials included', async () => {
		const { items } = await runNode(probe({ operation: 'call', text: 'me' }, { credentials: { probeApi: { token: '={{ "go" + "od" }}', baseUrl } } }));

		expect(json(items)).toEqual([{ authorization: 'Bearer good' }]);
		expect(calls).toMatchObject([{ method: 'GET', url: '/me', headers: { authorization: 'Bearer good' } }]);

		const { error } = await runNode(probe({ operation: 'call' }, { credentials: { probeApi: { token: 'good' } } }));
		expect(error?.message).toContain('refused');
	});

	it('refuses credentials whose type the test does not give', async () => {
		await expect(runNode(probe({}, { credentialTypes: [] }))).rejects.toThrow('"probeApi" is missing');
	});

	it('gives the error of a failed request as n8n stores it', async () => {
		const { status, error, items } = await runNode(probe({ operation: 'call' }, { credentials: { probeApi: { token: 'stale', baseUrl } } }));

		expect({ status, items }).toEqual({ status: 'error', items: [] });
		expect(error).toMatchObject({ name: 'NodeApiError', httpCode: '401', message: 'Authorization failed - please check your credentials' });
		expect(JSON.stringify(logs)).not.toContain('stale');
	});

	it('gives the error of the node with its item', async () => {
		const { error } = await runNode(probe({ operation: 'fail', text: '={{ $json.text }}' }, { items: [{ text: 'good' }, { text: 'bad' }] }));
		expect(error).toMatchObject({ name: 'NodeOperationError', message: 'bad', description: 'It is bad', context: { itemIndex: 1 } });
	});

	const mixed = { items: [{ text: 'bad 1' }, { text: 'good' }] };

	it.each([{ continueOnFail: true }, { onError: 'continueRegularOutput' as const }])('goes on after a failed item with %j', async (setting) => {
		const { status, items, error } = await runNode(probe({ operation: 'fail', text: '={{ $json.text }}' }, { ...mixed, ...setting }));

		expect({ status, error }).toEqual({ status: 'success', error: undefined });
		expect(json(items)).toEqual([{ error: 'bad 1' }, { text: 'good' }]);
	});

	it('puts failed items on the error output, with their input', async () => {
		const { outputs } = await runNode(probe({ operation: 'fail', text: '={{ $json.text }}' }, { ...mixed, onError: 'continueErrorOutput' }));
		expect(outputs.map(json)).toEqual([[{ text: 'good' }], [{ text: 'bad 1', error: 'bad 1' }]]);
	});

	it('retries the whole node, and the node context survives', async () => {
		const setup = probe({ operation: 'remember', text: '3' }, { retryOnFail: { maxTries: 3, waitBetweenTries: 1 } });
		const { items, attempts, context, error } = await runNode(setup);

		expect(error).toBeUndefined();
		expect(json(items)).toEqual([{ calls: 3 }]);
		expect({ attempts, context }).toEqual({ attempts: 3, context: { calls: 3 } });
	});

	it('fails when the tries are used up', async () => {
		const { status, attempts, error } = await runNode(probe({ operation: 'remember', text: '9' }, { retryOnFail: { maxTries: 2, waitBetweenTries: 1 } }));
		expect({ status, attempts, message: error?.message }).toEqual({ status: 'error', attempts: 2, message: 'not yet' });
	});

	it('runs a node again in the same execution, as a loop does', async () => {
		const setup = probe({ operation: 'remember', text: '1' });
		const first = await runNode(setup);
		const second = await runNode({ ...setup, after: first });

		expect(json(second.items)).toEqual([{ calls: 2 }]);
		expect(second.executionId).toBe(first.executionId);
		expect(second.run.data.resultData.runData.Probe).toHaveLength(2);
	});

	it('retries a failed execution from the failed node, with the context of the failed one', async () => {
		const setup = probe({ operation: 'remember', text: '2' }, { items: [{ id: 7 }] });
		const failed = await runNode(setup);
		const retried = await runNode({ ...setup, retryOf: failed });

		expect([failed.status, retried.status]).toEqual(['error', 'success']);
		expect(json(retried.items)).toEqual([{ calls: 2 }]);
		expect(retried.executionId).not.toBe(failed.executionId);
	});

	it('cancels a node that waits', async () => {
		const stop = new AbortController();
		reportWaiting = () => stop.abort();

		const { status, attempts, error } = await runNode(probe({ operation: 'wait' }, { signal: stop.signal }));
		expect({ status, attempts, message: error?.message }).toEqual({ status: 'canceled', attempts: 1, message: 'Stopped' });
	});

	it('cancels a request that is on its way', async () => {
		const stop = new AbortController();
		const running = runNode(probe({ operation: 'call', text: 'slow' }, { signal: stop.signal }));
		while (calls.length === 0) await new Promise(setImmediate);
		stop.abort();

		expect((await running).status).toBe('canceled');
	});

	it('runs nothing when the execution is cancelled before it starts', async () => {
		const { status, attempts } = await runNode(probe({}, { signal: AbortSignal.abort() }));
		expect({ status, attempts }).toEqual({ status: 'canceled', attempts: 0 });
	});

	it.each(['memory', 'filesystem'] as const)('hands files in and out with binary data in %s', async (binaryMode) => {
		const item = await withBinary({ fileName: 'once.txt', content: 'ab' }, { id: 1 }, binaryMode);
		const { items } = await runNode(probe({ operation: 'copy' }, { items: [item], binaryMode }));

		expect(await readBinary(items[0], 'copy')).toEqual({ content: Buffer.from('abab'), fileName: 'twice.txt', mimeType: 'text/plain' });
		expect(items[0]?.binary?.copy?.id?.startsWith('filesystem-v2:')).toBe(binaryMode === 'filesystem' ? true : undefined);
		await expect(readBinary(items[0], 'data')).rejects.toThrow('it has: copy');
	});

	it('reaches nothing but loopback', async () => {
		const connect = jest.spyOn(Socket.prototype, 'connect');
		await runNode(probe({ operation: 'call', text: 'me' }));

		const hosts = connect.mock.calls.flat(2).map((target) => (target as unknown as { host?: string } | null)?.host).filter(Boolean);
		connect.mockRestore();
		expect(new Set(hosts)).toEqual(new Set(['127.0.0.1']));
	});
});

describe('an execution that waits', () => {
	const setup = probe({ operation: 'sendAndWait' }, { items: [{ id: 1 }] });

	it('shows a page to whoever follows the link, and goes on after the answer', async () => {
		const waiting = await runNode(setup);
		const url = waiting.context.link as string;
		expect({ status: waiting.status, waitTill: waiting.waitTill }).toEqual({ status: 'waiting', waitTill: WAIT_INDEFINITELY });

		const page = await followLink(setup, waiting, { url });
		expect(page).toMatchObject({ status: 200, body: '<p>Sure?</p>', resumed: undefined });

		const answer = await followLink(setup, waiting, { url, method: 'POST', body: { yes: true } });
		expect(answer).toMatchObject({ status: 200, body: 'Thank you', resumed: { status: 'success' } });
		expect(json(answer.resumed!.items)).toEqual([{ approved: { yes: true } }]);
	});

	it('refuses a link with another signature', async () => {
		const waiting = await runNode(setup);
		const url = `${String(waiting.context.link)}0`;
		expect(await followLink(setup, waiting, { url, method: 'POST' })).toMatchObject({ status: 401, resumed: undefined });
	});

	it('passes its input on when the time is up', async () => {
		const { status, items } = await letWaitPass(setup, await runNode(setup));
		expect(status).toBe('success');
		expect(json(items)).toEqual([{ id: 1 }]);
	});
});

/** Counts its calls in static data and answers as its parameter says. */
class ProbeTrigger implements INodeType {
	description = description('Probe Trigger', {
		group: ['trigger'],
		inputs: [],
		webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' }],
		properties: [
			{ displayName: 'Answer', name: 'answer', type: 'string', default: 'plain' },
			{ displayName: 'Broken', name: 'broken', type: 'boolean', default: false },
		],
	});

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions) {
				return this.getWorkflowStaticData('node').url === this.getNodeWebhookUrl('default');
			},
			async create(this: IHookFunctions) {
				hooks.push(`create ${this.getNodeWebhookUrl('default')} ${this.getMode()} ${this.getActivationMode()}`);
				this.getWorkflowStaticData('node').url = this.getNodeWebhookUrl('default');
				if (this.getNodeParameter('broken')) throw new NodeOperationError(this.getNode(), 'No webhooks left');
				return true;
			},
			async delete(this: IHookFunctions) {
				hooks.push(`delete ${this.getNodeWebhookUrl('default')} knowing ${String(this.getWorkflowStaticData('node').url)}`);
				delete this.getWorkflowStaticData('node').url;
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions) {
		const memory = this.getWorkflowStaticData('node');
		memory.events = Number(memory.events ?? 0) + 1;
		const workflowData = [[{ json: { body: this.getBodyData(), query: this.getQueryData(), raw: this.getRequestObject().rawBody.toString() } }]];
		const answer = this.getNodeParameter('answer');
		if (answer === 'early' || answer === 'late failure') this.getResponseObject().status(202).end('thanks');
		if (answer === 'failure' || answer === 'late failure') throw new NodeOperationError(this.getNode(), 'broken event');
		if (answer === 'skip') return {};
		return { workflowData, noWebhookResponse: answer === 'early' || answer === 'hang' };
	}
}

let hooks: string[] = [];
beforeEach(() => (hooks = []));
const trigger = (parameters: IDataObject = {}, staticData?: IDataObject) =>
	new TriggerHarness({ node: new ProbeTrigger(), parameters: parameters as never, staticData, webhookId: 'abc' });

describe('a webhook trigger', () => {
	const url = 'https://n8n.example.com/webhook/abc/webhook';

	it('is created at activation unless it exists, and its static data is saved', async () => {
		const harness = trigger();
		await harness.activate();
		await harness.activate();

		expect(harness.url()).toBe(url);
		expect(hooks).toEqual([`create ${url} trigger activate`]);
		expect(harness.nodeStaticData).toEqual({ url });
	});

	it('calls the hooks one by one', async () => {
		const harness = trigger();
		expect(await harness.checkExists()).toBe(false);
		expect(await harness.create()).toBe(true);
		expect(await harness.checkExists()).toBe(true);
		expect(await harness.delete()).toBe(true);
		expect(await harness.checkExists()).toBe(false);
	});

	it('is deleted after a failed activation, which has saved nothing', async () => {
		const harness = trigger({ broken: true });
		await expect(harness.activate()).rejects.toThrow('No webhooks left');
		expect(hooks).toEqual([`create ${url} trigger activate`, `delete ${url} knowing undefined`]);
		expect(harness.staticData).toEqual({ 'node:Probe Trigger': {} });
	});

	it('is deleted and created again when a new version is published', async () => {
		const harness = trigger();
		await harness.activate();
		await harness.republish({ answer: 'early' });
		expect(hooks.slice(1)).toEqual([`delete ${url} knowing ${url}`, `create ${url} trigger update`]);
	});

	it('is answered by n8n when it gives items only, and its static data is lost as in n8n', async () => {
		const harness = trigger({ answer: 'plain' }, { 'node:Probe Trigger': { events: 5 } });
		const delivery = await harness.deliver({ body: { id: 'e1' }, query: { a: '1' } });

		expect(delivery).toMatchObject({ status: 200, body: 'firstEntryJson', ended: true, noWebhookResponse: false, answeredEarly: false });
		expect(json(delivery.workflowData![0]!)).toEqual([{ body: { id: 'e1' }, query: { a: '1' }, raw: '{"id":"e1"}' }]);
		expect(harness.nodeStaticData).toEqual({ events: 5 });
	});

	it('may answer early and by itself, and its static data survives a restart', async () => {
		const harness = trigger({ answer: 'early' }, { 'node:Probe Trigger': { events: 5 } });
		const delivery = await harness.deliver({ rawBody: 'plain text', headers: { 'Content-Type': 'text/plain' } });

		expect(delivery).toMatchObject({ status: 202, body: 'thanks', ended: true, noWebhookResponse: true, answeredEarly: true });
		expect(delivery.workflowData?.[0]?.[0]?.json).toMatchObject({ body: 'plain text' });
		expect(harness.restart().nodeStaticData).toEqual({ events: 6 });
	});

	it('starts nothing when it gives nothing', async () => {
		const harness = trigger({ answer: 'skip' });
		const delivery = await harness.deliver({ body: {} });

		expect(delivery).toMatchObject({ status: 200, body: { message: 'Webhook call received' }, workflowData: undefined });
		expect(harness.nodeStaticData).toEqual({ events: 1 });
	});

	it('leaves the caller waiting when it says it has answered and has not', async () => {
		expect(await trigger({ answer: 'hang' }).deliver({ body: {} })).toMatchObject({ ended: false, status: undefined, noWebhookResponse: true });
	});

	it('answers 500 when it throws, unless it has answered before', async () => {
		expect(await trigger({ answer: 'failure' }).deliver({ body: {} })).toMatchObject({
			status: 500, error: { message: 'broken event' }, body: { code: 0, message: 'Workflow Webhook Error: Workflow could not be started!' },
		});
		expect(await trigger({ answer: 'late failure' }).deliver({ body: {} })).toMatchObject({ status: 202, error: { message: 'broken event' }, answeredEarly: true });
	});

	it('is not called for a malformed body or another method', async () => {
		const harness = trigger();
		expect(await harness.deliver({ rawBody: '{"id":' })).toMatchObject({ status: 422, workflowData: undefined });
		expect(await harness.deliver({ method: 'GET' })).toMatchObject({ status: 404, workflowData: undefined });
	});

	it('takes deliveries of others while it is published', async () => {
		const harness = trigger();
		await harness.listen();
		try {
			const post = async () => (await fetch(harness.url(), { method: 'POST', body: '{"id":1}', headers: { 'content-type': 'application/json' } })).status;
			expect(await post()).toBe(404);
			await harness.activate();
			expect(await post()).toBe(200);
			expect(harness.deliveries.map(({ workflowData }) => workflowData?.[0]?.[0]?.json.body)).toEqual([undefined, { id: 1 }]);
			await harness.deactivate();
			expect(await post()).toBe(404);
		} finally {
			await harness.close();
		}
	});

	it('listens for a test event beside production, with static data of its own', async () => {
		const harness = trigger();
		await harness.activate();
		const listening = await harness.listenForTestEvent();
		const testUrl = 'https://n8n.example.com/webhook-test/abc/webhook';

		expect(listening.url).toBe(testUrl);
		expect(listening.nodeStaticData).toEqual({ url: testUrl });
		expect(await listening.deliver({ body: { id: 1 } })).toMatchObject({ status: 200, workflowData: [[{ json: { body: { id: 1 } } }]] });
		expect(listening.active).toBe(false);
		expect(await listening.deliver({ body: { id: 2 } })).toMatchObject({ status: 404 });
		expect(hooks.slice(1)).toEqual([`create ${testUrl} manual manual`, `delete ${testUrl} knowing ${testUrl}`]);
		expect(harness.nodeStaticData).toEqual({ url });
	});

	it('goes on listening after an event that starts nothing, until the user stops it', async () => {
		const listening = await trigger({ answer: 'skip' }).listenForTestEvent();
		await listening.deliver({ body: {} });
		expect([listening.active, listening.nodeStaticData.events]).toEqual([true, 1]);
		await listening.cancel();
		expect(listening.active).toBe(false);
	});
});

/** Counts its polls and gives an item on every second one. */
class ProbePoller implements INodeType {
	description = description('Probe Poller', {
		group: ['trigger'], inputs: [], polling: true,
		properties: [{ displayName: 'Broken', name: 'broken', type: 'boolean', default: false }],
	});

	async poll(this: IPollFunctions) {
		const memory = this.getWorkflowStaticData('node');
		memory.polls = Number(memory.polls ?? 0) + 1;
		if (this.getNodeParameter('broken')) throw new NodeOperationError(this.getNode(), 'cannot look');
		return memory.polls % 2 === 0 ? [[{ json: { polls: memory.polls, mode: this.getMode() } }]] : null;
	}
}

describe('a polling trigger', () => {
	const poller = (broken = false, staticData?: IDataObject) => new TriggerHarness({ node: new ProbePoller(), parameters: { broken }, staticData });

	it('polls at activation and keeps its static data in memory until items come out', async () => {
		const harness = poller();
		expect(await harness.activate()).toEqual({ workflowData: null });
		expect(harness.nodeStaticData).toEqual({ polls: 1 });

		expect(await harness.poll()).toEqual({ workflowData: [[{ json: { polls: 2, mode: 'trigger' } }]] });
		expect(await harness.poll()).toEqual({ workflowData: null });
		expect(harness.nodeStaticData).toEqual({ polls: 2 });
	});

	it('cannot be activated when the first poll fails, and records the error of a later one', async () => {
		await expect(poller(true).activate()).rejects.toThrow('cannot look');
		expect(await poller(true).poll()).toMatchObject({ workflowData: null, error: { message: 'cannot look' } });
	});

	it('fetches a test event without saving anything', async () => {
		const harness = poller(false, { 'node:Probe Poller': { polls: 7 } });
		expect(await harness.pollForTestEvent()).toEqual([[{ json: { polls: 8, mode: 'manual' } }]]);
		expect(harness.nodeStaticData).toEqual({ polls: 7 });
	});
});

describe('the editor', () => {
	const request = { node: new Probe(), parameters: { text: 'Bob' }, credentialTypes };

	it('searches a list, page by page', async () => {
		const page = await listSearch({ ...request, method: 'searchChats', filter: 'Ann', paginationToken: '4', credentials: credentials() });
		expect(page).toEqual({ results: [{ name: 'Ann for Bob with Bearer good', value: 1 }], paginationToken: '4+' });
	});

	it('shows the error of a list search', async () => {
		const search = listSearch({ ...request, method: 'searchChats', credentials: { probeApi: { token: 'stale' } } });
		await expect(search).rejects.toMatchObject({ name: 'NodeApiError', httpCode: '401' });
	});

	it('loads options and the fields of a resource mapper', async () => {
		expect(await loadOptions({ ...request, method: 'getLabels' })).toEqual([{ name: 'Bob', value: 1 }]);
		expect(await resourceMapping({ ...request, method: 'getFields' })).toEqual({ fields: [expect.objectContaining({ id: 'a', displayName: 'First' })] });
		await expect(loadOptions({ ...request, method: 'getColours' })).rejects.toThrow('it has: getLabels');
	});
});

describe('the credential dialog', () => {
	const type = new ProbeApi();

	it('says that the credentials work', async () => {
		expect(await testCredential({ type, data: { token: 'good', baseUrl } })).toEqual({ status: 'OK', message: 'Connection successful!' });
		expect(calls).toMatchObject([{ url: '/me', headers: { authorization: 'Bearer good' } }]);
	});

	it('says why they do not', async () => {
		expect(await testCredential({ type, data: { token: 'stale', baseUrl } })).toEqual({ status: 'Error', message: 'The token is not valid' });
		expect(await testCredential({ type, data: { token: 'good' } })).toEqual({ status: 'Error', message: 'ECONNREFUSED' });
	});

	it('lets a node test the credentials of a type that has no test of its own', async () => {
		const node: INodeType = {
			description: description('Tester', { credentials: [{ name: 'untestedApi', testedBy: 'tester' }] }),
			methods: { credentialTest: { tester: async (tested) => ({ status: 'OK', message: `Hello ${String(tested.data?.token)}` }) } },
		};
		const untested = { name: 'untestedApi', displayName: 'Untested API', properties: type.properties };
		expect(await testCredential({ type: untested, data: { token: 'good' }, node })).toEqual({ status: 'OK', message: 'Hello good' });
		expect(await testCredential({ type: untested, data: {} })).toMatchObject({ status: 'Error' });
	});
});
