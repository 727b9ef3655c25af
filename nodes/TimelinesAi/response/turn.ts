/**
 * Which of its questions an execution waits for. A node in a loop, and the human review of an AI agent, ask several in one execution;
 * without this all of them would have the same link, and a late press on one page would answer the question of another.
 */
import type { IExecuteFunctions, IWebhookFunctions } from 'n8n-workflow';
import type { Question } from './question';

/** Makes the question of this run the one that is waited for, and gives what its link says. The same again in another attempt. */
export function beginTurn(functions: IExecuteFunctions, question: Question): { turn: string } {
	const turn = String(functions.getWorkflowDataProxy(0).$runIndex);
	Object.assign(functions.getContext('node'), { turn, question });
	return { turn };
}

/** The question that is waited for, as it was sent; none where the link that was opened is that of another one. */
export function questionOfTurn(functions: IWebhookFunctions): Question | undefined {
	const { turn } = functions.getQueryData() as { turn?: unknown };
	return turn !== undefined && turn === fromContext(functions, 'turn') ? (fromContext(functions, 'question') as Question) : undefined;
}

/**
 * Takes out of the input what looks like an answer. n8n gives the input as the output when the time is over, and there it must not
 * be taken for one: not the answer to an earlier question, and not what the model of an agent wrote beside its tool call.
 */
export function forgetAnswers(functions: IExecuteFunctions): void {
	for (const item of functions.getInputData()) {
		// The item is this node's own, what is in it belongs to the node before, too.
		item.json = Object.fromEntries(Object.entries(item.json).filter(([name]) => !answerFields.includes(name)));
	}
}

/** Where workflows and the human review of agents look for an answer. */
const answerFields = ['data', 'approved', 'chatInput'];

/** The node's context is in reach of expressions alone here. */
function fromContext(functions: IWebhookFunctions, key: string): unknown {
	// Braces in the name would end the expression.
	const name = JSON.stringify(functions.getNode().name).replace(/[{}]/g, (brace) => `\\u00${brace.charCodeAt(0).toString(16)}`);
	return functions.evaluateExpression(`{{ $node[${name}].context["${key}"] }}`);
}
