/** How fast n8n acknowledges deliveries of events, to our trigger and to its own Webhook node. */
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type INode } from 'n8n-workflow';
import { webhookNodeVersion } from '../../nodes/shared/trigger/start';
import { installPackage } from '../n8n/package';
import { type Credential, N8nClient } from '../n8n/rest';
import { freePort, startN8n } from '../n8n/server';
import { type Case, type Means } from './cases';
import { type Figure, type Goal, median, percentile } from './figures';
import { benchFolder } from './package';

/** An n8n that has finished nothing for so long will not finish any more. */
const patienceMs = 15_000;

type Who = 'ours' | 'peer';
const both = ['ours', 'peer'] as const;

interface Shower {
	perSecond: number;
	/** How often each of the two has its turn, and for how long: the machine and n8n's database are not the same at the end as at the beginning. */
	turns: number;
	seconds: number;
	/** How n8n is set. */
	env: Record<string, string>;
}

/**
 * By default n8n makes an isolate of V8 for expressions at each delivery, to any trigger but its own Webhook node, and cannot bear 50
 * a second with it on two cores. With this setting it makes one when there is an expression.
 */
const lazily = { N8N_EXPRESSION_ENGINE_LAZY_ACQUIRE: 'true' };

export const trigger: Case = {
	name: 'Trigger, 50 deliveries a second for a minute, isolates made when needed (n8n’s own: Webhook)',
	measure: async (means) => await measured('Trigger: acknowledgement, p99', { perSecond: 50, turns: 6, seconds: 10, env: lazily }, { times: 1.1, of: 'peer' }, means),
};

export const triggerByDefault: Case = {
	name: 'Trigger, 10 deliveries a second, n8n as it comes (n8n’s own: Webhook)',
	measure: async (means) => await measured('Trigger, n8n as it comes: acknowledgement, p99', { perSecond: 10, turns: 2, seconds: 10, env: {} }, null, means),
};

/** The p99 of the middle turn: a pause of n8n's that comes once a minute hits the one or the other. All of them together are in the note. */
async function measured(name: string, { perSecond, turns, seconds, env }: Shower, goal: Goal | null, { ask, tarball, installation }: Means): Promise<Figure[]> {
	await ask('set', { chats: 10 });
	const userFolder = join(benchFolder, 'n8n');
	rmSync(userFolder, { recursive: true, force: true });
	await installPackage(tarball.tarball, userFolder);
	const n8n = await startN8n({ installation, userFolder, port: await freePort(), env });
	try {
		const client = new N8nClient(n8n.origin);
		await client.enter({ email: 'owner@example.com', password: 'Bench1-password' });
		const { apiUrl, token } = await ask('address');
		const credential = await client.createCredential('timelinesAiApi', 'TimelinesAI', { apiToken: token, baseUrl: apiUrl });
		const path = randomUUID();
		const workflows = { ours: await publish(client, ourTrigger(credential)), peer: await publish(client, webhook(path)) };
		const urls = { ours: await ask('takeOver'), peer: `${n8n.origin}/webhook/${path}` };

		const ms: Record<Who, number[][]> = { ours: [], peer: [] };
		const failures: Record<Who, string[]> = { ours: [], peer: [] };
		const delivered: Record<Who, number> = { ours: 0, peer: 0 };
		const executed: Record<Who, number> = { ours: 0, peer: 0 };
		/** Delivers, and waits until all of it has been executed, so that no turn has to bear what the one before has left. */
		const turn = async (who: Who) => {
			const count = perSecond * seconds;
			const acknowledged = await ask('deliver', { url: urls[who], perSecond, count });
			delivered[who] += count;
			executed[who] = await executedOf(client, workflows[who], delivered[who]);
			return acknowledged;
		};
		// The first turn of each is for warming up.
		for (let number = 0; number <= turns; number++) {
			for (const who of number % 2 === 0 ? both : both.toReversed()) {
				const acknowledged = await turn(who);
				if (number > 0) ms[who].push(acknowledged.ms);
				failures[who].push(...acknowledged.failures);
			}
		}
		const all = (who: Who) => ms[who].flat();
		const slowest = (who: Who) => Math.max(...all(who));
		const note = both
			.map((who) => `${who === 'ours' ? 'ours' : 'n8n’s own'}: median ${percentile(all(who), 0.5).toFixed(1)} ms, p99 of all ${percentile(all(who), 0.99).toFixed(1)} ms, slowest ${slowest(who).toFixed(0)} ms, ${failures[who].length} without an answer, ${executed[who]} of ${delivered[who]} executed`)
			.join('; ');
		const wrong = [
			...(failures.ours.length > 0 ? [`${failures.ours.length} deliveries without an answer: ${failures.ours[0]}`] : []),
			...(slowest('ours') > 5_000 ? ['an answer took more than 5 seconds'] : []),
			...(executed.ours === delivered.ours ? [] : [`${executed.ours} executions for ${delivered.ours} events`]),
		];
		const p99 = (who: Who) => median(ms[who].map((turn) => percentile(turn, 0.99)));
		return [{ name, unit: 'ms', ours: p99('ours'), peer: p99('peer'), limit: null, goal, note, wrong }];
	} finally {
		await n8n.stop();
	}
}

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
