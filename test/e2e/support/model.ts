/**
 * A language model that follows a script: it speaks the protocol of OpenAI, Responses and Chat Completions, and its answers are
 * those of the test. What an agent offers it and tells it is kept for the test to look at.
 */
import assert from 'node:assert/strict';
import { standIn } from './standIn';

/** What the model does next: it says something, or it calls tools. */
export type Turn = string | ToolCall[];

/** A turn can look at what was asked, for ids that tools gave; an error is one of the model. */
export type Step = Turn | Error | ((asked: Asked) => Turn);

export interface ToolCall {
	/** The name of the tool, which n8n makes of the name of its node. */
	tool: string;
	arguments?: Record<string, unknown>;
}

/** A tool as the model sees it. */
export interface OfferedTool {
	name: string;
	description: string;
	/** JSON Schema. */
	parameters: { properties?: Record<string, { type: string; description?: string }>; required?: string[] };
}

/** One request of the agent. */
export interface Asked {
	tools: OfferedTool[];
	/** The text of the system message. */
	system: string;
	/** The text of the last message of the user. */
	user: string;
	/** What the tools gave, in the order of their calls. */
	results: string[];
}

export interface ScriptedModel {
	/** The URL of the credential. */
	url: string;
	/** Everything that the model was asked since the last script. */
	asked: Asked[];
	/** Begins a new script; each step is used once. */
	follow(...steps: Step[]): void;
}

/** Starts a model on loopback. A question beyond the end of the script is an error. */
export async function scriptedModel(): Promise<ScriptedModel> {
	let script: Step[] = [];
	const asked: Asked[] = [];
	const server = await standIn(({ path, body }) => {
		const protocol = Object.values(protocols).find((one) => path === one.path);
		assert.ok(protocol, `the model has no ${path}`);
		const request = body as Body;
		assert.ok(!request.stream, 'the model does not stream');
		const question = { tools: protocol.tools(request), ...protocol.messages(request) };
		asked.push(question);
		const next = script.shift();
		assert.ok(next !== undefined, 'the script of the model has ended');
		// Not a status that clients ask again after.
		if (next instanceof Error) return { status: 400, body: { error: { message: next.message } } };
		return { body: protocol.answer(typeof next === 'function' ? next(question) : next, asked.length) };
	});
	return {
		url: `${server.origin}/v1`,
		asked,
		follow(...steps) {
			asked.length = 0;
			script = steps;
		},
	};
}

type Body = Record<string, unknown>;
type Part = { type?: string; role?: string; content?: unknown; output?: unknown };

interface Protocol {
	path: string;
	tools(body: Body): OfferedTool[];
	messages(body: Body): Omit<Asked, 'tools'>;
	answer(turn: Turn, count: number): object;
}

const responses: Protocol = {
	path: '/v1/responses',
	tools: ({ tools = [] }) => tools as OfferedTool[],
	messages: ({ input }) => conversation(input as Part[], (part) => (part.type === 'function_call_output' ? part.output : undefined)),
	answer: (turn, count) => ({
		id: `resp_${count}`,
		object: 'response',
		created_at: 0,
		status: 'completed',
		model: 'scripted',
		output:
			typeof turn === 'string'
				? [{ id: `msg_${count}`, type: 'message', role: 'assistant', status: 'completed', content: [{ type: 'output_text', text: turn, annotations: [] }] }]
				: turn.map(({ tool, arguments: given = {} }, index) => ({
						id: `fc_${count}_${index}`,
						type: 'function_call',
						status: 'completed',
						call_id: `call_${count}_${index}`,
						name: tool,
						arguments: JSON.stringify(given),
					})),
		usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
	}),
};

const completions: Protocol = {
	path: '/v1/chat/completions',
	tools: ({ tools = [] }) => (tools as Array<{ function: OfferedTool }>).map((tool) => tool.function),
	messages: ({ messages }) => conversation(messages as Part[], (part) => (part.role === 'tool' ? part.content : undefined)),
	answer: (turn, count) => ({
		id: `chatcmpl_${count}`,
		object: 'chat.completion',
		created: 0,
		model: 'scripted',
		choices: [
			{
				index: 0,
				finish_reason: typeof turn === 'string' ? 'stop' : 'tool_calls',
				message:
					typeof turn === 'string'
						? { role: 'assistant', content: turn }
						: {
								role: 'assistant',
								content: null,
								tool_calls: turn.map(({ tool, arguments: given = {} }, index) => ({
									id: `call_${count}_${index}`,
									type: 'function',
									function: { name: tool, arguments: JSON.stringify(given) },
								})),
							},
			},
		],
		usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
	}),
};

const protocols = { responses, completions };

function conversation(parts: Part[], resultOf: (part: Part) => unknown): Omit<Asked, 'tools'> {
	const last = (...roles: string[]) => textOf(parts.findLast(({ role }) => roles.includes(role ?? ''))?.content);
	return {
		system: last('system', 'developer'),
		user: last('user'),
		results: parts.map(resultOf).filter((result) => result !== undefined).map(textOf),
	};
}

/** Text comes plain or in pieces. */
const textOf = (content: unknown): string =>
	Array.isArray(content) ? content.map((piece) => (piece as { text?: string }).text ?? '').join('') : String(content ?? '');
