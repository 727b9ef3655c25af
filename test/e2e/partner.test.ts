/** The partner nodes in a real n8n: every operation, every event, and what the trigger does with deliveries that prove nothing. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type IDataObject, type INode, type INodeParameters } from 'n8n-workflow';
import { webhookNodeVersion } from '../../nodes/shared/trigger/start';
import { endAll } from '../n8n/cleanup';
import { type Credential, type Workflow } from '../n8n/rest';
import { partnerEventTypes } from '../sandbox';
import { assertNoBreach, type EndToEnd, eventually, openEndToEnd, part, takePicture } from './kit';

const type = 'n8n-nodes-timelinesai.timelinesAiPartner';
const chosen = (value: string) => ({ __rl: true, mode: 'id', value });
const workspaceId = chosen("={{ $('Create workspace').first().json.workspaceId }}");

const operations: Array<[name: string, parameters: INodeParameters]> = [
	['Create workspace', { resource: 'workspace', operation: 'create', displayName: 'Acme', seatsPurchased: 3 }],
	['Create users', { resource: 'user', operation: 'create', workspaceId, count: 2 }],
	['Generate QR codes', { resource: 'qrCode', operation: 'generate', workspaceId, userId: chosen('={{ $json.userId }}'), expiresInHours: 2 }],
	['Get workspace', { resource: 'workspace', operation: 'get', workspaceId, options: { split: ['users', 'qr_links'] } }],
	['Update workspace', { resource: 'workspace', operation: 'update', workspaceId, updateFields: { seatsPurchased: 2 } }],
	['Disconnect', { resource: 'whatsappAccount', operation: 'disconnect', workspaceId, userId: chosen("={{ $('Create users').first().json.userId }}") }],
	['Get token', { resource: 'apiToken', operation: 'get', workspaceId }],
	['Rotate token', { resource: 'apiToken', operation: 'rotate', workspaceId }],
];

let run: EndToEnd;
let credential: Credential;
let trigger: Workflow;

before(async () => {
	run = await openEndToEnd(__filename);
	credential = await run.client.createCredential('timelinesAiPartnerApi', 'TimelinesAI Partner', secrets());
});
after(endAll);

function workspaceNamed(name: string) {
	const found = [...run.sandbox.partner.workspaces.values()].find((workspace) => workspace.name === name);
	assert.ok(found, `there is no workspace “${name}”`);
	return found;
}

function secrets() {
	const { partner, partnerApiUrl } = run.sandbox;
	return { partnerId: partner.id, partnerSecret: partner.secret, baseUrl: partnerApiUrl };
}

const using = ({ id, name }: Credential): INode['credentials'] => ({ timelinesAiPartnerApi: { id, name } });

test('the test of the credential tells what is wrong, and changes nothing', async () => {
	const { client, sandbox } = run;
	assert.equal((await client.testCredential(credential)).status, 'OK');

	const workspaces = [...sandbox.partner.workspaces.keys()];
	const wrong: Array<[IDataObject, RegExp]> = [
		[{ partnerSecret: 'wrong' }, /secret/i],
		[{ partnerId: 'wrong' }, /partner/i],
		[{ baseUrl: sandbox.apiUrl }, /base url/i],
	];
	for (const [given, message] of wrong) {
		const broken = await client.createCredential('timelinesAiPartnerApi', 'Broken', { ...secrets(), ...given } as Record<string, string>);
		const result = await client.testCredential(broken);
		assert.equal(result.status, 'Error');
		assert.match(result.message, message);
	}
	assert.deepEqual([...sandbox.partner.workspaces.keys()], workspaces);
	// Wrong on purpose.
	sandbox.breaches.splice(0);
});

test('the eight operations, one after the other in a workflow', async () => {
	const { client, n8n } = run;
	const steps = operations.map(([name, parameters], index): INode => ({
		id: `operation-${index}`,
		name,
		type,
		typeVersion: 1,
		position: [200 * (index + 1), 0],
		parameters,
		credentials: using(credential),
		// Two users come out of one node, and the QR code is the only thing that both of them want.
		executeOnce: name !== 'Generate QR codes',
	}));
	const start: INode = { id: 'start', name: 'Start', type: 'n8n-nodes-base.webhook', typeVersion: 2, position: [0, 0], webhookId: 'partner-operations', parameters: { path: 'partner-operations', httpMethod: 'POST' } };
	const nodes = [start, ...steps];
	const connections = Object.fromEntries(steps.map(({ name }, index) => [nodes[index]?.name, { main: [[{ node: name, type: 'main' as const, index: 0 }]] }]));
	const workflow = await client.createWorkflow({ name: 'Partner operations', nodes, connections });
	await client.activate(workflow.id);

	await fetch(`${n8n.origin}/webhook/partner-operations`, { method: 'POST' });

	const execution = await eventually('the workflow has ended', async () => (await client.executions(workflow.id)).find(({ status }) => !['new', 'running'].includes(status)));
	const output = await client.output(execution.id);
	assert.equal(execution.status, 'success', JSON.stringify(output));
	const acme = workspaceNamed('Acme');
	assert.equal(acme.seats, 2);
	assert.equal(acme.users.length, 3, 'the one that a workspace comes with, and two');
	assert.equal(output['Generate QR codes']?.length, 2);
	assert.ok((output['Get workspace']?.length ?? 0) >= 4, 'an item for each user and QR code');
	assert.equal(output['Rotate token']?.length, 1);
});

test('the lists offer the users of the workspace', async () => {
	const parameters = { resource: 'qrCode', operation: 'generate', workspaceId: chosen(workspaceNamed('Acme').id) };
	const { results } = await run.client.listSearch({ type, version: 1, parameters, credential }, 'searchUsers', 'userId');
	assert.equal(results.length, 3);
});

test('each of the eight events starts one run, however often it is delivered', async () => {
	const { client, n8n, sandbox } = run;
	const node: INode = {
		id: 'trigger',
		name: 'When TimelinesAI reports',
		type: 'n8n-nodes-timelinesai.timelinesAiPartnerTrigger',
		typeVersion: webhookNodeVersion,
		position: [0, 0],
		parameters: { events: [...partnerEventTypes] },
		credentials: using(credential),
		webhookId: '11111111-2222-4333-8444-555555555555',
	};
	trigger = await client.createWorkflow({ name: 'Partner events', nodes: [node], connections: {} });
	await client.activate(trigger.id);
	sandbox.partner.webhookUrl = `${n8n.origin}/webhook/${node.webhookId}/webhook`;
	sandbox.misdeliver({ duplicate: 1 });

	for (const event of partnerEventTypes) sandbox.partner.emit(event);
	await sandbox.settled();
	sandbox.misdeliver({});

	const events = await startedBy();
	assert.deepEqual(events.sort(), [...partnerEventTypes].sort());
	assert.equal(partnerEventTypes.length, 8);
});

test('a forged delivery gets 401 and starts nothing; after n8n was killed, a duplicate is still one', async () => {
	const { client, login, sandbox } = run;
	const genuine = sandbox.partner.emit('api_token:rotated');
	sandbox.partner.emit('api_token:rotated', { workspace_id: 'forged' }, (headers) => ({ ...headers, 'x-tl-signature': 'not.a.signature' }));
	await sandbox.settled();
	assert.equal(sandbox.deliveries.at(-1)?.status, 401);
	assert.equal((await startedBy()).length, 9);

	await run.n8n.kill();
	await run.restartN8n();
	await client.enter(login);
	sandbox.partner.emit('api_token:rotated', { ...genuine });
	sandbox.partner.emit('api_token:rotated', { workspace_id: 'new' });
	await sandbox.settled();

	assert.equal((await startedBy()).length, 10);
});

test('the panel of the trigger shows the address, and the words for the support', async () => {
	const { editor, n8n } = run;
	await editor.goto(`${n8n.origin}/workflow/${trigger.id}`);
	await editor.locator('[data-test-id="canvas-node"]').first().dblclick();
	await part(editor, 'node-parameters').getByText('Please set the webhook URL of our partner account').first().waitFor();
	await takePicture(editor, 'panel-partner-trigger');
});

test('every request keeps to the contract of the API', () => assertNoBreach(run));

/** The events of all runs of the trigger. */
async function startedBy(): Promise<string[]> {
	const executions = await eventually('all runs have ended', async () => {
		const found = await run.client.executions(trigger.id);
		return found.every(({ status }) => status === 'success') && found;
	});
	const outputs = await Promise.all(executions.map(async ({ id }) => await run.client.output(id)));
	return outputs.map((output) => String(output['When TimelinesAI reports']?.[0]?.event));
}
