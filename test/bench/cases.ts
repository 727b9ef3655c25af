/** The cases of the bench: what each measures, and what it should reach. */
import { type N8nInstallation } from '../n8n/install';
import { type Figure, type Goal } from './figures';
import { loading } from './loading';
import { type Race, type Result, type Results, run, type Spent } from './race';
import { allChats, download, history, manyGets, pacedGets, sends, upload } from './races';
import { type Ask } from './sandboxProcess';
import { trigger, triggerByDefault } from './trigger';

/** What a case can use. */
export interface Means {
	ask: Ask;
	/** The packed package. */
	tarball: { tarball: string; bytes: number };
	installation: N8nInstallation;
}

export interface Case {
	name: string;
	measure(means: Means): Promise<Figure[]>;
}

const seconds = ({ ms }: Spent) => ms / 1000;
const megabytes = ({ memoryBytes }: Spent) => memoryBytes / 1e6;

/** A race of which one quantity counts. */
const raced = (race: Race, unit: Figure['unit'], quantity: (spent: Spent) => number, goal: Goal, more: (results: Results) => Partial<Figure> = () => ({})): Case => ({
	name: race.name,
	async measure({ ask }) {
		const results = await run(race, ask);
		const of = (result: Result | undefined) => (result && 'spent' in result ? quantity(result.spent) : null);
		const { ours, peer, limit } = results;
		const failure = peer && 'failed' in peer ? `n8n’s own fails: ${peer.failed.slice(0, 120)}` : undefined;
		const wrong = !ours ? [] : 'failed' in ours ? [ours.failed] : [...ours.wrong, ...ours.observed.breaches];
		return [{ name: race.name, unit, ours: of(ours), peer: of(peer), limit: of(limit), goal, wrong, note: failure, ...more(results) }];
	},
});

const callsOf = ({ ours }: Results): Partial<Figure> => (ours && 'observed' in ours ? { note: `${ours.observed.requests} calls` } : {});

export const cases: Case[] = [
	raced(allChats, 's', seconds, { times: 0.3, of: 'limit' }, callsOf),
	raced(history, 's', seconds, { times: 1.03, of: 'limit' }, callsOf),
	// The limiter lets one through every 33 ms.
	raced(pacedGets, 's', seconds, { times: 1.05, of: 'limit' }, () => ({ limit: (pacedGets.amount - 1) / 30 })),
	raced(manyGets, 'ms', ({ cpuMs }) => cpuMs / manyGets.amount, { times: 1, of: 'peer' }),
	raced(upload, 'MB', megabytes, { atMost: 4 }),
	raced(download, 'MB', megabytes, { atMost: 4 }),
	raced(sends, 's', seconds, { times: 1.1, of: 'limit' }),
	trigger,
	triggerByDefault,
	loading,
	{
		name: 'Tarball',
		measure: async ({ tarball }) => [{ name: 'Tarball', unit: 'kB', ours: tarball.bytes / 1000, peer: null, limit: null, goal: { atMost: 150 } }],
	},
];
