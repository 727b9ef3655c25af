/**
 * `npm run test:queue`: the trigger in n8n's queue mode, with a main process, two workers and two webhook processors on Redis and
 * PostgreSQL. Says how often events ran that were delivered once, twice, and to both webhook processors at the same moment.
 */
import { mkdtempSync, chmodSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { webhookNodeVersion } from '../../nodes/shared/trigger/start';
import { onEnd, runCommand, Trouble } from '../n8n/cleanup';
import { installN8n } from '../n8n/install';
import { installPackage, packPackage } from '../n8n/package';
import { step } from '../n8n/progress';
import { N8nClient } from '../n8n/rest';
import { markOf, report, runsByMark, shower } from '../n8n/runs';
import { freePort, startN8n, type N8nServer } from '../n8n/server';
import { type Sandbox, startSandbox } from '../sandbox';
import { startStores } from './stores';

/** What a customer's n8n is called from outside; a load balancer shares the deliveries out. */
const publicOrigin = 'https://n8n.example.com';
const event = 'message:received:new';

interface Scenario {
	name: string;
	/** How many webhook processors take turns. */
	processors: 1 | 2;
	send(sandbox: Sandbox, marks: string[]): Promise<unknown>;
	events: number;
	/** An event that runs twice is a failure. */
	once: boolean;
}

const inRandomOrder = async (sandbox: Sandbox, marks: string[]) => await shower(sandbox, event, marks);

/** One event after the other, so that only the two copies of one meet. */
async function twiceAtOnce(sandbox: Sandbox, marks: string[]): Promise<void> {
	sandbox.misdeliver({ duplicate: 1 });
	for (const mark of marks) {
		report(sandbox, event, mark);
		await sandbox.settled();
	}
	sandbox.misdeliver({});
}

const scenarios: Scenario[] = [
	{ name: 'One webhook processor, 30 % duplicates in random order', processors: 1, send: inRandomOrder, events: 230, once: true },
	{ name: 'Two webhook processors in turns, 30 % duplicates in random order', processors: 2, send: inRandomOrder, events: 230, once: false },
	{ name: 'Two webhook processors, each event to both at the same moment', processors: 2, send: twiceAtOnce, events: 50, once: false },
];

void runCommand(async () => {
	// Where PostgreSQL's own user can get at it.
	const folder = mkdtempSync(join(tmpdir(), 'timelinesai-queue-'));
	chmodSync(folder, 0o755);
	const stores = await step('Starting Redis and PostgreSQL', async () => await startStores(folder));
	const installation = await installN8n();
	const tarball = await step('Building and packing the package', async () => await packPackage(folder));
	await installPackage(tarball, folder);

	const start = async (command: 'start' | 'worker' | 'webhook') =>
		await startN8n({
			installation,
			userFolder: folder,
			port: await freePort(),
			command,
			env: {
				...stores,
				N8N_ENCRYPTION_KEY: 'the same for all of them',
				N8N_WEBHOOK_URL: `${publicOrigin}/`,
				WEBHOOK_URL: `${publicOrigin}/`,
				N8N_DISABLE_PRODUCTION_MAIN_PROCESS: 'true',
			},
		});
	// The main process makes the tables that the others need.
	const main = await step('Starting n8n: the main process', async () => await start('start'));
	const processors = await step('Two webhook processors and two workers', async () => {
		const [first, second] = await Promise.all([start('webhook'), start('webhook'), start('worker'), start('worker')]);
		return [first, second];
	});

	const balancer = { processors: 1, next: 0 };
	const sandbox = await startSandbox({
		webhookUrls: 'public',
		webhooks: {
			attempts: 50,
			retryDelayMs: 1_000,
			reroute: (url) => {
				const processor = processors[balancer.next++ % balancer.processors];
				return url.startsWith(publicOrigin) ? url.replace(publicOrigin, processor?.origin ?? '') : undefined;
			},
		},
	});
	onEnd(() => sandbox.close());
	const { client, workflowId } = await publish(main, sandbox);

	let failures = 0;
	let marks = 0;
	for (const { name, processors, send, events, once } of scenarios) {
		Object.assign(balancer, { processors, next: 0 });
		const before = sandbox.deliveries.length;
		const wanted = Array.from({ length: events }, () => markOf(marks++));
		await send(sandbox, wanted);
		await ended(client, workflowId);

		const runs = await runsByMark(client, workflowId);
		const counts = wanted.map((mark) => (runs.get(mark) ?? []).filter((one) => one === 'success').length);
		const deliveries = sandbox.deliveries.slice(before);
		const lost = counts.filter((count) => count === 0).length;
		const twice = counts.filter((count) => count > 1).length;
		const failed = wanted.filter((mark) => runs.get(mark)?.some((one) => one !== 'success' && one !== 'idle')).length;
		console.log(`\n${name}`);
		console.log(`  ${events} events in ${deliveries.length} deliveries, ${deliveries.filter(({ status }) => status === 200).length} of them answered with 200`);
		console.log(`  lost: ${lost}, ran more than once: ${twice}, failed: ${failed}`);
		failures += lost + failed + (once ? twice : 0);
	}
	rmSync(folder, { recursive: true, force: true });
	if (failures > 0) throw new Trouble('Events were lost, failed, or ran twice where they must not.');
});

/** The editor's part: an owner, a credential and a live workflow that has nothing but the trigger. */
async function publish(main: N8nServer, sandbox: Sandbox): Promise<{ client: N8nClient; workflowId: string }> {
	const client = new N8nClient(main.origin);
	await client.enter({ email: 'owner@example.com', password: 'Queue1-mode' });
	const { id, name } = await client.createCredential('timelinesAiApi', 'TimelinesAI', { apiToken: sandbox.token, baseUrl: sandbox.apiUrl });
	const { id: workflowId } = await client.createWorkflow({
		name: 'Events',
		nodes: [
			{
				id: 'trigger',
				name: 'Event',
				type: 'n8n-nodes-timelinesai.timelinesAiTrigger',
				typeVersion: webhookNodeVersion,
				position: [0, 0],
				webhookId: '6a8b7d6e-3f0a-4d5e-9a55-3d9a3f6f0c11',
				parameters: { events: [event], options: { verifyMessage: false, downloadAttachments: false } },
				credentials: { timelinesAiApi: { id, name } },
			},
		],
		connections: {},
	});
	await client.activate(workflowId);
	return { client, workflowId };
}

async function ended(client: N8nClient, workflowId: string): Promise<void> {
	while ((await client.allExecutions(workflowId)).some(({ status }) => status === 'new' || status === 'running')) await sleep(500);
}
