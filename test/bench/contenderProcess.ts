/** One contender of one race, measured: the process that `race.ts` starts for each run. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Spent, type Task, type Told } from './race';
import { races } from './races';

const sampleMs = 5;
/** So many times the small amount: then everything is loaded, and as much has gone through memory as in the race itself. */
const warmUps = 13;

async function main(): Promise<void> {
	const [{ race: name, who, address, stock }] = (await once(process, 'message')) as [Task];
	const race = races.find((one) => one.name === name);
	const contender = race?.contenders[who];
	if (!race || !contender) throw new Error('There is no such contender');

	const small: number[] = [];
	for (let run = 0; run < warmUps; run++) small.push((await measured(await contender(address, stock, race.warmUp))).mostBytes);
	const work = await contender(address, stock, race.amount);
	await sleep(100);
	tell({ kind: 'ready' });
	await once(process, 'message');
	const { ms, cpuMs, mostBytes, got } = await measured(work);
	tell({ kind: 'done', spent: { ms, cpuMs, memoryBytes: Math.max(0, mostBytes - Math.max(...small)) }, got });
}

/** Does some work and says what it took; `mostBytes`: the memory of the whole process at its highest. */
async function measured(work: () => Promise<unknown>): Promise<Omit<Spent, 'memoryBytes'> & { mostBytes: number; got: unknown }> {
	let mostBytes = process.memoryUsage.rss();
	const sampling = setInterval(() => (mostBytes = Math.max(mostBytes, process.memoryUsage.rss())), sampleMs);
	const cpu = process.cpuUsage();
	const start = performance.now();
	const got = await work();
	const ms = performance.now() - start;
	const { user, system } = process.cpuUsage(cpu);
	clearInterval(sampling);
	return { ms, cpuMs: (user + system) / 1000, mostBytes, got };
}

const tell = (told: Told) => process.send?.(told);

process.once('disconnect', () => process.exit());
main().catch((error: unknown) => tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }));
