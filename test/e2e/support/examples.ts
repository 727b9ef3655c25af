/** Puts the workflows of `examples/` into n8n as a user does: imported, connected with credentials, made their own, published. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type INode } from 'n8n-workflow';
import { projectFolder } from '../../n8n/paths';
import { type Execution, type N8nClient, type Workflow, type WorkflowFile } from '../../n8n/rest';
import { type Chat, type Message, type World } from '../../sandbox';
import { eventually } from '../kit';

const folder = join(projectFolder, 'examples');

/** The examples by the names of their files, without `.json`. */
export const exampleNames = (): string[] =>
	readdirSync(folder)
		.filter((name) => name.endsWith('.json'))
		.map((name) => basename(name, '.json'))
		.sort();

export const readExample = (name: string): WorkflowFile => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as WorkflowFile;

export interface Setup {
	/** What the credentials that the example names hold, by these names; those that n8n has already need not be here. */
	credentials?: Record<string, Record<string, string>>;
	/** Changes the example as a user would who makes it their own: addresses, limits. */
	adapt?: (node: (name: string) => INode, workflow: WorkflowFile) => void;
}

/** Imports an example. Every credential that it names is the one of that name in n8n, and is made where there is none. */
export async function addExample(client: N8nClient, name: string, { credentials = {}, adapt }: Setup = {}): Promise<Workflow> {
	const file = readExample(name);
	for (const { credentials: wanted = {} } of file.nodes) {
		for (const [type, credential] of Object.entries(wanted)) {
			credential.id = await credentialId(client, type, credential.name, credentials[credential.name]);
		}
	}
	adapt?.((wanted) => {
		const node = file.nodes.find((one) => one.name === wanted);
		assert.ok(node, `${name} has no node “${wanted}”`);
		return node;
	}, file);
	return await client.createWorkflow(file);
}

async function credentialId(client: N8nClient, type: string, name: string, data?: Record<string, string>): Promise<string> {
	const existing = (await client.credentials()).find((one) => one.type === type && one.name === name);
	if (existing) return existing.id;
	assert.ok(data, `the example wants the credential “${name}” (${type})`);
	return (await client.createCredential(type, name, data)).id;
}

/** Waits until a workflow has had so many executions and all of them have ended, and gives how, the newest first. */
export async function ended(client: N8nClient, { id, name }: Workflow, count = 1): Promise<Array<Execution['status']>> {
	return await eventually(`${count} ended executions of “${name}”`, async () => {
		const statuses = (await client.executions(id)).map(({ status }) => status);
		return statuses.length >= count && statuses.every((status) => !['new', 'running', 'waiting'].includes(status)) && statuses;
	});
}

/** The chat of this name. */
export function chatNamed({ chats }: World, name: string): Chat {
	const found = [...chats.values()].find((chat) => chat.name === name);
	assert.ok(found, `there is no chat “${name}”`);
	return found;
}

/** What n8n has written into a chat, notes included, in order. */
export const fromN8n = ({ messages }: Chat): Message[] => messages.filter(({ origin, fromMe }) => fromMe && origin === 'Public API');

/** The texts of what n8n has sent into a chat. */
export const sentTo = (chat: Chat): Array<string | null> => fromN8n(chat).filter(({ type }) => type === 'whatsapp').map(({ text }) => text);

/** The texts of the private notes of a chat. */
export const notesIn = ({ messages }: Chat): Array<string | null> => messages.filter(({ type, isPrivate }) => type === 'note' && isPrivate).map(({ text }) => text);

/** The links in what n8n has sent into a chat. */
export const linksIn = (chat: Chat): string[] => sentTo(chat).flatMap((text) => text?.match(/https?:\S+/g) ?? []);
