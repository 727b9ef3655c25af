/** Runs a node in n8n's real execution engine. */
import './log';
import { WorkflowExecute } from 'n8n-core';
import {
	createRunExecutionData,
	type ExecutionStatus,
	type IDataObject,
	type INode,
	type INodeExecutionData,
	type INodeType,
	type IRun,
	type IRunExecutionData,
	type IWorkflowBase,
	type NodeExecutionHint,
	NodeHelpers,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { type BinaryMode, useBinaryMode } from './binary';
import { type AnyNodeType, latestVersionOf } from './node-types';
import { createAdditionalData, createWorkflowData, loadWorkflow, type NodeSetup, START_NAME } from './workflow';

export interface NodeRun extends NodeSetup {
	/** The node's input; one empty item unless given, as after a manual trigger. */
	items?: INodeExecutionData[] | IDataObject[];
	/** The node's old "Continue On Fail" setting. */
	continueOnFail?: boolean;
	/** The node's "On Error" setting. */
	onError?: INode['onError'];
	/** The node's "Retry On Fail": n8n limits tries to 2 … 5 and the wait to 0 … 5000 ms, and takes 0 ms for its default of 1000. */
	retryOnFail?: { maxTries?: number; waitBetweenTries?: number };
	/** Other settings of the node, such as `executeOnce` or `alwaysOutputData`. */
	nodeSettings?: Partial<INode>;
	/** Cancels the execution when it aborts, as the stop button does. */
	signal?: AbortSignal;
	/** Where files are kept that the run makes; `filesystem` unless given. One setting for the process: do not mix it in parallel runs. */
	binaryMode?: BinaryMode;
	/** `trigger` (a published workflow) unless given; `manual` is a run in the editor. */
	mode?: WorkflowExecuteMode;
	executionId?: string;
	instanceUrl?: string;
	/** An earlier run that this one follows in the same execution, as in a loop: run index and node context go on. */
	after?: NodeRunResult;
	/** A failed run that the user retries: a new execution that starts at the failed node with what the old one had stored. */
	retryOf?: NodeRunResult;
}

/** n8n keeps errors as plain copies: there is no `instanceof`. */
export interface RunError {
	name: string;
	message: string;
	description?: string | null;
	httpCode?: string | null;
	context?: IDataObject;
	[key: string]: unknown;
}

export interface NodeRunResult {
	status: ExecutionStatus;
	/** The first output. Empty when the node failed. */
	items: INodeExecutionData[];
	/** All outputs; with `onError: 'continueErrorOutput'` the last one has the failed items. */
	outputs: INodeExecutionData[][];
	/** Why the execution failed or was cancelled; or the node's error which the execution survived. */
	error?: RunError;
	hints: NodeExecutionHint[];
	/** How often n8n called `execute()`. */
	attempts: number;
	/** Until when the execution waits, after `putExecutionToWait`. */
	waitTill?: Date;
	/** What the node keeps in `getContext('node')`. */
	context: IDataObject;
	executionId: string;
	mode: WorkflowExecuteMode;
	/** The workflow as it was run, and everything that n8n knows of the run. */
	workflow: IWorkflowBase;
	run: IRun;
}

let executions = 0;

/**
 * Runs the node on its items and gives what the workflow sees. It never rejects for a failing node: see `error`.
 * @example
 * const { items, error } = await runNode({ node: new TimelinesAi(), parameters: { resource: 'chat', operation: 'get', chatId: '={{ $json.id }}' }, items: [{ id: 1 }, { id: 2 }], credentials, credentialTypes });
 */
export async function runNode(setup: NodeRun): Promise<NodeRunResult> {
	const { mode = setup.retryOf ? 'retry' : 'trigger' } = setup;
	const executionId = setup.after?.executionId ?? setup.executionId ?? String(++executions);
	const data = createWorkflowData(setup, { workflowId: 'workflow-1' }, {
		...(setup.continueOnFail !== undefined && { continueOnFail: setup.continueOnFail }),
		...(setup.onError && { onError: setup.onError }),
		...(setup.retryOnFail && { retryOnFail: true, ...setup.retryOnFail }),
		...setup.nodeSettings,
	});
	await useBinaryMode(setup.binaryMode ?? 'filesystem');
	return await runExecution(setup, { data, mode, executionId, runExecutionData: executionDataFor(setup, data), signal: setup.signal });
}

/** Runs an execution from the stack in its data to the end of the node under test. */
export async function runExecution(
	setup: NodeSetup & { instanceUrl?: string },
	{
		data,
		mode,
		executionId,
		runExecutionData,
		signal,
	}: { data: IWorkflowBase; mode: WorkflowExecuteMode; executionId: string; runExecutionData: IRunExecutionData; signal?: AbortSignal },
): Promise<NodeRunResult> {
	const counted = countCalls(setup.node, setup.typeVersion);
	const { workflow, node } = loadWorkflow(data, counted.node);
	const additionalData = createAdditionalData(setup, { workflow: data, mode, executionId, instanceUrl: setup.instanceUrl });
	const earlier = runExecutionData.resultData.runData[node.name]?.at(-1);

	const running = new WorkflowExecute(additionalData, mode, runExecutionData).processRunExecutionData(workflow);
	const cancel = () => running.cancel();
	if (signal?.aborted) cancel();
	signal?.addEventListener('abort', cancel);
	const run = await running.finally(() => signal?.removeEventListener('abort', cancel));

	const latest = run.data.resultData.runData[node.name]?.at(-1);
	const task = latest === earlier ? undefined : latest;
	const outputs = (task?.data?.main ?? []).map((output) => output ?? []);
	return {
		// A node that fails on the way out does not change that the execution was cancelled, and stored as such.
		status: running.isCanceled ? 'canceled' : run.status,
		items: outputs[0] ?? [],
		outputs,
		error: (run.data.resultData.error ?? task?.error) as RunError | undefined,
		hints: task?.hints ?? [],
		attempts: counted.calls(),
		waitTill: run.waitTill ?? undefined,
		context: NodeHelpers.getContext(run.data, 'node', node),
		executionId,
		mode,
		workflow: data,
		run,
	};
}

/** What the execution starts from: the items on the start node's stack, in new data or in that of an earlier run. */
function executionDataFor({ items = [{}], after, retryOf }: NodeRun, data: IWorkflowBase): IRunExecutionData {
	if (retryOf) return dataForRetry(retryOf);
	const startNode = data.nodes.find(({ name }) => name === START_NAME)!;
	const input = items.map((item) => (isItem(item) ? structuredClone(item) : { json: structuredClone(item) }));
	const stack = [{ node: startNode, data: { main: [input] }, source: null }];
	if (!after) return createRunExecutionData({ executionData: { nodeExecutionStack: stack } });

	const continued = structuredClone(after.run.data);
	continued.executionData!.nodeExecutionStack = stack;
	return continued;
}

/** The old execution as n8n reads it back for "Retry": the failed task removed, the failed node still on the stack. */
function dataForRetry({ run }: NodeRunResult): IRunExecutionData {
	const data: IRunExecutionData = JSON.parse(JSON.stringify(run.data));
	const { resultData } = data;
	delete resultData.error;
	const runs = resultData.runData[resultData.lastNodeExecuted ?? ''];
	if (runs?.at(-1)?.error !== undefined) runs.pop();
	return data;
}

const isItem = (item: INodeExecutionData | IDataObject): item is INodeExecutionData =>
	typeof item.json === 'object' && item.json !== null;

/** The same node, with a count of the calls of its `execute()`. */
function countCalls(versioned: AnyNodeType, version = latestVersionOf(versioned)): { node: INodeType; calls: () => number } {
	const node = NodeHelpers.getVersionedNodeType(versioned, version);
	let calls = 0;
	const { execute } = node;
	const counted: INodeType = Object.create(node);
	if (execute) {
		counted.execute = async function (...args) {
			calls++;
			return await execute.apply(this, args);
		};
	}
	return { node: counted, calls: () => calls };
}
