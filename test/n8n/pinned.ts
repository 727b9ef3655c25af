/**
 * Installs programs from npm for the demo and the end-to-end tests: exactly what a package.json and its lock file pin, into a
 * folder of its own that git ignores. A later call only looks whether everything is there; an interrupted one goes on where it stopped.
 */
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Trouble } from './cleanup';
import { withLock } from './lock';
import { runProgram } from './processes';
import { step } from './progress';

export interface Pinned {
	/** Folder with the package.json and the package-lock.json. */
	manifests: string;
	/** Folder to install into. */
	target: string;
	/** What it is called in messages. */
	name: string;
	/** Gigabytes that it takes on the disk, roughly. */
	gigabytes: number;
	/** Packages whose install script is run afterwards; those of all others are not. */
	builds?: Build[];
}

/** A package that is of no use before its install script has run. */
export interface Build {
	package: string;
	/** What its install script does, without a full stop. */
	title: string;
	/** Whether it has been run: asked in the folder of the installation. */
	works: () => Promise<boolean>;
}

interface Stage {
	title: string;
	isDone(): Promise<boolean>;
	work(): Promise<void>;
	detail?(): Promise<string>;
}

const manifests = ['package.json', 'package-lock.json'];

/**
 * Brings a folder to what its lock file says. Two commands may call it at once: the second one waits.
 *
 * @throws {Trouble} when a download or a build fails; the message says what to do
 */
export async function installPinned(pinned: Pinned): Promise<void> {
	const { name, target } = pinned;
	const log = join(target, 'install.log');
	const stages = stagesOf(pinned, log);
	if (await areDone(stages)) return;
	mkdirSync(target, { recursive: true });
	await withLock(join(target, 'install'), `Another command is getting ${name} ready`, async () => {
		for (const stage of stages) {
			if (await stage.isDone()) continue;
			await step(stage.title, stage.work, stage.detail);
			if (!(await stage.isDone())) {
				// Something in the download is broken: the next attempt begins with it.
				rmSync(npmsOwnList(target), { force: true });
				throw new Trouble(`"${stage.title}" ended without an error, yet what it makes does not work. See ${log}.\n${nextStep(target)}`);
			}
		}
	});
}

/** What a program prints, without white space around it; an empty text when it fails or is not there. */
export async function output(program: string, args: string[], cwd: string): Promise<string> {
	try {
		return (await promisify(execFile)(program, args, { cwd })).stdout.trim();
	} catch {
		return '';
	}
}

/** The versions that the package.json of a folder pins, by package. */
export function pinnedVersions<Name extends string>(folder: string): Record<Name, string> {
	return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { dependencies: Record<Name, string> }).dependencies;
}

function stagesOf(pinned: Pinned, log: string): Stage[] {
	const { name, target, gigabytes, builds = [] } = pinned;
	const download: Stage = {
		title: `Downloading ${name} (about ${gigabytes} GB on disk, once)`,
		isDone: async () =>
			existsSync(npmsOwnList(target)) && manifests.every((file) => sameText(join(pinned.manifests, file), join(target, file))),
		work: async () => {
			await needSpace(name, gigabytes * 1.5, target);
			rmSync(npmsOwnList(target), { force: true });
			for (const file of manifests) copyFileSync(join(pinned.manifests, file), join(target, file));
			await npm(target, log, 'ci', '--legacy-peer-deps', '--ignore-scripts');
		},
		detail: async () => await unpacked(pinned),
	};
	const built = builds.map(({ package: program, title, works }) => ({
		title,
		isDone: works,
		work: async () => await npm(target, log, 'rebuild', program, '--ignore-scripts=false'),
	}));
	return [download, ...built];
}

async function areDone(stages: Stage[]): Promise<boolean> {
	for (const stage of stages) if (!(await stage.isDone())) return false;
	return true;
}

/** npm inherits settings of the `npm run` around it, such as the project's `ignore-scripts`: what matters is said explicitly. */
async function npm(target: string, log: string, ...args: string[]): Promise<void> {
	try {
		await runProgram('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd: target, log, env: { ...process.env, ...headers() } });
	} catch (error) {
		throw error instanceof Trouble ? new Trouble(`${error.message}\n${nextStep(target)}`) : error;
	}
}

/**
 * Where node-gyp finds the headers of Node.js, where they came with the one that runs this: it need not download them then. What is
 * built here uses Node-API, which is the same for all versions.
 */
function headers(): NodeJS.ProcessEnv {
	const folder = dirname(dirname(process.execPath));
	const atHand = existsSync(join(folder, 'include', 'node', 'node_api.h'));
	return atHand && !process.env.npm_config_nodedir ? { npm_config_nodedir: folder } : {};
}

async function needSpace(name: string, gigabytes: number, target: string): Promise<void> {
	const { bavail, bsize } = await statfs(target);
	const free = (bavail * bsize) / 1e9;
	if (free < gigabytes) {
		throw new Trouble(
			`${name} needs ${gigabytes.toFixed(1)} GB of disk; only ${free.toFixed(1)} GB are free at ${target}.\n` +
				'Make room, or set N8N_DEMO_DIR to a folder on another disk, and run the command again.',
		);
	}
}

/** How far npm has come: it unpacks each package into a folder of its own. */
async function unpacked({ manifests: folder, target }: Pinned): Promise<string> {
	const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as { packages: Record<string, { optional?: true }> };
	const wanted = Object.entries(lock.packages).filter(([path, { optional }]) => path !== '' && !optional);
	const there = await Promise.allSettled(wanted.map(async ([path]) => await access(join(target, path, 'package.json'))));
	return `${there.filter(({ status }) => status === 'fulfilled').length} of ${wanted.length} packages unpacked`;
}

// npm writes its list of what is installed as its last deed: with it, everything is unpacked.
const npmsOwnList = (target: string) => join(target, 'node_modules', '.package-lock.json');
const nextStep = (target: string) =>
	'Check the network connection and run the command again: it goes on where it stopped. ' +
	`If that does not help, delete ${target} and start over.`;
const sameText = (a: string, b: string) => existsSync(b) && readFileSync(a).equals(readFileSync(b));
