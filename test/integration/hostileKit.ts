/**
 * For the hostile tests: every operation that the action nodes have, values of every kind for every field of theirs, and what must
 * hold whatever comes in. All of it follows from the operations themselves, so one that is added later is tested as well.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { existsSync } from 'node:fs';
import { type ClientRequest } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { type IDataObject, type INodeProperties, type INodePropertyCollection, type INodePropertyOptions } from 'n8n-workflow';
import { n8n as manifest } from '../../package.json';
import { type ActionNode, type Operation } from '../../nodes/shared/operation/types';
import { credentialTypes, packageNodes, sourceOf } from '../faults/nodes';
import { logs, type NodeRun, type NodeRunResult, runNode } from '../harness';
import { type Sandbox } from '../sandbox';

const load = createRequire(__filename);

/** One operation of a node, with all that is needed to run it. */
export interface Subject {
	/** `timelinesAi message.send` */
	title: string;
	resource: string;
	operation: Operation;
	credential: string;
	node: NodeRun['node'];
	/** It may wait for something to happen, for as long as its parameters say. */
	waits: boolean;
}

/** Every operation of every action node of the package. */
export const subjects: Subject[] = manifest.nodes.flatMap((built, index) => {
	const resources = join(dirname(sourceOf(built)), 'resources', 'index.ts');
	if (!existsSync(resources)) return [];
	const node = packageNodes()[index] as NodeRun['node'];
	const [definition] = Object.values(load(resources) as Record<string, ActionNode>);
	return (definition?.resources ?? []).flatMap(({ value: resource, operations }) =>
		operations.map((operation) => ({
			title: `${node.description.name} ${resource}.${operation.value}`,
			resource,
			operation,
			credential: definition?.credential ?? '',
			node,
			waits: JSON.stringify(operation.fields).includes('"waitLimit"'),
		})),
	);
});

/** The runs of each property: a few in every test run, more with `HOSTILE_RUNS=50 npx jest hostile`. */
export const factor = Number(process.env.HOSTILE_RUNS ?? 1);
export const seed = Number(process.env.HOSTILE_SEED ?? 20260518);

/** A value that reaches a parameter through an expression, as from another node or a model. */
export class FromItem {
	constructor(readonly value: unknown) {}
}

/** Parameters as the workflow stores them, where a {@link FromItem} stands for an expression. */
export interface Case {
	parameters: Record<string, unknown>;
}

const deep = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown;
const deepObject = (depth: number) => JSON.parse('{"a":'.repeat(depth) + '1' + '}'.repeat(depth)) as unknown;

/** Texts that lead somewhere else, end something early, or are too much. */
export const nastyText = fc.oneof(
	fc.constantFrom(
		'../workspace', '1/../../workspace', '1/labels', '1?x=1', '1#x', '%2e%2e%2fworkspace', '..%5c..', '1\r\nX-Evil: 1', 'a\r\n\r\nGET / HTTP/1.1', 'NUL\0NUL', '\ud800', '\udfff\ud800', '\u202e\u200b\ufeff',
		'__proto__', 'constructor', 'toString', '={{ $json }}', '{{ 1 + 1 }}', 'null', 'NaN', '-1', '1e309', '0x10', '٣', '１２３',
		'http://169.254.169.254/latest/meta-data/', 'file:///etc/passwd', 'javascript:alert(1)', '//evil.example', 'https://user:pass@evil.example', 'http://[::1', '<script>alert(1)</script>', '"; DROP TABLE chats; --',
		',', ',,,', ' ', '\t\n', '+', '@', '@g.us', 'a@b', '👍👍', '👨‍👩‍👧‍👦', 'a'.repeat(70), 'b'.repeat(300), 'c'.repeat(2001), 'd '.repeat(6000), 'e'.repeat(200_000), '🇬🇷'.repeat(2000),
	),
	fc.string({ unit: 'binary', maxLength: 40 }),
	fc.string({ unit: 'grapheme', maxLength: 40 }),
);

/** Anything at all that can be in an item. */
export const anything: fc.Arbitrary<unknown> = fc.oneof(
	{ weight: 3, arbitrary: nastyText },
	{ weight: 1, arbitrary: fc.oneof(fc.integer(), fc.double(), fc.constantFrom(-0, 2 ** 53, -1, 0, 1e21, 1.5)) },
	{ weight: 1, arbitrary: fc.constantFrom(null, undefined, true, false, '', new Date(0), new Date(Number.NaN)) },
	{ weight: 1, arbitrary: fc.constantFrom(...poisoned(), deep(300), deepObject(300), [], {}, [[]], [null], [{}], { length: -1 }, { length: 1e9 }, { toString: 1, valueOf: 2 }, { then: 'x' }, { mode: 'id', value: 1 }) },
	{ weight: 1, arbitrary: fc.anything({ maxDepth: 3, withDate: true, withUnboxed: true } as fc.ObjectConstraints) },
	{ weight: 1, arbitrary: fc.record({ __rl: fc.constant(true), mode: fc.anything(), value: fc.anything() }) },
);

/** Objects that would change all objects where they are merged without care. */
function poisoned(): unknown[] {
	return ['{"__proto__":{"polluted":true}}', '{"constructor":{"prototype":{"polluted":true}}}', '{"__proto__":[],"a":{"__proto__":{"polluted":true}}}'].map((json) => JSON.parse(json) as unknown);
}

/** Values that make sense for a field of this name: with them requests get further than the first check. */
export type Sensible = Record<string, unknown[]>;

/** Parameters for an operation: each field sensible, hostile or left out. */
export function cases({ operation }: Subject, known: Sensible, hostility = 0.4): fc.Arbitrary<Case> {
	const hostile = Math.round(hostility * 10);
	const leaf = (field: INodeProperties): fc.Arbitrary<unknown> =>
		fc.oneof({ weight: 10 - hostile, arbitrary: fc.constantFrom(...sensibleFor(field, known)) }, { weight: hostile, arbitrary: anything.map((value) => new FromItem(value)) });

	const value = (field: INodeProperties): fc.Arbitrary<unknown> => {
		switch (field.type) {
			case 'resourceLocator': {
				const modes = (field.modes ?? []).map(({ name }) => name);
				const chosen = fc.record({ __rl: fc.constant(true), mode: fc.constantFrom(...modes), value: leaf(field) });
				return fc.oneof({ weight: 6, arbitrary: chosen }, { weight: 1, arbitrary: leaf(field) });
			}
			case 'collection':
				return record(field.options as INodeProperties[]);
			case 'fixedCollection': {
				const groups = field.options as INodePropertyCollection[];
				const inGroup = ({ values }: INodePropertyCollection) => (field.typeOptions?.multipleValues ? fc.array(record(values), { maxLength: 3 }) : record(values));
				return fc.record(Object.fromEntries(groups.map((group) => [group.name, inGroup(group)])), { requiredKeys: [] });
			}
			case 'multiOptions':
				return fc.oneof(fc.subarray((field.options as INodePropertyOptions[]).map((option) => option.value)), leaf(field));
			case 'resourceMapper':
				return fc.record({ mappingMode: fc.constant('defineBelow'), value: fc.oneof(fc.dictionary(nastyText, leaf(field), { maxKeys: 3 }), fc.constant(null)), schema: fc.constant([]) });
			default:
				return leaf(field);
		}
	};
	const record = (fields: INodeProperties[]) =>
		fc.record(Object.fromEntries(fields.filter(({ type }) => type !== 'notice').map((field) => [field.name, value(field)])), { requiredKeys: [] });
	return record(operation.simplify ? [...operation.fields, outputField] : operation.fields).map((parameters) => ({ parameters }));
}

const outputField: INodeProperties = { displayName: 'Output', name: 'output', type: 'options', options: ['simplified', 'raw'].map((value) => ({ name: value, value })), default: '' };

function sensibleFor({ name, type, options, default: standard }: INodeProperties, known: Sensible): [unknown, ...unknown[]] {
	const values = known[name];
	if (values && values.length > 0) return values as [unknown];
	if (type === 'options') return (options as INodePropertyOptions[]).map(({ value }) => value) as [unknown];
	if (type === 'boolean') return [true, false];
	if (type === 'number') return [1, 2];
	if (type === 'dateTime') return ['2026-05-18', '2026-05-18T10:44:21+03:00'];
	return ['Acme', standard];
}

/** Things that exist in a sandbox, under the names of the fields that choose them. */
export function sensible({ world, partner }: Sandbox): Sensible {
	const chats = [...world.chats.values()];
	const ids = (things: Map<number, unknown>) => [...things.keys()].map(String);
	return {
		chatId: [...chats.map(({ id }) => String(id)), ...chats.map(({ id }) => id), '+4915112345671', 'https://app.timelines.ai/chat/1000001/messages/'],
		messageUid: [...world.messages.keys()].slice(0, 5),
		afterMessage: [...world.messages.keys()].slice(0, 5),
		fileUid: [...world.files.keys()],
		templateId: [...ids(world.templates), ...ids(world.wabaTemplates)],
		attachmentTemplateId: ids(world.attachmentTemplates),
		accountId: world.wabaAccounts.map(({ id }) => String(id)),
		wabaAccountId: world.wabaAccounts.map(({ id }) => String(id)),
		workspaceId: [...partner.workspaces.keys()],
		userId: [...partner.workspaces.values()].flatMap(({ users }) => users.map(({ id }) => String(id))),
		phone: ['+14155550123', '1 (415) 555-0123'],
		whatsappAccountPhone: world.accounts.map(({ phone }) => phone),
		jid: ['14155550123@s.whatsapp.net', ...chats.map(({ jid }) => jid)],
		chatName: chats.map(({ name }) => name),
		labels: ['customer', 'customer, VIP', ['lead']],
		label: ['customer'],
		responsible: world.teammates.map(({ email }) => email),
		email: ['new@acme.example'],
		reaction: ['👍'],
		url: ['https://acme.example/hook'],
		fileUrl: ['https://files.example/a.pdf'],
		inputDataFieldName: ['data'],
		outputDataFieldName: ['data'],
		waitLimit: [1],
	};
}

/** What the credential of the node holds. */
export type CredentialOf = (credential: string) => IDataObject;

/**
 * Runs one case and throws unless it ended as every run must: with items, or with a clean error that names the item; and neither shows a secret.
 *
 * @param more the items that come in besides the values of the case, for example with a file
 */
export async function runCase({ node, credential, resource, operation, waits }: Subject, { parameters }: Case, credentialOf: CredentialOf, more: Partial<NodeRun> = {}): Promise<NodeRunResult | undefined> {
	const values: unknown[] = [];
	const credentials = { [credential]: credentialOf(credential) } as NodeRun['credentials'];
	const stored = store(parameters, values) as NodeRun['parameters'];
	const [item = { json: {} }] = (more.items ?? []) as Array<{ json: IDataObject }>;
	const cancel = new AbortController();
	// Waiting is what such an operation is for: it is ended here, and how it ends does not matter then.
	const timer = waits ? setTimeout(() => cancel.abort(), 1500) : undefined;
	let result: NodeRunResult;
	try {
		result = await runNode({
			node,
			credentials,
			credentialTypes: credentialTypes(),
			parameters: { ...stored, resource, operation: operation.value },
			signal: cancel.signal,
			...more,
			items: [{ ...item, json: { ...item.json, hostile: values as never } }],
		});
	} catch (error) {
		// n8n looks at required parameters before it runs a node.
		if ((error as Error).name === 'WorkflowHasIssuesError') return undefined;
		throw error;
	} finally {
		clearTimeout(timer);
	}
	if (result.status !== 'canceled') checkResult(result);
	checkSecrets(result, Object.values(credentials?.[credential] ?? {}));
	return result;
}

/** Replaces what comes from the item by expressions, and collects it. */
function store(value: unknown, values: unknown[]): unknown {
	if (value instanceof FromItem) return `={{ $json.hostile[${values.push(value.value) - 1}] }}`;
	if (Array.isArray(value)) return value.map((entry) => store(entry, values));
	if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, store(entry, values)]));
	return value;
}

/** What JavaScript says when code meets what it did not expect. */
const crash = /is not (a function|iterable|defined|an object)|Cannot (read|convert|set|destructure|access|mix)|Invalid array length|Maximum call stack|reading '|undefined|\[object Object\]|Unexpected token/;

function checkResult({ error, items, status }: NodeRunResult): void {
	if (status === 'waiting') return;
	if (error) {
		if (crash.test(error.message)) throw new Error(`An error of the code, not of the input: ${error.name}: ${error.message}\n${String(error.stack)}`);
		if (error.message.length > 1000) throw new Error(`An error of ${error.message.length} characters`);
		if (error.context?.itemIndex !== 0 && !error.name.startsWith('Expression')) throw new Error(`An error without the index of its item: ${error.name}: ${error.message}`);
		return;
	}
	for (const { json, pairedItem } of items) {
		if (typeof json !== 'object' || json === null) throw new Error(`An item that is no object: ${JSON.stringify(json)}`);
		if ((pairedItem as { item?: number } | undefined)?.item !== 0) throw new Error('An item without the item that it came from');
	}
}

function checkSecrets(result: NodeRunResult, values: unknown[]): void {
	const secrets = values.filter((value): value is string => typeof value === 'string' && !value.startsWith('http'));
	const own = result.run.data.resultData.runData[result.run.data.resultData.lastNodeExecuted ?? ''];
	const written = JSON.stringify([own, result.error, result.context, logs.splice(0)]);
	for (const secret of secrets) if (written.includes(secret)) throw new Error('A secret of the credential is in an item, an error or the log');
}

/** Where the process asks while `work` runs, by host, and whether a token went along. Throws when all objects have changed meanwhile. */
export async function watched(work: () => Promise<void>): Promise<Array<{ host: string; authorized: boolean }>> {
	const asked: Array<{ host: string; authorized: boolean }> = [];
	const note = (message: unknown) => {
		const { request } = message as { request: ClientRequest };
		asked.push({ host: String(request.getHeader('host')), authorized: request.hasHeader('authorization') });
	};
	const before = prototypes();
	subscribe('http.client.request.start', note);
	try {
		await work();
	} finally {
		unsubscribe('http.client.request.start', note);
	}
	if (prototypes() !== before) throw new Error('The prototype of all objects was changed');
	return asked;
}

const prototypes = (): string => [Object, Array, Function, String].map(({ prototype }) => Reflect.ownKeys(prototype).map(String).join()).join('\n');
