/** A published (or test-listening) workflow with a trigger node, from activation to the events it receives or polls. */
import './log';
import { randomUUID } from 'node:crypto';
import { PollContext, PollTriggerExecutor } from 'n8n-core';
import { Container } from '@n8n/di';
import {
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type INodeParameters,
	type IWebhookData,
	type IWorkflowBase,
	type IWorkflowExecuteAdditionalData,
	UnexpectedError,
	type WebhookSetupMethodNames,
	type Workflow,
	type WorkflowActivateMode,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { exchange, type OutgoingRequest, serve, type WebhookRequest, type WebhookResponse } from './http-exchange';
import { answerWebhook, callHook, type Delivery, notReached, type Storing, type WebhookOutcome, webhooksOf } from './webhook';
import { createAdditionalData, createWorkflowData, INSTANCE_URL, loadWorkflow, type NodeSetup, type WorkflowIdentity } from './workflow';

export interface TriggerSetup extends NodeSetup, Partial<WorkflowIdentity> {
	/** What earlier runs of n8n had saved, as {@link TriggerHarness.staticData} gives it. */
	staticData?: IDataObject;
	/** The public address of the instance (n8n's `WEBHOOK_URL`), without a slash at the end. */
	instanceUrl?: string;
	/** What is slow or fails when n8n stores an execution; by default it takes some milliseconds. */
	storing?: Partial<Storing>;
}

/** One call of a webhook. JSON unless `rawBody` and a `content-type` say otherwise. */
export interface DeliveryRequest {
	body?: unknown;
	/** Sent as it is, in place of `body`. */
	rawBody?: string | Buffer;
	query?: Record<string, string>;
	headers?: Record<string, string>;
	/** The webhook's own method unless given. */
	method?: OutgoingRequest['method'];
	/** The name in the node's description; `default` unless given. */
	webhookName?: string;
}

/** What a poll gave: items that start an execution, `null` for nothing new, or the error that n8n records. */
export interface PollResult {
	workflowData: INodeExecutionData[][] | null;
	error?: Error;
}

/** The editor's "Listen for test event". It ends by itself after the first event that starts an execution. */
export interface TestListening {
	/** The address that the node registered. */
	url: string;
	/** Still waiting for an event. */
	readonly active: boolean;
	/** What `getWorkflowStaticData('node')` gives in this listening; nothing of it is saved. */
	readonly nodeStaticData: IDataObject;
	/** Calls the test webhook; 404 once listening has ended. */
	deliver(request?: DeliveryRequest): Promise<Delivery>;
	/** The user stops listening: `delete`. */
	cancel(): Promise<void>;
}

/**
 * Plays n8n around one trigger node. Each hook and each delivery loads the workflow anew with the saved static data, and saves it
 * when n8n would.
 * @example
 * const trigger = new TriggerHarness({ node: new TimelinesAiTrigger(), parameters: { events: ['message:received:new'] }, credentials, credentialTypes });
 * await trigger.activate();
 * const { status, workflowData } = await trigger.deliver({ body: event });
 */
export class TriggerHarness {
	private readonly identity: WorkflowIdentity;

	/** The database's column: text, so that nothing is shared by accident. */
	private saved: string | undefined;

	private instanceUrl: string;

	/** The path is registered with n8n: from activation to deactivation, restarts included. */
	private registered = false;

	private listener?: { port: number; close: () => Promise<void> };

	/** The workflow of a polling trigger stays in n8n's memory from activation on, its static data with it. */
	private polled?: { workflow: Workflow; node: INode };

	/** Receives the calls of the test webhook while the editor listens. */
	private receiveTest?: Receiver;

	/** Calls that came in through {@link listen}, in the order in which they were done. */
	readonly deliveries: WebhookOutcome[] = [];

	constructor(private readonly setup: TriggerSetup) {
		this.identity = { workflowId: setup.workflowId ?? 'workflow-1', webhookId: setup.webhookId ?? randomUUID() };
		this.saved = setup.staticData && JSON.stringify(setup.staticData);
		this.instanceUrl = setup.instanceUrl ?? INSTANCE_URL;
	}

	/** What n8n has saved so far; what a hook or delivery wrote in vain is not in it. Give it to a new harness to play a restart. */
	get staticData(): IDataObject {
		return this.readSaved() ?? {};
	}

	/** The part of {@link staticData} that `getWorkflowStaticData('node')` gives. */
	get nodeStaticData(): IDataObject {
		const { workflow, node } = this.load();
		return plain(workflow.getStaticData('node', node));
	}

	/** Gives the address of the webhook that the node registers, for production or for test listening. */
	url({ webhookName = 'default', test = false }: { webhookName?: string; test?: boolean } = {}): string {
		const { workflow, node } = this.load();
		const { path } = this.webhook(workflow, node, webhookName);
		return `${this.instanceUrl}/${test ? 'webhook-test' : 'webhook'}/${path}`;
	}

	/** Calls the node's `checkExists` alone. */
	async checkExists(): Promise<boolean> {
		return (await this.callHooks('checkExists', 'trigger', 'activate')) === true;
	}

	/** Calls the node's `create` alone. */
	async create(): Promise<boolean> {
		return (await this.callHooks('create', 'trigger', 'activate')) === true;
	}

	/** Calls the node's `delete` alone. */
	async delete(): Promise<boolean> {
		return (await this.callHooks('delete', 'internal', 'update')) === true;
	}

	/**
	 * Publishes the workflow: `checkExists`, and `create` when it says no; for a polling trigger the first poll. After a failure n8n
	 * calls `delete`, with the static data saved before, and this rejects with the node's error.
	 */
	async activate(activation: WorkflowActivateMode = 'activate'): Promise<PollResult | undefined> {
		const { workflow, node, additionalData } = this.load('trigger');
		this.registered = true;
		let first: PollResult | undefined;
		try {
			await this.register(workflow, node, this.ownWebhooks(workflow, node, additionalData), 'trigger', activation);
			if (this.nodeType(workflow, node).poll) {
				first = await workflow.expression.withIsolate(async () => await this.runPoll({ workflow, node }, activation, true));
				this.polled = { workflow, node };
			}
		} catch (error) {
			await this.deactivate().catch(() => {});
			throw error;
		}
		this.save(workflow);
		return first;
	}

	/** Takes the workflow off-line: `delete`. n8n logs what `delete` throws; here it rejects. */
	async deactivate(): Promise<void> {
		this.registered = false;
		this.polled = undefined;
		await this.delete();
	}

	/** Publishes a new version over the old one: `delete` with the old parameters, then activation with the new. */
	async republish(parameters: INodeParameters): Promise<PollResult | undefined> {
		await this.deactivate();
		this.setup.parameters = parameters;
		return await this.activate('update');
	}

	/** n8n stopped and started: what was not saved is lost, and a webhook trigger's hooks are not called. */
	restart(): TriggerHarness {
		const restarted = new TriggerHarness({
			...this.setup, ...this.identity, staticData: this.readSaved(), instanceUrl: this.instanceUrl,
		});
		restarted.registered = this.registered;
		return restarted;
	}

	/** Calls the production webhook over HTTP, and gives what the caller saw and what the workflow gets. */
	async deliver(request?: DeliveryRequest): Promise<Delivery> {
		return await this.send(request, 'webhook');
	}

	/**
	 * Starts an HTTP server for the webhooks, so that others can deliver to {@link url}; what arrives is in {@link deliveries}. Call it
	 * before the node registers its URL. Unregistered paths answer 404.
	 */
	async listen(): Promise<string> {
		this.listener ??= await serve(this.route);
		this.instanceUrl = `http://127.0.0.1:${this.listener.port}`;
		return this.instanceUrl;
	}

	/** Ends the server of {@link listen}. */
	async close(): Promise<void> {
		await this.listener?.close();
		this.listener = undefined;
	}

	/** "Listen for test event": hooks with the test URL, in manual mode, and static data that starts empty and is thrown away. */
	async listenForTestEvent(): Promise<TestListening> {
		const { workflow, node, additionalData } = this.load('manual', {});
		const webhooks = this.ownWebhooks(workflow, node, additionalData).map((webhook) => ({ ...webhook, isTest: true }));
		const cancel = async () => {
			this.receiveTest = undefined;
			await workflow.expression.withIsolate(async () => {
				for (const webhook of webhooks) await callHook('delete', { workflow, node, webhook, mode: 'internal', activation: 'update' });
			});
		};
		const receive: Receiver = async (request, response) => {
			const event = this.load('manual', {});
			event.workflow.setTestStaticData(workflow.staticData);
			const outcome = await this.answer(request, response, event, 'manual');
			if (outcome.workflowData || outcome.error) await cancel();
			return outcome;
		};
		this.receiveTest = receive;
		try {
			await this.register(workflow, node, webhooks, 'manual', 'manual');
		} catch (error) {
			await cancel();
			throw error;
		}
		const isActive = () => this.receiveTest === receive;
		return {
			url: this.url({ test: true }),
			get active() {
				return isActive();
			},
			get nodeStaticData() {
				return plain(workflow.getStaticData('node', node));
			},
			deliver: async (request) => await this.send(request, 'webhook-test'),
			cancel,
		};
	}

	/**
	 * Lets the schedule of a published polling trigger fire once. n8n saves static data only when items come out; until then it lives
	 * in memory.
	 */
	async poll(): Promise<PollResult> {
		this.polled ??= this.load('trigger');
		return await this.runPoll(this.polled, 'activate', false);
	}

	/** "Fetch test event": one poll in manual mode, which sees the saved static data and saves nothing. Rejects with the node's error. */
	async pollForTestEvent(): Promise<INodeExecutionData[][] | null> {
		const { workflow, node, additionalData } = this.load('manual');
		const { poll } = this.nodeType(workflow, node);
		if (!poll) throw new UnexpectedError('The node has no poll()');
		return await workflow.expression.withIsolate(
			async () => await poll.call(new PollContext(workflow, node, additionalData, 'manual', 'manual')),
		);
	}

	private async send(request: DeliveryRequest = {}, endpoint: 'webhook' | 'webhook-test'): Promise<Delivery> {
		const { workflow, node } = this.load();
		const webhook = this.webhook(workflow, node, request.webhookName);
		const query = request.query ? `?${new URLSearchParams(request.query).toString()}` : '';
		const body = request.rawBody ?? (request.body === undefined ? undefined : JSON.stringify(request.body));
		const receiver = endpoint === 'webhook' ? this.receive : this.receiveTest;
		const { answer, outcome } = await exchange(receiver ?? notFound, {
			method: request.method ?? (webhook.httpMethod as OutgoingRequest['method']),
			path: `/${endpoint}/${webhook.path}${query}`,
			headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...lowerCased(request.headers) },
			body,
		});
		return { ...answer, ...outcome };
	}

	private readonly route: Receiver = async (request, response) => {
		const production = this.registered ? this.receive : undefined;
		const receiver = (request.path.startsWith('/webhook-test/') ? this.receiveTest : production) ?? notFound;
		const outcome = await receiver(request, response);
		this.deliveries.push(outcome);
		return outcome;
	};

	/** Takes a production call (`live-webhooks` of n8n). */
	private readonly receive: Receiver = async (request, response) => {
		const raw = this.readSaved();
		const event = this.load('webhook', raw);
		return await this.answer(request, response, event, 'webhook', {
			answered: () => this.save(event.workflow),
			// The execution gets a workflow of its own over the same static data. Making it marks that data as unchanged, so what
			// webhook() wrote is not saved any more if this comes before the answer.
			started: () => raw && this.load('webhook', raw),
		});
	};

	private async answer(
		request: WebhookRequest,
		response: WebhookResponse,
		{ workflow, node, additionalData }: LoadedTrigger,
		mode: WorkflowExecuteMode,
		events: { answered?: () => void; started?: () => void } = {},
	): Promise<WebhookOutcome> {
		const path = request.path.replace(/^\/[^/]+\//, '');
		const webhook = webhooksOf(workflow, node, additionalData).find(
			(candidate) => candidate.path === path && candidate.httpMethod === request.method,
		);
		if (!webhook) return await notFound(request, response);
		return await workflow.expression.withIsolate(
			async () => await answerWebhook(request, response, { workflow, node, webhook, additionalData, mode, storing: this.setup.storing, ...events }),
		);
	}

	private async register(
		workflow: Workflow,
		node: INode,
		webhooks: IWebhookData[],
		mode: WorkflowExecuteMode,
		activation: WorkflowActivateMode,
	): Promise<void> {
		await workflow.expression.withIsolate(async () => {
			for (const webhook of webhooks) {
				const call = { workflow, node, webhook, mode, activation };
				if (!(await callHook('checkExists', call))) await callHook('create', call);
			}
		});
	}

	private async callHooks(method: WebhookSetupMethodNames, mode: WorkflowExecuteMode, activation: WorkflowActivateMode): Promise<boolean | undefined> {
		const { workflow, node, additionalData } = this.load(mode);
		return await workflow.expression.withIsolate(async () => {
			let result: boolean | undefined;
			for (const webhook of this.ownWebhooks(workflow, node, additionalData)) {
				result = await callHook(method, { workflow, node, webhook, mode, activation });
			}
			this.save(workflow);
			return result;
		});
	}

	private async runPoll({ workflow, node }: { workflow: Workflow; node: INode }, activation: WorkflowActivateMode, activating: boolean): Promise<PollResult> {
		const result: PollResult = { workflowData: null };
		const context = new PollContext(
			workflow, node, this.additionalData('trigger'), 'trigger', activation,
			(data) => {
				this.save(workflow);
				result.workflowData = data;
			},
			(error) => {
				result.error = error;
			},
		);
		await Container.get(PollTriggerExecutor).create(workflow, node, context, () => true)(activating);
		return result;
	}

	private load(mode: WorkflowExecuteMode = 'internal', staticData = this.readSaved()): LoadedTrigger {
		const data = this.workflowData();
		return { ...loadWorkflow(data, this.setup.node, staticData), additionalData: this.additionalData(mode, data) };
	}

	private workflowData(): IWorkflowBase {
		return createWorkflowData(this.setup, this.identity);
	}

	private additionalData(mode: WorkflowExecuteMode, workflow = this.workflowData()): IWorkflowExecuteAdditionalData {
		return createAdditionalData(this.setup, { workflow, mode, instanceUrl: this.instanceUrl });
	}

	private readSaved(): IDataObject | undefined {
		return this.saved ? JSON.parse(this.saved) : undefined;
	}

	private save(workflow: Workflow): void {
		if (workflow.staticData.__dataChanged !== true) return;
		this.saved = JSON.stringify(workflow.staticData);
		workflow.staticData.__dataChanged = false;
	}

	private webhook(workflow: Workflow, node: INode, name = 'default'): IWebhookData {
		const webhook = webhooksOf(workflow, node, this.additionalData('internal')).find((candidate) => candidate.webhookDescription.name === name);
		if (!webhook) throw new UnexpectedError(`The node has no webhook "${name}"`);
		return webhook;
	}

	/** The webhooks that are registered at activation; those that only resume an execution are not. */
	private ownWebhooks(workflow: Workflow, node: INode, additionalData: IWorkflowExecuteAdditionalData): IWebhookData[] {
		return webhooksOf(workflow, node, additionalData).filter(({ webhookDescription }) => webhookDescription.restartWebhook !== true);
	}

	private nodeType(workflow: Workflow, node: INode) {
		return workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	}
}

type Receiver = (request: WebhookRequest, response: WebhookResponse) => Promise<WebhookOutcome>;

interface LoadedTrigger {
	workflow: Workflow;
	node: INode;
	additionalData: IWorkflowExecuteAdditionalData;
}

const notFound: Receiver = async (request, response) => {
	const message = `The requested webhook "${request.method} ${request.path.replace(/^\/[^/]+\//, '')}" is not registered.`;
	response.status(404).json({ code: 404, message });
	return notReached;
};

const plain = (data: IDataObject): IDataObject => JSON.parse(JSON.stringify(data));

const lowerCased = (headers: Record<string, string> = {}) =>
	Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
