/** The triggers in a real n8n: subscriptions come and go with the workflow, and every event has its run, whatever happens to n8n. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test, type TestContext } from 'node:test';
import { type INode, type INodeParameters } from 'n8n-workflow';
import { openStage, type Stage } from '../demo/stage';
import { endAll } from '../n8n/cleanup';
import { installN8n } from '../n8n/install';
import { type Workflow } from '../n8n/rest';
import { atATime, markOf, report, type Run, runsByMark, shower } from '../n8n/runs';
import { type Webhook } from '../sandbox';
import { assertNoBreach, eventually, packedPackage, testFolder, versionOf } from './kit';

const received = 'message:received:new';
/** n8n is away for a while in these tests, and a busy machine takes longer: here TimelinesAI does not give up after three attempts. */
const patient = { attempts: 200, retryDelayMs: 2_000 };

let run: Stage;
let live: Workflow;
let polling: Workflow;
const foreign: Webhook[] = [];
let marks = 0;

before(async () => {
	run = await openStage({
		installation: await installN8n(),
		tarball: await packedPackage(),
		userFolder: testFolder(__filename),
		sandbox: { webhooks: patient },
	});
	const { client, sandbox, n8n } = run;
	await client.deactivate(run.workflow.id);
	// Of another program, of another workflow on this n8n, and one more that will vanish.
	for (const url of ['https://hooks.example/timelines', `${n8n.origin}/webhook/somebody-else`, 'https://hooks.example/vanishes']) {
		foreign.push(sandbox.world.addWebhook({ eventType: 'whatsapp:account:resumed', url }));
	}
	polling = await client.createWorkflow({
		name: 'Polling',
		nodes: [node('timelinesAiPollingTrigger', 'Changes', { events: ['chat:closed', 'webhook:disabled', 'webhook:vanished'] })],
		connections: {},
	});
	await client.activate(polling.id);
});
after(endAll);

function node(type: string, name: string, parameters: INodeParameters): INode {
	const { id, name: credential } = run.credential;
	return {
		id: name,
		name,
		type: `n8n-nodes-timelinesai.${type}`,
		typeVersion: versionOf(type),
		position: [0, 0],
		parameters,
		webhookId: crypto.randomUUID(),
		credentials: { timelinesAiApi: { id, name: credential } },
	};
}

/** The trigger; that messages are read again and files downloaded is not what these tests are about. */
const trigger = (events: string[]) => node('timelinesAiTrigger', 'Event', { events, options: { verifyMessage: false, downloadAttachments: false } });

const others = () => run.sandbox.world.subscriptions().filter(({ id }) => !foreign.some((one) => one.id === id));
const subscribedTo = (path = '/webhook/') => others().filter(({ url, enabled }) => enabled && url.includes(path)).map(({ eventType }) => eventType).sort();
const assertForeignAreThere = () => assert.deepEqual(foreign.map(({ id }) => id), run.sandbox.world.subscriptions().filter(({ url }) => !url.includes('n8n_secret')).map(({ id }) => id));

/** Changes the events of the live workflow and publishes it. */
async function publish(events: string[]): Promise<void> {
	const [node] = live.nodes;
	assert.ok(node);
	await run.client.updateWorkflow(live.id, { ...live, nodes: [{ ...node, parameters: { ...node.parameters, events } }] });
	await run.client.activate(live.id);
}

const newMarks = (count: number): string[] => Array.from({ length: count }, () => markOf(marks++));

function reported(count: number): string[] {
	const wanted = newMarks(count);
	report(run.sandbox, received, ...wanted);
	return wanted;
}

/** The marks of all showers. */
const all: string[] = [];

/** So many events, duplicates and all, while n8n ends and comes again. Gives their marks. */
async function showerWhile(context: TestContext, count: number, end: 'stop' | 'kill'): Promise<string[]> {
	const wanted = newMarks(count);
	let coming: Promise<void> | undefined;
	const { deliveries, failures } = await shower(run.sandbox, received, wanted, async () => {
		await run.n8n[end]();
		// TimelinesAI does not wait for it.
		coming = back();
	});
	await coming;
	all.push(...wanted);
	context.diagnostic(`${deliveries} deliveries of ${count} events; ${failures} attempts without success`);
	return wanted;
}

/** How often each of the marked events has run, once all executions have ended. */
async function runsOf(wanted: string[], workflow = live): Promise<Run[][]> {
	await eventually('all executions have ended', async () => (await run.client.allExecutions(workflow.id)).every(({ status }) => !['new', 'running', 'waiting'].includes(status)));
	const runs = await runsByMark(run.client, workflow.id);
	return wanted.map((mark) => runs.get(mark) ?? []);
}

async function back(env?: Record<string, string>): Promise<void> {
	await run.restartN8n(env);
	await run.client.enter(run.login);
}

test('activation makes one subscription for each event, with a secret that is in no workflow', async () => {
	const { client } = run;
	live = await client.createWorkflow({ name: 'Events', nodes: [trigger([received, 'chat:new', 'call:incoming:missed'])], connections: {} });
	await client.activate(live.id);

	assert.deepEqual(subscribedTo(), ['call:incoming:missed', 'chat:new', received]);
	const secrets = others().map(({ url }) => new URL(url).searchParams.get('n8n_secret') ?? '');
	assert.equal(new Set(secrets).size, 1);
	assert.ok((secrets[0]?.length ?? 0) >= 40);
	const { nodes, settings } = await client.workflow(live.id);
	assert.ok(!JSON.stringify({ nodes, settings }).includes(secrets[0] ?? ''));
	assertForeignAreThere();
});

test('other events: the subscriptions that are no longer wanted go, the others stay', async () => {
	const kept = others().find(({ eventType }) => eventType === 'chat:new')?.url;

	await publish(['chat:new', received, 'chat:responsible:assigned']);

	assert.deepEqual(subscribedTo(), ['chat:new', 'chat:responsible:assigned', received]);
	assert.equal(others().find(({ eventType }) => eventType === 'chat:new')?.url, kept);
	assertForeignAreThere();
});

test('publishing another version repairs what was disabled or deleted elsewhere', async () => {
	const [one, other] = others();
	assert.ok(one && other);
	Object.assign(one, { enabled: false });
	Object.assign(other, { deleted: true });

	await publish([received, 'chat:new', 'chat:responsible:assigned']);

	assert.deepEqual(subscribedTo(), ['chat:new', 'chat:responsible:assigned', received]);
	assertForeignAreThere();
});

test('a test listens beside production and disturbs it in no way', async () => {
	const { client, sandbox } = run;
	await client.listenForTestEvent(live.id, 'Event');
	assert.deepEqual(subscribedTo('/webhook-test/'), ['chat:new', 'chat:responsible:assigned', received]);

	const wanted = reported(1);
	await sandbox.settled();
	await eventually('the subscriptions of the test go', () => subscribedTo('/webhook-test/').length === 0);

	assert.deepEqual(await runsOf(wanted), [['success']]);
	const modes = (await client.allExecutions(live.id)).map(({ mode }) => mode).sort();
	assert.deepEqual(modes, ['manual', 'webhook']);
	await client.listenForTestEvent(live.id, 'Event');
	await client.stopListening(live.id);
	await eventually('the subscriptions of the test go', () => subscribedTo('/webhook-test/').length === 0);
	assert.deepEqual(subscribedTo(), ['chat:new', 'chat:responsible:assigned', received]);
	assertForeignAreThere();
});

test('changes that no webhook reports happen while n8n is restarted', async () => {
	const { sandbox } = run;
	const chat = [...sandbox.world.chats.values()].find(({ closed, platform }) => !closed && platform === 'whatsapp');
	assert.ok(chat && foreign[0] && foreign[2]);

	await run.n8n.stop();
	chat.closed = true;
	foreign[0].enabled = false;
	foreign.splice(2).forEach((gone) => (gone.deleted = true));
	await back();

	assert.deepEqual(subscribedTo(), ['chat:new', 'chat:responsible:assigned', received]);
});

test('a thousand deliveries, 30 % of them duplicates, in random order while n8n is restarted: one run an event', async (context) => {
	await showerWhile(context, 770, 'stop');
	const runs = await runsOf(all);

	// What n8n had stored but not begun when it ended is crashed, or idle because the event has run by then.
	assert.deepEqual(runs.filter((statuses) => statuses.filter((status) => !['crashed', 'idle'].includes(status)).join() !== 'success'), []);
	context.diagnostic(`crashed before they began: ${runs.flat().filter((status) => status === 'crashed').length}; idle: ${runs.flat().filter((status) => status === 'idle').length}`);
});

test('what was delivered before a restart is known after it', async () => {
	const { sandbox } = run;
	const known = all.slice(-20);
	const before = await runsOf(known);
	await run.n8n.stop();
	await back();
	report(sandbox, received, ...known);
	await sandbox.settled();

	assert.deepEqual(await runsOf(known), before);
});

test('n8n is killed in the middle: no event is lost, and none runs to its end twice', async (context) => {
	const wanted = await showerWhile(context, 200, 'kill');
	const runs = await runsOf(wanted);

	// An execution that is killed while it runs is in n8n's list as crashed, where its owner can repeat it.
	assert.deepEqual(wanted.filter((_, index) => !runs[index]?.some((status) => ['success', 'crashed'].includes(status))), []);
	assert.deepEqual(runs.filter((statuses) => statuses.filter((status) => status === 'success').length > 1), []);
	const crashed = runs.filter((statuses) => statuses.includes('crashed'));
	context.diagnostic(`crashed: ${crashed.length}, of which repeated: ${crashed.filter((statuses) => statuses.includes('success')).length}`);
	assert.ok(crashed.length <= 2 * atATime);
});

test('where one execution runs at a time, TimelinesAI does not wait for a place, and a restart loses none', async () => {
	const { client, sandbox } = run;
	await client.deactivate(live.id);
	await run.n8n.stop();
	await back({ N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' });
	const slow = await client.createWorkflow({
		name: 'Slow',
		nodes: [
			trigger([received]),
			{ id: 'wait', name: 'Wait', type: 'n8n-nodes-base.wait', typeVersion: 1.1, position: [200, 0], parameters: { amount: 2, unit: 'seconds' } },
		],
		connections: { Event: { main: [[{ node: 'Wait', type: 'main', index: 0 }]] } },
	});
	await client.activate(slow.id);
	const before = sandbox.deliveries.length;
	sandbox.misdeliver({ duplicate: 1, reorderMs: 1_000 }, 11);

	const first = reported(4);
	await sandbox.settled();
	assert.deepEqual(sandbox.deliveries.slice(before).map(({ status, attempt }) => [status, attempt]), Array(8).fill([200, 1]));
	assert.deepEqual(await runsOf(first, slow), Array(4).fill(['success']));

	const waiting = reported(6);
	await sandbox.settled();
	assert.ok((await client.allExecutions(slow.id)).some(({ status }) => status === 'new'), 'some executions wait for their place');
	await run.n8n.stop();
	await back({ N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' });
	await sandbox.settled();
	sandbox.misdeliver({});
	const runs = await runsOf([...first, ...waiting], slow);

	assert.deepEqual(runs, Array(10).fill(['success']));
	assert.doesNotMatch(readFileSync(run.n8n.log, 'utf8'), /headers after they are sent|unhandled/i);
	await client.deactivate(slow.id);
});

test('the polling trigger has found each of the changes once, though n8n was restarted and killed', async () => {
	const { client } = run;
	const found = await eventually('a poll', async () => {
		const executions = await client.allExecutions(polling.id);
		return executions.length > 0 && executions.every(({ status }) => status === 'success') && executions;
	});
	const items = (await Promise.all(found.map(async ({ id }) => (await client.output(id)).Changes ?? []))).flat();

	assert.deepEqual(items.map(({ event }) => event).filter((event) => event !== 'webhook:vanished').sort(), ['chat:closed', 'webhook:disabled']);
	const vanished = items.filter(({ event }) => event === 'webhook:vanished').map(({ url }) => url);
	assert.equal(vanished.filter((url) => url === 'https://hooks.example/vanishes').length, 1);
	await client.deactivate(polling.id);
});

test('deactivation removes its own subscriptions and no others', async () => {
	await run.client.activate(live.id);
	assert.equal(subscribedTo().length, 3);

	await run.client.deactivate(live.id);

	assert.deepEqual(subscribedTo(), []);
	assertForeignAreThere();
});

test('every request keeps to the contract of the API', () => assertNoBreach(run));
