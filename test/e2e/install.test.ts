/** As users install it: n8n gets the package from a npm registry through its Community nodes panel, updates it there, and removes it. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type Page } from 'playwright-core';
import { endAll, onEnd } from '../n8n/cleanup';
import { installN8n } from '../n8n/install';
import { runProgram } from '../n8n/processes';
import { N8nClient, type Workflow } from '../n8n/rest';
import { freePort, type N8nServer, startN8n } from '../n8n/server';
import { type Registry, startRegistry } from '../registry/registry';
import { type Sandbox, startSandbox } from '../sandbox';
import { eventually, openBrowser, packedPackage, part, signIn, takePicture, testFolder } from './kit';

interface Manifest {
	name: string;
	version: string;
	n8n: { nodes: string[]; credentials: string[] };
}

const login = { email: 'owner@example.com', password: 'Installs-1-package' };
const folder = testFolder(__filename);
const type = 'n8n-nodes-timelinesai.timelinesAi';
let registry: Registry;
let sandbox: Sandbox;
let n8n: N8nServer;
let client: N8nClient;
let editor: Page;
let workflow: Workflow;
let manifest: Manifest;

before(async () => {
	const installation = await installN8n();
	registry = await startRegistry(installation.node, join(folder, 'registry'));
	const tarball = await packedPackage();
	manifest = await manifestOf(tarball);
	await registry.publish(tarball);

	sandbox = await startSandbox({ chats: 'demo' });
	onEnd(() => sandbox.close());
	n8n = await startN8n({ installation, userFolder: folder, port: await freePort(), env: registry.environment });
	client = new N8nClient(n8n.origin);
	await client.enter(login);
	editor = await (await openBrowser()).newPage();
	await signIn(editor, { n8n, login });
});
after(endAll);

test('the panel installs the package by its name', async () => {
	await openPanel();
	await editor.getByRole('button', { name: 'Install a community node' }).click();
	const dialog = part(editor, 'communityPackageInstall-modal');
	await part(dialog, 'package-name-input').fill(manifest.name);
	await part(dialog, 'user-agreement-checkbox').click();
	await takePicture(editor, 'install');
	await part(dialog, 'install-community-package-button').click();

	await card().getByText(manifest.name).waitFor();
	await card().getByText(`v${manifest.version}`).waitFor();
	await takePicture(editor, 'installed');
	assert.equal(installedVersion(), manifest.version);
});

test('n8n offers every node of the package', async () => {
	const names = await typesOfPackage();
	assert.equal(names.length, manifest.n8n.nodes.length, names.join(', '));
	assert.ok(names.includes(type));
});

test('a workflow with the node runs', async () => {
	const { id, name } = await client.createCredential('timelinesAiApi', 'TimelinesAI', { apiToken: sandbox.token, baseUrl: sandbox.apiUrl });
	workflow = await client.createWorkflow({
		name: 'Look at the workspace',
		nodes: [
			{ id: '1', name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, position: [0, 0], parameters: {} },
			{
				id: '2',
				name: 'Workspace',
				type,
				typeVersion: 1,
				position: [240, 0],
				parameters: { resource: 'workspace', operation: 'get' },
				credentials: { timelinesAiApi: { id, name } },
			},
		],
		connections: { Start: { main: [[{ node: 'Workspace', type: 'main', index: 0 }]] } },
	});
	await runInEditor(1);
});

test('the panel shows an update and makes it', async () => {
	const newer = await nextPatch(manifest);
	await registry.publish(newer.tarball);
	await openPanel();
	await card().getByRole('button', { name: 'Update' }).click();
	await takePicture(editor, 'update');
	await editor.getByRole('dialog').getByRole('button', { name: 'Update' }).click();
	await card().getByText(`v${newer.version}`).waitFor();
	assert.equal(installedVersion(), newer.version);
	assert.equal(await card().getByRole('button', { name: 'Update' }).count(), 0);
});

test('the same workflow runs with the newer version', async () => {
	await runInEditor(2);
});

test('the panel removes the package, and nothing of it is left', async () => {
	await openPanel();
	await part(card(), 'action-toggle').click();
	await part(editor, 'action-uninstall').click();
	await editor.getByRole('dialog').getByRole('button', { name: 'Uninstall' }).click();
	await card().waitFor({ state: 'detached' });
	assert.equal(existsSync(packageFolder()), false);
	assert.deepEqual(await typesOfPackage(), []);
});

test('nobody was asked outside this machine but n8n’s list of banned packages, in vain', () => {
	assert.deepEqual([...new Set(registry.refused)], ['api.n8n.io:443']);
});

async function openPanel(): Promise<void> {
	await editor.goto(`${n8n.origin}/settings/community-nodes`);
}

const card = () => part(editor, 'community-package-card');
const packageFolder = () => join(folder, '.n8n', 'nodes', 'node_modules', manifest.name);
const installedVersion = () => (JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8')) as Manifest).version;

/** The node types that n8n offers its editor. A tool variant for AI agents is none of the package's own. */
async function typesOfPackage(): Promise<string[]> {
	const answer = await editor.request.get(`${n8n.origin}/types/nodes.json`);
	const all = (await answer.json()) as Array<{ name: string }>;
	return [...new Set(all.map(({ name }) => name))].filter((name) => name.startsWith(`${manifest.name}.`) && !name.endsWith('Tool'));
}

/** Runs the workflow as a person does, and waits for its end. */
async function runInEditor(times: number): Promise<void> {
	await editor.goto(`${n8n.origin}/workflow/${workflow.id}`);
	await part(editor, 'execute-workflow-button').click();
	const executions = await eventually('the run has ended', async () => {
		const found = await client.executions(workflow.id);
		return found.length === times && found.every(({ status }) => status !== 'running' && status !== 'new') && found;
	});
	assert.equal(executions[0]?.status, 'success');
	const output = await client.output(executions[0]?.id ?? '');
	assert.equal(output.Workspace?.[0]?.workspaceId, sandbox.world.workspace.id);
}

async function manifestOf(tarball: string): Promise<Manifest> {
	return JSON.parse(readFileSync(join(await unpack(tarball, 'released'), 'package.json'), 'utf8')) as Manifest;
}

/** The same package, released once more. */
async function nextPatch({ name, version }: Manifest): Promise<{ version: string; tarball: string }> {
	const [major, minor, patch] = version.split('.').map(Number);
	const next = `${major}.${minor}.${(patch ?? 0) + 1}`;
	const unpacked = await unpack(await packedPackage(), 'next');
	const file = join(unpacked, 'package.json');
	writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as Manifest), version: next }, null, '\t'));
	await runProgram('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: unpacked, log: join(folder, 'pack.log') });
	return { version: next, tarball: join(folder, `${name}-${next}.tgz`) };
}

async function unpack(tarball: string, name: string): Promise<string> {
	const target = join(folder, name);
	mkdirSync(target, { recursive: true });
	await runProgram('tar', ['-xzf', tarball, '-C', target, '--strip-components=1'], { cwd: target, log: join(folder, 'pack.log') });
	return target;
}
