/** What it takes n8n to load the package's nodes, beside nodes of its own. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { n8n as manifest } from '../../package.json';
import { n8nFolder } from '../n8n/paths';
import { type Case } from './cases';
import { median } from './figures';
import { installedPackage } from './package';

const rounds = 11;

const ours = manifest.nodes.map((file) => join(installedPackage, file));
const peers = ['Slack/Slack', 'Slack/SlackTrigger', 'Telegram/Telegram', 'Telegram/TelegramTrigger'].map((name) =>
	join(n8nFolder, 'node_modules', 'n8n-nodes-base', 'dist', 'nodes', `${name}.node.js`),
);

interface Loaded {
	ms: number;
	heapBytes: number;
}

export const loading: Case = {
	name: 'Loading all nodes of the package (n8n’s own: Slack and Telegram)',
	async measure() {
		const found: Record<'ours' | 'peer', Loaded[]> = { ours: [], peer: [] };
		for (let round = 0; round < rounds; round++) {
			found.ours.push(await load(ours));
			found.peer.push(await load(peers));
		}
		const middle = (who: keyof typeof found, of: keyof Loaded) => median(found[who].map((one) => one[of]));
		const goal = { times: 0.5, of: 'peer' } as const;
		return [
			{ name: 'Loading: time', unit: 'ms', ours: middle('ours', 'ms'), peer: middle('peer', 'ms'), limit: null, goal },
			{ name: 'Loading: heap', unit: 'kB', ours: middle('ours', 'heapBytes') / 1000, peer: middle('peer', 'heapBytes') / 1000, limit: null, goal },
		];
	},
};

/** Loads the files in a fresh process, in which what n8n itself has loaded already is there. */
async function load(files: string[]): Promise<Loaded> {
	const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', join(__dirname, 'load.cjs'), ...files], { env: { PATH: process.env.PATH } });
	return JSON.parse(stdout) as Loaded;
}
