/**
 * The same work by several contenders, each run in a process of its own that has done a little of it before: what n8n loads once
 * and what the engine learns at first is not what is measured. Rounds take turns, and of their results the median counts.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onEnd } from '../n8n/cleanup';
import { median } from './figures';
import { type Address, type Ask, type Observed, type Scene, type Stock } from './sandboxProcess';

export type Who = 'ours' | 'peer' | 'limit';

/** How much is to be done, of what the scene holds: chats, pages, bytes. */
export type Amount = number;

/** Gets everything ready; what it gives does the work and tells what it has got, for {@link Race.check}. */
export type Contender = (address: Address, stock: Stock, amount: Amount) => Promise<() => Promise<unknown>>;

export interface Race {
	name: string;
	contenders: Partial<Record<Who, Contender>>;
	scene: Scene;
	amount: Amount;
	warmUp: Amount;
	rounds: number;
	/** What is wrong with what a contender got and what the sandbox saw of it. */
	check(got: unknown, stock: Stock, observed: Observed): string[];
}

/** What one run took. */
export interface Spent {
	ms: number;
	/** Processor time of the contender's process. */
	cpuMs: number;
	/** How far its memory rose above the most that the small amount took. */
	memoryBytes: number;
}

/** The medians of a contender's rounds, or why it could not do the work. */
export type Result = { spent: Spent; observed: Observed; wrong: string[] } | { failed: string };
export type Results = Record<Who, Result | undefined>;

/** What a contender's process is told and what it tells. */
export interface Task {
	race: string;
	who: Who;
	address: Address;
	stock: Stock;
}
export type Told = { kind: 'ready' } | { kind: 'done'; spent: Spent; got: unknown } | { kind: 'failed'; message: string };

/** Runs a race in the sandbox. */
export async function run(race: Race, ask: Ask): Promise<Results> {
	const address = await ask('address');
	const results: Record<Who, Result[]> = { ours: [], peer: [], limit: [] };
	for (let round = 0; round < race.rounds; round++) {
		for (const who of Object.keys(race.contenders) as Who[]) {
			// One that cannot do it will not do it next time.
			if (results[who].some((result) => 'failed' in result)) continue;
			results[who].push(await runOnce(race, who, address, ask));
		}
	}
	const of = (who: Who) => (results[who].length > 0 ? middleOf(results[who]) : undefined);
	return { ours: of('ours'), peer: of('peer'), limit: of('limit') };
}

async function runOnce(race: Race, who: Who, address: Address, ask: Ask): Promise<Result> {
	const { latencyMs: _, rateLimit: __, faults: ___, ...stocked } = race.scene;
	const stock = await ask('set', stocked);
	const child = fork(join(__dirname, 'contenderProcess.ts'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
	const forget = onEnd(() => void child.kill());
	const listening = listen(child);
	try {
		child.send({ race: race.name, who, address, stock } satisfies Task);
		const ready = await listening();
		if (ready.kind === 'failed') throw new Error(`${race.name}, ${who}: ${ready.message}`);
		await ask('set', race.scene);
		await sleep(200);
		child.send('go');
		const told = await listening();
		if (told.kind !== 'done') return { failed: told.kind === 'failed' ? told.message : 'it was not ready' };
		const observed = await ask('observed');
		return { spent: told.spent, observed, wrong: race.check(told.got, stock, observed) };
	} finally {
		forget();
		child.kill();
	}
}

/** What the process tells next. Its end is a failure. */
function listen(child: ChildProcess): () => Promise<Told> {
	const ended = once(child, 'exit').then(([code]): Told => ({ kind: 'failed', message: `its process ended with ${String(code)}` }));
	return async () => await Promise.race([once(child, 'message').then(([told]) => told as Told), ended]);
}

function middleOf(results: Result[]): Result {
	const done = results.flatMap((result) => ('failed' in result ? [] : [result]));
	const [first] = done;
	const failure = results.find((result) => 'failed' in result);
	if (failure || !first) return failure ?? { failed: 'it was not run' };
	const middle = (of: keyof Spent) => median(done.map(({ spent }) => spent[of]));
	return {
		spent: { ms: middle('ms'), cpuMs: middle('cpuMs'), memoryBytes: middle('memoryBytes') },
		observed: first.observed,
		wrong: [...new Set(done.flatMap(({ wrong }) => wrong))],
	};
}
