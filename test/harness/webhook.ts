/** What n8n does with a webhook of a node: finds its path, calls its hooks, and answers its callers. */
import './log';
import { setTimeout as sleep } from 'node:timers/promises';
import { ErrorReporter, getHtmlSandboxCSP, HookContext, isWebhookHtmlSandboxingDisabled, WebhookContext } from 'n8n-core';
import { Container } from '@n8n/di';
import {
	type INode,
	type INodeExecutionData,
	type IRunExecutionData,
	type IWebhookData,
	type IWebhookResponseData,
	type IWorkflowExecuteAdditionalData,
	NodeHelpers,
	UnexpectedError,
	type WebhookSetupMethodNames,
	type Workflow,
	type WorkflowActivateMode,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { type Answer, parseBody, type WebhookRequest, type WebhookResponse } from './http-exchange';

/** What became of one call of a webhook. */
export interface Delivery extends Answer, WebhookOutcome {}

export interface WebhookOutcome {
	/** The items that start (or resume) an execution, per output; undefined when nothing starts. */
	workflowData: INodeExecutionData[][] | undefined;
	/** The node answered by itself. Without `ended` the caller then hangs. */
	noWebhookResponse: boolean;
	/** The node had answered before `webhook()` returned. */
	answeredEarly: boolean;
	/** What `webhook()` threw. n8n records a failed execution. */
	error: Error | undefined;
}

/** The call did not reach `webhook()`. */
export const notReached: WebhookOutcome = { workflowData: undefined, noWebhookResponse: false, answeredEarly: false, error: undefined };

/** Gives the webhooks of the node as n8n registers them (`getNodeWebhooks` of n8n's webhook service). */
export function webhooksOf(workflow: Workflow, node: INode, additionalData: IWorkflowExecuteAdditionalData): IWebhookData[] {
	const { description } = workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	return (description.webhooks ?? []).flatMap((webhookDescription) => {
		const value = (property: 'path' | 'isFullPath' | 'restartWebhook' | 'httpMethod', fallback?: string | boolean) =>
			workflow.expression.getSimpleParameterValue(node, webhookDescription[property], 'internal', {}, undefined, fallback);
		const path = NodeHelpers.getNodeWebhookPath(
			workflow.id, node, String(value('path')).trim().replace(/^\/|\/$/g, ''),
			value('isFullPath', false) as boolean, value('restartWebhook', false) as boolean,
		);
		return String(value('httpMethod', 'GET')).split(',').map((httpMethod) => ({
			httpMethod: httpMethod.trim() as IWebhookData['httpMethod'],
			node: node.name,
			path,
			webhookDescription,
			workflowId: workflow.id,
			workflowExecuteAdditionalData: additionalData,
		}));
	});
}

/** Calls one hook of a webhook; a hook that the node does not have gives `undefined`. */
export async function callHook(
	method: WebhookSetupMethodNames,
	{ workflow, node, webhook, mode, activation }: {
		workflow: Workflow;
		node: INode;
		webhook: IWebhookData;
		mode: WorkflowExecuteMode;
		activation: WorkflowActivateMode;
	},
): Promise<boolean | undefined> {
	const nodeType = workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	const hook = nodeType.webhookMethods?.[webhook.webhookDescription.name]?.[method];
	return await hook?.call(new HookContext(workflow, node, webhook.workflowExecuteAdditionalData, mode, activation, webhook));
}

/**
 * What n8n does with the execution that a call starts, step by step. Give one in place of a step to make it slow or to let it fail;
 * an error in it is answered with 500, and no execution starts.
 */
export interface Storing {
	/** Writes the execution to the database, several queries of it. */
	write(): Promise<void>;
	/** Waits until fewer executions run than N8N_CONCURRENCY_PRODUCTION_LIMIT allows. */
	place(): Promise<void>;
}

const usualStoring: Storing = { write: async () => await sleep(20), place: async () => {} };

/** Calls `webhook()` and answers the caller, in n8n's order (`executeWebhook` of n8n's webhook helpers). */
export async function answerWebhook(
	request: WebhookRequest,
	response: WebhookResponse,
	{ workflow, node, webhook, additionalData, mode, runExecutionData, storing, answered, started }: {
		workflow: Workflow;
		node: INode;
		webhook: IWebhookData;
		additionalData: IWorkflowExecuteAdditionalData;
		mode: WorkflowExecuteMode;
		runExecutionData?: IRunExecutionData;
		storing?: Partial<Storing>;
		/** Comes when n8n counts the call as answered, which is when it saves static data. */
		answered?: () => void;
		/** Comes when n8n makes the execution; it is stored, and then the caller has the answer, unless the node answered by itself. */
		started?: () => void;
	},
): Promise<WebhookOutcome> {
	const describe = (property: 'responseMode' | 'responseCode' | 'responseData', fallback?: string | number) =>
		workflow.expression.getSimpleParameterValue(node, webhook.webhookDescription[property], mode, {}, undefined, fallback);
	if (describe('responseMode', 'onReceived') !== 'onReceived') {
		throw new UnexpectedError('The harness answers in the response mode "onReceived" only');
	}
	try {
		await parseBody(request);
	} catch (error) {
		response.status(422).json({ code: 422, message: 'Failed to parse request body', hint: (error as Error).message });
		return { ...notReached, error: error as Error };
	}

	Object.assign(additionalData, { httpRequest: request, httpResponse: response });
	const nodeType = workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	if (!nodeType.webhook) throw new UnexpectedError('The node has no webhook()');
	let result: IWebhookResponseData;
	try {
		result = await nodeType.webhook.call(
			new WebhookContext(workflow, node, additionalData, mode, webhook, [], runExecutionData ?? null),
		);
	} catch (error) {
		Container.get(ErrorReporter).error(error);
		const answeredEarly = response.writableEnded;
		if (!response.headersSent) {
			response.status(500).json({ code: 0, message: 'Workflow Webhook Error: Workflow could not be started!' });
		}
		return { ...notReached, answeredEarly, error: error as Error };
	}

	const outcome: WebhookOutcome = {
		workflowData: result.workflowData,
		noWebhookResponse: result.noWebhookResponse === true,
		answeredEarly: response.writableEnded,
		error: undefined,
	};
	if (outcome.noWebhookResponse) {
		answered?.();
		if (result.workflowData) started?.();
		return outcome;
	}
	if (result.workflowData) {
		started?.();
		const { write, place } = { ...usualStoring, ...storing };
		try {
			await write();
			JSON.stringify(result.workflowData);
			await place();
		} catch (error) {
			response.status(500).json({ code: 0, message: (error as Error).message });
			return { ...notReached, error: error as Error };
		}
	}
	// n8n first reads what to answer with, then saves static data, then answers.
	const data = result.workflowData ? describe('responseData', 'firstEntryJson') : undefined;
	const message = result.workflowData ? 'Workflow was started' : 'Webhook call received';
	const body = data === 'noData' ? undefined : data || (result.webhookResponse ?? { message });
	answered?.();
	response.status(Number(describe('responseCode', 200)));
	if (result.workflowData && !isWebhookHtmlSandboxingDisabled()) response.setHeader('Content-Security-Policy', getHtmlSandboxCSP());
	if (typeof body === 'string') response.send(body);
	else response.json(body);
	return outcome;
}
