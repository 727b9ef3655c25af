/** Goes on with an execution that waits after `putExecutionToWait`, such as one of Send and Wait for Response. */
import './log';
import { Container } from '@n8n/di';
import { InstanceSettings, validateUrlSignature, WAITING_TOKEN_QUERY_PARAM } from 'n8n-core';
import { type IRunExecutionData, NodeConnectionTypes, UnexpectedError } from 'n8n-workflow';
import { exchange, type Handler, type OutgoingRequest } from './http-exchange';
import { type NodeRun, type NodeRunResult, runExecution } from './run-node';
import { answerWebhook, type Delivery, notReached, type WebhookOutcome, webhooksOf } from './webhook';
import { createAdditionalData, loadWorkflow } from './workflow';

/** A request to a link that the node gave out with `getSignedResumeUrl`. */
export interface ResumeRequest {
	url: string;
	/** `GET` unless given, as when somebody follows the link. */
	method?: OutgoingRequest['method'];
	/** Sent as JSON, or as it is when it is text. */
	body?: unknown;
	headers?: Record<string, string>;
}

/**
 * Follows a link of a waiting execution. The answer is what the person sees; `resumed` is there when the workflow went on. A wrong
 * signature gets 401 and an unknown path 404, and the execution waits on.
 * @example const { status, resumed } = await followLink(setup, waiting, { url: link, method: 'POST' });
 */
export async function followLink(
	setup: NodeRun,
	waiting: NodeRunResult,
	request: ResumeRequest,
): Promise<Delivery & { resumed: NodeRunResult | undefined }> {
	const { pathname, search } = new URL(request.url);
	const text = typeof request.body === 'string' || request.body === undefined ? request.body : JSON.stringify(request.body);
	const contentType = typeof request.body === 'object' && { 'content-type': 'application/json' };
	const runExecutionData = storedData(waiting);
	const { answer, outcome } = await exchange(receiver(setup, waiting, runExecutionData), {
		method: request.method ?? 'GET',
		path: pathname + search,
		headers: { host: new URL(request.url).host, ...contentType, ...request.headers },
		body: text,
	});
	const delivery = { ...answer, ...outcome };
	if (!outcome.workflowData) return { ...delivery, resumed: undefined };

	const entry = runExecutionData.executionData!.nodeExecutionStack[0]!;
	entry.data[NodeConnectionTypes.Main] = outcome.workflowData;
	entry.metadata = { ...entry.metadata, forwardAllOutputs: true };
	return { ...delivery, resumed: await goOn(setup, waiting, runExecutionData) };
}

/** Lets the time up to which the execution waits pass: the node outputs its input. */
export async function letWaitPass(setup: NodeRun, waiting: NodeRunResult): Promise<NodeRunResult> {
	return await goOn(setup, waiting, JSON.parse(JSON.stringify(waiting.run.data)));
}

function receiver(setup: NodeRun, { workflow: data, executionId, mode }: NodeRunResult, runExecutionData: IRunExecutionData): Handler<WebhookOutcome> {
	return async (request, response) => {
		const refuse = (status: number, message: string): WebhookOutcome => {
			response.status(status).json({ code: status, message });
			return notReached;
		};
		const url = new URL(request.originalUrl, `http://${request.headers.host}`);
		const signature = url.searchParams.get(WAITING_TOKEN_QUERY_PARAM) ?? '';
		if (!validateUrlSignature(signature, url, Container.get(InstanceSettings).hmacSignatureSecret)) return refuse(401, 'Invalid token');

		const [, , id, suffix] = url.pathname.split('/').map(decodeURIComponent);
		const { workflow, node } = loadWorkflow(data, setup.node);
		const additionalData = createAdditionalData(setup, { workflow: data, mode, executionId, instanceUrl: setup.instanceUrl });
		return await workflow.expression.withIsolate(async () => {
			const webhook = webhooksOf(workflow, node, additionalData).find(
				({ httpMethod, path, webhookDescription }) =>
					httpMethod === request.method && path === suffix && webhookDescription.restartWebhook === true,
			);
			if (id !== executionId || !webhook) {
				return refuse(404, `The workflow for execution "${id}" does not contain a waiting webhook with a matching path/method.`);
			}
			return await answerWebhook(request, response, { workflow, node, webhook, additionalData, mode, runExecutionData });
		});
	};
}

/** The waiting execution as n8n reads it back for a call: its node disabled, so that it only passes on what the call gives. */
function storedData({ run }: NodeRunResult): IRunExecutionData {
	const data: IRunExecutionData = JSON.parse(JSON.stringify(run.data));
	const entry = data.executionData?.nodeExecutionStack[0];
	if (!data.waitTill || !entry) throw new UnexpectedError('The execution does not wait');
	entry.node.disabled = true;
	data.waitTill = undefined;
	data.resultData.runData[data.resultData.lastNodeExecuted ?? '']?.pop();
	return data;
}

const goOn = async (setup: NodeRun, { workflow, executionId, mode }: NodeRunResult, runExecutionData: IRunExecutionData) =>
	await runExecution(setup, { data: workflow, mode, executionId, runExecutionData, signal: setup.signal });
