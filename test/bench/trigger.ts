/** How fast deliveries of events are acknowledged by n8n, to our trigger and to n8n's own Webhook node. */
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type INode } from 'n8n-workflow';
import { webhookNodeVersion } from '../../nodes/shared/trigger/start';
import { installPackage } from '../n8n/package';
import { type Credential, N8nClient } from '../n8n/rest';
import { freePort, startN8n } from '../n8n/server';
import { type Case } from './cases';
import { type Figure, percentile } from './figures';
import { benchFolder } from './package';

const perSecond = 50;
/** A minute for each, in turns, since the machine and n8n's database are not the same at the end as at the beginning. */
const seconds = 60;
const turns = 6;
/** An n8n that has finished nothing for so long will not finish any more. */
const patienceMs = 15_000;

type Who = 'ours' | 'peer';

export const trigger: Case = {
	name: 'Trigger, 50 deliveries a second for a minute (n8n’s own: Webhook)',
	async measure({ ask, tarball, installation }) {
		await ask('set', { chats: 10 });
		const userFolder = join(benchFolder, 'n8n');
		rmSync(userFolder, { recursive: true, force: true });
		await installPackage(tarball.tarball, userFolder);
		const n8n = await startN8n({ installation, userFolder, port: await freePort() });
		try {
			const client = new N8nClient(n8n.origin);
			await client.enter({ email: 'owner@example.com', password: 'Bench1-password' });
			const { apiUrl, token } = await ask('address');
			const credential = await client.createCredential('timelinesAiApi', 'TimelinesAI', { apiToken: token, baseUrl: apiUrl });
			const path = randomUUID();
			const workflows = { ours: await publish(client, ourTrigger(credential)), peer: await publish(client, webhook(path)) };
			const urls = { ours: await ask('takeOver'), peer: `${n8n.origin}/webhook/${path}` };

			const ms: Record<Who, number[]> = { ours: [], peer: [] };
			const failures: Record<Who, string[]> = { ours: [], peer: [] };
			const delivered: Record<Who, number> = { ours: 0, peer: 0 };
			const executed: Record<Who, number> = { ours: 0, peer: 0 };
			/** Delivers, and waits until all of it has been executed, so that no turn has to bear what the one before has left. */
			const turn = async (who: Who, count: number) => {
				const acknowledged = await ask('deliver', { url: urls[who], perSecond, count });
				delivered[who] += count;
				executed[who] = await executedOf(client, workflows[who], delivered[who]);
				return acknowledged;
			};
			for (const who of ['ours', 'peer'] as const) await turn(who, perSecond * 2);
			for (let number = 0; number < turns; number++) {
				for (const who of number % 2 === 0 ? (['ours', 'peer'] as const) : (['peer', 'ours'] as const)) {
					const acknowledged = await turn(who, (perSecond * seconds) / turns);
					ms[who].push(...acknowledged.ms);
					failures[who].push(...acknowledged.failures);
				}
			}
			const slowest = Math.max(...ms.ours);
			const note = (['ours', 'peer'] as const)
				.map((who) => `${who === 'ours' ? 'ours' : 'n8n’s own'}: median ${percentile(ms[who], 0.5).toFixed(1)} ms, slowest ${Math.max(...ms[who]).toFixed(0)} ms, ${failures[who].length} without an answer, ${executed[who]} of ${delivered[who]} executed`)
				.join('; ');
			const wrong = [
				...(failures.ours.length > 0 ? [`${failures.ours.length} deliveries without an answer: ${failures.ours[0]}`] : []),
				...(slowest > 5_000 ? ['an answer took more than 5 seconds'] : []),
				...(executed.ours === delivered.ours ? [] : [`${executed.ours} executions for ${delivered.ours} events`]),
			];
			return [
				{ name: 'Trigger: acknowledgement, p99', unit: 'ms', ours: percentile(ms.ours, 0.99), peer: percentile(ms.peer, 0.99), limit: null, goal: { times: 1.1, of: 'peer' }, note, wrong },
			] satisfies Figure[];
		} finally {
			await n8n.stop();
		}
	},
};

const ourTrigger = ({ id, name, type }: Credential): Partial<INode> => ({
	name: 'TimelinesAI Trigger',
	type: 'n8n-nodes-timelinesai.timelinesAiTrigger',
	typeVersion: webhookNodeVersion,
	parameters: { events: ['message:received:new'] },
	credentials: { [type]: { id, name } },
});

const webhook = (path: string): Partial<INode> => ({ name: 'Webhook', type: 'n8n-nodes-base.webhook', typeVersion: 2.1, parameters: { httpMethod: 'POST', path, options: {} } });

/** Makes a workflow of the trigger alone and takes it live. Gives its id. */
async function publish(client: N8nClient, node: Partial<INode>): Promise<string> {
	const whole = { id: randomUUID(), webhookId: randomUUID(), position: [0, 0], ...node } as INode;
	const { id } = await client.createWorkflow({ name: String(node.name), nodes: [whole], connections: {} });
	await client.activate(id);
	return id;
}

/** How many executions of the workflow have succeeded: as many as wanted, or as there are when there are no more for a while. */
async function executedOf(client: N8nClient, workflowId: string, wanted: number): Promise<number> {
	const filter = encodeURIComponent(JSON.stringify({ workflowId, status: ['success'] }));
	let last = { count: 0, at: Date.now() };
	while (last.count < wanted && Date.now() - last.at < patienceMs) {
		// An n8n that cannot keep up does not answer either.
		const { count } = await client.data<{ count: number }>('GET', `/rest/executions?filter=${filter}&limit=1`).catch(() => ({ count: 0 }));
		if (count > last.count) last = { count, at: Date.now() };
		if (count < wanted) await sleep(500);
	}
	return last.count;
}
