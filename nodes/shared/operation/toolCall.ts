/**
 * Calls by a model without n8n's engine between: agents before version 3, agents as tools, and MCP hand over what the node returns
 * straight away. What is different then, as measured with n8n 2.41.1:
 * - a call that throws is repeated by Retry On Fail under another run index, and the model is shown nothing of the error;
 * - agents before version 3 that work on several items at a time (Batch Size) use the same run indexes for all of them, and `$fromAI`
 *   gives one call the arguments of another one.
 */
import { NodeOperationError, type IExecuteFunctions } from 'n8n-workflow';

/** Whether the node runs for such a call. Older n8n has no word for it. */
export const isToolCall = (functions: IExecuteFunctions): boolean => functions.isToolExecution?.() ?? false;

/** Throws where n8n has mixed the call up with another one: a message would go to somebody else. */
export function checkToolCall(functions: IExecuteFunctions): void {
	if (!isToolCall(functions)) return;
	const { $fromAI: seen } = functions.getWorkflowDataProxy(0) as unknown as { $fromAI(name: string): unknown };
	const given = Object.entries(functions.getInputData()[0]?.json ?? {});
	if (given.every(([name, value]) => JSON.stringify(seen(name)) === JSON.stringify(value ?? undefined))) return;
	throw new NodeOperationError(functions.getNode(), 'n8n has mixed this call up with another one of the same tool, so nothing was done', {
		description: 'AI Agent nodes before version 3 do that when their Batch Size is more than 1. Set it to 1, or replace the AI Agent node with a new one.',
	});
}
