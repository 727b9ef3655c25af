/** Runs the operation that a node is set to, for every input item: the only loop over items there is. */
import {
	NodeApiError,
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type JsonObject,
} from 'n8n-workflow';
import { Api } from '../transport/api';
import { executionPatience } from '../transport/retry';
import { inFlight } from './inFlight';
import { Item } from './item';
import { SentBefore } from './sentBefore';
import { checkToolCall, isToolCall } from './toolCall';
import { WithFiles, type ActionNode, type Operation, type Output } from './types';

/** Reads are made a few at a time: the API's limiter queues up to 10 requests beyond its rate, and this stays well below. */
const readsInFlight = 4;

/**
 * Runs the chosen operation for all items and gives one output item for each thing that it returned, paired with its input item.
 * Reads run a few at a time, writes and sends strictly in order. With n8n's *Continue* setting, and for the model that calls the
 * node as a tool, a failed item becomes an error item; without it the first error ends the run and carries the item's index.
 */
export async function executeOperation(this: IExecuteFunctions, node: ActionNode): Promise<INodeExecutionData[][]> {
	const operation = chosenOperation(this, node);
	const api = new Api(this, node.credential, executionPatience, node.hints);
	const sentBefore = new SentBefore(this);
	const results: INodeExecutionData[][] = new Array(this.getInputData().length);

	const runItem = async (index: number) => {
		const item = new Item(this, api, index, operation.effect, sentBefore);
		try {
			checkToolCall(this);
			sentBefore.check(index);
			const output = await operation.execute(item);
			const present = await presenterOf(operation, item);
			results[index] = [output].flat().map((one) => present(one as Output));
		} catch (error) {
			const cause = explained(this, error, index, sentBefore.messagesOf(index));
			if (!(this.continueOnFail() || isToolCall(this)) || api.signal?.aborted) throw cause;
			results[index] = [errorItem(cause, index)];
		}
	};

	await inFlight(results.length, operation.effect === 'read' ? readsInFlight : 1, runItem);
	return [results.flat()];
}

function chosenOperation(functions: IExecuteFunctions, { resources }: ActionNode): Operation {
	const resource = functions.getNodeParameter('resource', 0) as string;
	const value = functions.getNodeParameter('operation', 0) as string;
	const operation = resources.find((one) => one.value === resource)?.operations.find((one) => one.value === value);
	if (operation) return operation;
	throw new NodeOperationError(functions.getNode(), `This node has no operation “${value}” for “${resource}”`, {
		description: 'Choose a resource and an operation from the lists.',
	});
}

/** Turns what an operation returned into an output item in the form that the user chose. */
async function presenterOf({ simplify }: Operation, item: Item): Promise<(output: Output) => INodeExecutionData> {
	const simplified = simplify && item.choice('output', ['simplified', 'raw']) === 'simplified';
	const origin = simplified ? await item.api.origin() : '';
	const present = (json: IDataObject) => (simplified ? simplify(json, origin) : json);
	return (output) =>
		output instanceof WithFiles
			? { json: present(output.json), binary: output.binary, pairedItem: { item: item.index } }
			: { json: present(output), pairedItem: { item: item.index } };
}

/**
 * Every error that leaves the node names its item, says what became of the item (`outcome`) and which messages it had sent by then
 * (`messageUids`): whoever runs the workflow anew must know. What is no error of n8n's becomes one.
 */
function explained(functions: IExecuteFunctions, error: unknown, itemIndex: number, messageUids: string[]): NodeApiError | NodeOperationError {
	const isOurs = error instanceof NodeApiError || error instanceof NodeOperationError;
	const cause = isOurs ? error : new NodeOperationError(functions.getNode(), error as Error);
	const { context } = cause;
	context.itemIndex ??= itemIndex;
	if (isOurs) context.outcome ??= 'notProcessed';
	if (messageUids.length === 0) return cause;
	context.messageUids = messageUids;
	if (context.outcome === undefined || context.outcome === 'notProcessed') context.outcome = 'partlyProcessed';
	if (context.outcome !== 'undelivered') cause.description = [cause.description, `Sent before that: ${messageUids.join(', ')}.`].filter(Boolean).join(' ');
	return cause;
}

/**
 * n8n sends an item to the error output, and keeps its JSON, where that has no other keys than `error`, `message` and `details`.
 */
function errorItem(error: NodeApiError | NodeOperationError, item: number): INodeExecutionData {
	const { outcome, errorCode, messageUids } = error.context as JsonObject;
	const details = {
		description: error.description,
		httpCode: error instanceof NodeApiError ? error.httpCode : undefined,
		errorCode,
		outcome,
		messageUids,
	};
	const known = Object.entries(details).filter(([, value]) => value !== undefined && value !== null);
	return { json: { error: error.message, details: Object.fromEntries(known) as IDataObject }, pairedItem: { item } };
}
