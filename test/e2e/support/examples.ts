/** Puts the workflows of `examples/` into n8n as a user does: imported in the editor, credentials chosen, made their own. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type INode } from 'n8n-workflow';
import { projectFolder } from '../../n8n/paths';
import { type Credential, type Execution, type N8nClient, type Workflow, type WorkflowFile } from '../../n8n/rest';
import { type Chat, type Message, type World } from '../../sandbox';
import { type EndToEnd, eventually, part } from '../kit';

const folder = join(projectFolder, 'examples');

/** The examples by the names of their files, without `.json`. */
export const exampleNames = (): string[] =>
	readdirSync(folder)
		.filter((name) => name.endsWith('.json'))
		.map((name) => basename(name, '.json'))
		.sort();

const fileOf = (name: string): string => join(folder, `${name}.json`);

export const readExample = (name: string): WorkflowFile => JSON.parse(readFileSync(fileOf(name), 'utf8')) as WorkflowFile;

export interface Setup {
	/** What the credentials that the example names hold, by these names; those that n8n has already need not be here. */
	credentials?: Record<string, Record<string, string>>;
	/** Changes the example as a user would who makes it their own: addresses, limits. */
	adapt?: Adapt;
}

export type Adapt = (node: (name: string) => INode, workflow: WorkflowFile) => void;

/** Imports an example in the editor, chooses the credentials that it names, which are made where there are none, and saves it. */
export async function importExample(run: EndToEnd, name: string, { credentials = {}, adapt }: Setup = {}): Promise<Workflow> {
	const { client } = run;
	const { nodes: wanted } = readExample(name);
	const chosen = new Map<string, Credential>();
	for (const [type, credential] of wanted.flatMap((node) => Object.entries(node.credentials ?? {}))) {
		chosen.set(`${type} ${credential.name}`, await provide(client, type, credential.name, credentials[credential.name]));
	}
	const id = await importInEditor(run, name);
	const imported = await eventually(`${name} is saved`, async () => {
		const saved = (await client.workflows()).some((workflow) => workflow.id === id) && (await client.workflow(id));
		return saved && saved.nodes.length === wanted.length && saved;
	});
	for (const { name: node, credentials: named = {} } of wanted) {
		const target = nodeOf(imported, node);
		// n8n drops credentials that it does not know and puts in what there is of their kind.
		if (named.timelinesAiApi) assert.equal(target.credentials?.timelinesAiApi?.id, run.credential.id, `“${node}” of ${name} has got the credential`);
		for (const [type, credential] of Object.entries(named)) {
			target.credentials = { ...target.credentials, [type]: { id: chosen.get(`${type} ${credential.name}`)?.id ?? null, name: credential.name } };
		}
	}
	adapt?.((node) => nodeOf(imported, node), imported);
	const { nodes, connections, versionId } = imported;
	return await client.data('PATCH', `/rest/workflows/${id}`, { nodes, connections, versionId });
}

/** A copy of a workflow that differs from it. */
export async function variant(client: N8nClient, { name, nodes, connections, settings }: Workflow, adapt: Adapt): Promise<Workflow> {
	const copy = structuredClone({ name, nodes, connections, settings });
	adapt((node) => nodeOf(copy, node), copy);
	return await client.createWorkflow(copy);
}

function nodeOf({ name, nodes }: WorkflowFile, wanted: string): INode {
	const node = nodes.find((one) => one.name === wanted);
	assert.ok(node, `${name} has no node “${wanted}”`);
	return node;
}

/** Opens a new workflow and imports the file, as the recipes say. Gives the ID of the workflow. */
async function importInEditor({ editor, n8n }: EndToEnd, name: string): Promise<string> {
	await editor.bringToFront();
	await editor.goto(`${n8n.origin}/workflow/new`);
	await part(editor, 'workflow-menu').click();
	await part(editor, 'workflow-menu-item-import').hover();
	const chooser = editor.waitForEvent('filechooser');
	await part(editor, 'workflow-menu-item-import-from-file').click();
	await (await chooser).setFiles(fileOf(name));
	await editor.waitForURL(({ pathname, search }) => /^\/workflow\/(?!new)\w+$/.test(pathname) && search === '');
	const id = new URL(editor.url()).pathname.split('/').at(-1);
	assert.ok(id);
	return id;
}

async function provide(client: N8nClient, type: string, name: string, data?: Record<string, string>): Promise<Credential> {
	const existing = (await client.credentials()).find((one) => one.type === type && one.name === name);
	if (existing) return existing;
	assert.ok(data, `the example wants the credential “${name}” (${type})`);
	return await client.createCredential(type, name, data);
}

/** Waits until a workflow has had so many executions and all of them have ended, and gives how, the newest first. */
export async function ended(client: N8nClient, { id, name }: Workflow, count = 1): Promise<Array<Execution['status']>> {
	return await eventually(`${count} ended executions of “${name}”`, async () => {
		const statuses = (await client.executions(id)).map(({ status }) => status);
		return statuses.length >= count && statuses.every((status) => !['new', 'running', 'waiting'].includes(status)) && statuses;
	});
}

/** Until n8n has stored that an execution waits for an answer. The link to it is sent before; opened that early, n8n refuses it. */
export async function waits(client: N8nClient): Promise<void> {
	const filter = encodeURIComponent(JSON.stringify({ status: ['waiting'] }));
	await eventually('an execution waits', async () => (await client.data<{ results: Execution[] }>('GET', `/rest/executions?filter=${filter}`)).results.length > 0);
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
