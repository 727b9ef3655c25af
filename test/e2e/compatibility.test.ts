/** The oldest n8n that the package works on: what a message starts there, what a tool and a poll need, and what is missing says so. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type INode, type INodeParameters } from 'n8n-workflow';
import exampleWorkflow from '../demo/workflow.json';
import { withCredential } from '../demo/stage';
import { endAll, onEnd } from '../n8n/cleanup';
import { installN8n } from '../n8n/install';
import { installPackage } from '../n8n/package';
import { type Credential, type Execution, N8nClient, type Workflow, type WorkflowFile } from '../n8n/rest';
import { freePort, startN8n } from '../n8n/server';
import { type Chat, type Sandbox, startSandbox } from '../sandbox';
import { eventually, packedPackage, testFolder } from './kit';

const login = { email: 'owner@example.com', password: 'Oldest-1-n8n' };
const packageName = 'n8n-nodes-timelinesai';
let sandbox: Sandbox;
let client: N8nClient;
let credential: Credential;

before(async () => {
	const installation = await installN8n('oldest');
	const userFolder = testFolder(__filename);
	await installPackage(await packedPackage(), userFolder);
	sandbox = await startSandbox({ chats: 'demo' });
	onEnd(() => sandbox.close());
	const n8n = await startN8n({ installation, userFolder, port: await freePort() });
	client = new N8nClient(n8n.origin);
	await client.enter(login);
	credential = await client.createCredential('timelinesAiApi', 'TimelinesAI', { apiToken: sandbox.token, baseUrl: sandbox.apiUrl });
});
after(endAll);

test('the credential passes its test', async () => {
	assert.deepEqual(await client.testCredential(credential), { status: 'OK', message: 'Connection successful!' });
});

test('a message that arrives is answered, and the trigger leaves nothing behind', async () => {
	const { id } = await create(withCredential(exampleWorkflow as unknown as WorkflowFile, credential));
	await setActive(id, true);
	assert.deepEqual(sandbox.world.subscriptions().map(({ eventType }) => eventType), ['message:received:new']);

	const { chat } = sandbox.customerWrites({ phone: '+15550101234', name: 'Dana Cole', text: 'Do you ship to Oslo?' });
	assert.equal(await ended(id), 'success');
	assert.deepEqual(sentTo(chat), ['Hello Dana Cole, thank you for writing! We have read “Do you ship to Oslo?” and will be with you soon.']);
	assert.deepEqual(chat.labels, ['answered by n8n']);

	await setActive(id, false);
	assert.deepEqual(sandbox.world.subscriptions(), []);
});

test('the polling trigger is activated and polls', async () => {
	const { id } = await create({ name: 'Poll', nodes: [node('timelinesAiPollingTrigger', {})], connections: {} });
	const before = sandbox.requests.length;
	await setActive(id, true);
	await eventually('it asks for the chats', () => sandbox.requests.slice(before).some(({ method, path }) => method === 'GET' && path === '/chats'));
	await setActive(id, false);
});

test('n8n offers the node as a tool of AI agents', async () => {
	const types = await client.data<Array<{ name: string }>>('POST', '/rest/node-types', { nodeInfos: [{ name: `${packageName}.timelinesAiTool`, version: 1 }] });
	assert.deepEqual(types.map(({ name }) => name), ['timelinesAiTool']);
});

test('Send and Wait for Response, which needs a newer n8n, says so and sends nothing', async () => {
	const path = 'ask';
	const { id } = await create({
		name: 'Ask',
		nodes: [
			{ id: 'start', name: 'Start', type: 'n8n-nodes-base.webhook', typeVersion: 2, position: [0, 0], parameters: { path, httpMethod: 'POST' }, webhookId: path },
			node('timelinesAi', { resource: 'message', operation: 'sendAndWait', sendTo: 'phone', phone: '+15550101235', message: 'May we?' }),
		],
		connections: { Start: { main: [[{ node: 'TimelinesAI', type: 'main', index: 0 }]] } },
	});
	await setActive(id, true);
	const before = sandbox.requests.length;
	await fetch(`${client.origin}/webhook/${path}`, { method: 'POST' });
	assert.equal(await ended(id), 'error');
	assert.deepEqual(sandbox.requests.slice(before), []);
	const [execution] = await client.executions(id);
	const { data } = await client.data<{ data: string }>('GET', `/rest/executions/${execution?.id}`);
	assert.match(data, /This n8n is too old for Send and Wait for Response/);
	await setActive(id, false);
});

test('every request keeps to the contract of the API', () => {
	assert.deepEqual(sandbox.breaches.map(({ kind, message }) => `${kind}: ${message}`), []);
});

function node(type: string, parameters: INodeParameters): INode {
	const { id, name } = credential;
	return { id: type, name: 'TimelinesAI', type: `${packageName}.${type}`, typeVersion: 1, position: [240, 0], parameters, credentials: { timelinesAiApi: { id, name } } };
}

/** Older releases want to be told what newer ones assume. */
async function create(workflow: WorkflowFile): Promise<Workflow> {
	return await client.data('POST', '/rest/workflows', { settings: { executionOrder: 'v1' }, active: false, ...workflow });
}

/** Publishing has a call of its own only in newer releases. */
async function setActive(id: string, active: boolean): Promise<void> {
	const { versionId } = await client.workflow(id);
	await client.data('PATCH', `/rest/workflows/${id}`, { active, versionId });
}

async function ended(workflowId: string): Promise<Execution['status']> {
	return await eventually('the run has ended', async () => {
		const [execution] = await client.executions(workflowId);
		return execution && !['new', 'running'].includes(execution.status) && execution.status;
	});
}

const sentTo = (chat: Chat) => [...sandbox.world.messages.values()].filter((message) => message.fromMe && message.chat === chat).map(({ text }) => text);
