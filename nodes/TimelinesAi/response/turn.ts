/**
 * Which of its questions an execution waits for. A node in a loop, and the human review of an AI agent, ask several in one execution;
 * without this all of them would have the same link, and a late press on one page would answer the question of another.
 */
import type { IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';

/** Makes the question of this run the one that is waited for, and gives what its link says. The same again in another attempt. */
export function beginTurn(functions: IExecuteFunctions): { turn: string } {
	const turn = String(functions.getWorkflowDataProxy(0).$runIndex);
	functions.getContext('node').turn = turn;
	return { turn };
}

/** Whether the link that was opened is that of the question that is waited for. */
export function isItsTurn(functions: IWebhookFunctions): boolean {
	const { turn } = functions.getQueryData() as { turn?: unknown };
	// The node's context is in reach of expressions alone here. Braces in the name would end the expression.
	const name = JSON.stringify(functions.getNode().name).replace(/[{}]/g, (brace) => `\\u00${brace.charCodeAt(0).toString(16)}`);
	const waitedFor = functions.evaluateExpression(`{{ $node[${name}].context["turn"] }}`);
	return (turn ?? null) === (waitedFor ?? null);
}
