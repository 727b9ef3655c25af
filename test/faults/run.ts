/** `npm run test:faults`: sends and reads in real n8n against a TimelinesAI that misbehaves at random, and what came of each. */
import { parseArgs } from 'node:util';
import { Chance, together } from './chance';
import { readUnderFaults } from './reads';
import { type ExecutionReport } from './report';
import { sendUnderFaults } from './sends';

const HELP = `Usage: npm run test:faults -- [options]

  --seed NUMBER    repeats a run; default: another one each time, which is printed
  --sends NUMBER   items to send (default 5000)
  --reads NUMBER   lists to read (default 200)
`;

/** Executions at the same time: what they mostly do is wait. */
const WIDTH = 60;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			seed: { type: 'string', default: String(Date.now() % 1_000_000) },
			sends: { type: 'string', default: '5000' },
			reads: { type: 'string', default: '200' },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return console.log(HELP);
	const seed = Number(values.seed);
	const chance = new Chance(seed);
	console.log(`Seed ${seed}`);

	const sends: Array<() => Promise<ExecutionReport>> = [];
	for (let left = Number(values.sends); left > 0; ) {
		const count = Math.min(left, chance.integer(1, 25));
		const [number, own] = [sends.length + 1, chance.integer(1, 1e9)];
		sends.push(async () => await sendUnderFaults(number, own, count));
		left -= count;
	}
	const reads = Array.from({ length: Number(values.reads) }, (_, index) => {
		const own = chance.integer(1, 1e9);
		return async () => await readUnderFaults(index + 1, own);
	});
	const reports = await together<ExecutionReport>([...sends, ...reads], WIDTH);

	print(`Items of ${sends.length} executions that send`, tally(reports.slice(0, sends.length).flatMap(({ endings }) => endings)));
	print(`${reads.length} lists`, tally(reports.slice(sends.length).flatMap(({ endings }) => endings)));
	print('Faults met', tally(reports.flatMap(({ faults }) => faults)));
	const violations = reports.flatMap(({ title, violations: found }) => found.map((violation) => `${title}\n  ${violation}`));
	for (const violation of violations) console.log(`\n${violation}`);
	console.log(violations.length === 0 ? '\nNothing sent twice, nothing lost.' : `\n${violations.length} violations; repeat with --seed ${seed}.`);
	process.exitCode = violations.length === 0 ? 0 : 1;
}

function tally(words: string[]): Array<[string, number]> {
	const counts = new Map<string, number>();
	for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
	return [...counts];
}

function print(title: string, counts: Array<[string, number]>): void {
	console.log(`\n${title}`);
	for (const [word, count] of counts.sort(([, a], [, b]) => b - a)) console.log(`  ${String(count).padStart(6)}  ${word}`);
}

void main();
