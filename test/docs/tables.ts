/**
 * Writes the tables of the documentation between their markers: the operations of the nodes, for each endpoint of the Public API the
 * operations that call it, and what starts the triggers. Everything comes from the nodes themselves. Run it with tsx after a change.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ActionNode } from '../../nodes/shared/operation/types';
import { timelinesAi } from '../../nodes/TimelinesAi/resources';
import { timelinesAiPartner } from '../../nodes/TimelinesAiPartner/resources';
import { changeKinds } from '../../nodes/TimelinesAiPollingTrigger/changes';
import { events } from '../../nodes/TimelinesAiTrigger/events';
import { publicContract } from '../sandbox';

/** The files that hold tables, below the root of the project. */
export const documents = ['README.md', 'docs/operations.md', 'docs/trigger.md'];

/** Endpoints that no operation calls, and why. */
export const unused: Record<string, string> = {
	'POST /v2/chats/{chat_id}/messages': 'does less than `POST /chats/{chat_id}/messages`: it cannot reply to a message',
	'POST /v2/messages': 'does the same as `POST /messages`',
	'POST /v2/templates': 'does the same as `POST /templates/{template_id}/track_usage`',
};

/** For each endpoint of the Public API the operations that call it, as `Chat: Close`. */
export function operationsByEndpoint(): Map<string, string[]> {
	const byEndpoint = new Map<string, string[]>(Object.keys(publicContract).map((endpoint) => [endpoint, []]));
	for (const { name: resource, operations } of sorted(timelinesAi.resources)) {
		for (const { name, endpoints } of sorted(operations)) {
			for (const endpoint of endpoints) byEndpoint.set(endpoint, [...(byEndpoint.get(endpoint) ?? []), `${resource}: ${name}`]);
		}
	}
	return byEndpoint;
}

/** A document with its tables up to date. */
export function withTables(text: string): string {
	return text.replace(/(<!-- (\w+):begin -->\n)[^]*?(<!-- \2:end -->)/g, (_, begin: string, name: string, end: string) => {
		const table = tables[name];
		if (!table) throw new Error(`There is no table “${name}”; there are: ${Object.keys(tables).join(', ')}`);
		return `${begin}\n${table()}\n\n${end}`;
	});
}

/** By the name in the markers. */
const tables: Record<string, () => string> = {
	operations: () => [overview('TimelinesAI', timelinesAi), overview('TimelinesAI Partner', timelinesAiPartner)].join('\n\n'),
	timelinesAi: () => details(timelinesAi),
	timelinesAiPartner: () => details(timelinesAiPartner),
	events: () => starts('event', events),
	changes: () => starts('change', changeKinds),
	endpoints: () =>
		table(
			['endpoint', 'operations'],
			[...operationsByEndpoint()].map(([endpoint, operations]) => [code(endpoint), operations.join(', ') || `none: ${unused[endpoint]}`]),
		),
};

/** One row a thing that starts a workflow, in the order of the panel. */
const starts = (head: string, list: Array<{ name: string; value: string; description: string }>): string =>
	table([head, 'when', 'value'], list.map(({ name, value, description }) => [name, description, code(value)]));

/** One row a resource: the names of its operations. */
const overview = (title: string, { resources }: ActionNode): string =>
	table(
		[title, 'operations'],
		sorted(resources).map(({ name, operations }) => [name, sorted(operations).map((operation) => operation.name).join(', ')]),
	);

/** One row an operation: what it does and which endpoints it may call. */
const details = ({ resources }: ActionNode): string =>
	table(
		['resource', 'operation', 'what it does', 'endpoints'],
		sorted(resources).flatMap((resource) =>
			sorted(resource.operations).map(({ name, description, endpoints }) => [resource.name, name, description, endpoints.map(code).join('<br>')]),
		),
	);

const table = (head: string[], rows: string[][]): string => [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');

const cell = (text: string): string => text.replace(/\|/g, '\\|');
const code = (text: string): string => `\`${text}\``;
const sorted = <T extends { name: string }>(list: T[]): T[] => [...list].sort((a, b) => a.name.localeCompare(b.name));

if (require.main === module) {
	for (const document of documents) {
		const path = join(__dirname, '..', '..', document);
		writeFileSync(path, withTables(readFileSync(path, 'utf8')));
	}
}
