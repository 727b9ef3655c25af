/**
 * Gets n8n ready: the version that package.json beside this file pins, with the Node.js that it needs. It takes a few
 * minutes once; a later call only looks whether everything is there. An interrupted one goes on where it stopped.
 */
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Trouble } from './cleanup';
import { withLock } from './lock';
import { n8nFolder } from './paths';
import { runProgram } from './processes';
import { step } from './progress';

export interface N8nInstallation {
	/** Version of n8n. */
	version: string;
	/** The Node.js binary that runs it. */
	node: string;
	/** The script to start with that binary. */
	cli: string;
}

interface Stage {
	title: string;
	isDone(): Promise<boolean>;
	work(): Promise<void>;
	detail?(): Promise<string>;
}

const manifests = ['package.json', 'package-lock.json'];
const pinned = (JSON.parse(readFileSync(join(__dirname, 'package.json'), 'utf8')) as { dependencies: { n8n: string; node: string } })
	.dependencies;
const modules = join(n8nFolder, 'node_modules');
const log = join(n8nFolder, 'install.log');
// npm writes its list of what is installed as its last deed: with it, everything is unpacked.
const npmsOwnList = join(modules, '.package-lock.json');

const installation: N8nInstallation = {
	version: pinned.n8n,
	node: join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node'),
	cli: join(modules, 'n8n', 'bin', 'n8n'),
};

const stages: Stage[] = [
	{
		title: `Downloading n8n ${pinned.n8n} (about 2.4 GB on disk, once)`,
		isDone: async () => existsSync(npmsOwnList) && manifests.every((name) => sameText(join(__dirname, name), join(n8nFolder, name))),
		work: async () => {
			await needSpace(3.5);
			rmSync(npmsOwnList, { force: true });
			for (const name of manifests) copyFileSync(join(__dirname, name), join(n8nFolder, name));
			await npm('ci', '--legacy-peer-deps', '--ignore-scripts');
		},
		detail: unpacked,
	},
	{
		title: `Getting Node.js ${pinned.node}, which this n8n needs`,
		isDone: async () => (await output(installation.node, ['--version'])) === `v${pinned.node}`,
		work: async () => await npm('rebuild', 'node', '--ignore-scripts=false'),
	},
	{
		title: 'Building the database driver (sqlite3)',
		isDone: async () => (await output(installation.node, ['--eval', 'require("sqlite3"); console.log("loaded")'])) === 'loaded',
		work: async () => await npm('rebuild', 'sqlite3', '--ignore-scripts=false'),
	},
];

/**
 * Makes n8n ready to run in the folder `.demo/n8n`, or in the one that `N8N_DEMO_DIR` names.
 * Two commands may call it at once: the second one waits.
 *
 * @throws {Trouble} when a download or a build fails; the message says what to do
 */
export async function installN8n(): Promise<N8nInstallation> {
	if (await isReady()) return installation;
	mkdirSync(n8nFolder, { recursive: true });
	await withLock(join(n8nFolder, 'install'), 'Another command is getting n8n ready', async () => {
		for (const stage of stages) {
			if (await stage.isDone()) continue;
			await step(stage.title, stage.work, stage.detail);
			if (!(await stage.isDone())) {
				// Something in the download is broken: the next attempt begins with it.
				rmSync(npmsOwnList, { force: true });
				throw new Trouble(`"${stage.title}" ended without an error, yet what it makes does not work. See ${log}.\n${nextStep}`);
			}
		}
	});
	return installation;
}

const nextStep =
	'Check the network connection and run the command again: it goes on where it stopped. ' +
	`If that does not help, delete ${n8nFolder} and start over.`;

async function isReady(): Promise<boolean> {
	for (const stage of stages) if (!(await stage.isDone())) return false;
	return true;
}

/** npm inherits settings of the `npm run` around it, such as the project's `ignore-scripts`: what matters is said explicitly. */
async function npm(...args: string[]): Promise<void> {
	try {
		await runProgram('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd: n8nFolder, log });
	} catch (error) {
		throw error instanceof Trouble ? new Trouble(`${error.message}\n${nextStep}`) : error;
	}
}

async function needSpace(gigabytes: number): Promise<void> {
	const { bavail, bsize } = await statfs(n8nFolder);
	const free = (bavail * bsize) / 1e9;
	if (free < gigabytes) {
		throw new Trouble(
			`n8n needs ${gigabytes} GB of disk; only ${free.toFixed(1)} GB are free at ${n8nFolder}.\n` +
				'Make room, or set N8N_DEMO_DIR to a folder on another disk, and run the command again.',
		);
	}
}

/** How far npm has come: it unpacks each package into a folder of its own. */
async function unpacked(): Promise<string> {
	const lock = JSON.parse(readFileSync(join(__dirname, 'package-lock.json'), 'utf8')) as { packages: Record<string, { optional?: true }> };
	const wanted = Object.entries(lock.packages).filter(([path, { optional }]) => path !== '' && !optional);
	const there = await Promise.allSettled(wanted.map(async ([path]) => await access(join(n8nFolder, path, 'package.json'))));
	return `${there.filter(({ status }) => status === 'fulfilled').length} of ${wanted.length} packages unpacked`;
}

async function output(program: string, args: string[]): Promise<string> {
	try {
		return (await promisify(execFile)(program, args, { cwd: n8nFolder })).stdout.trim();
	} catch {
		return '';
	}
}

const sameText = (a: string, b: string) => existsSync(b) && readFileSync(a).equals(readFileSync(b));
