/**
 * Starts programs so that they can be ended for sure, with all that they have started in turn: each one leads a process
 * group of its own, and the group is what gets the signal.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onEnd, Trouble } from './cleanup';

export interface StartOptions {
	cwd: string;
	/** The whole environment of the program; that of this process when left out. */
	env?: NodeJS.ProcessEnv;
	/** File that what the program prints is added to. */
	log: string;
	/** Signal to give it at first when it shall end, and the milliseconds until it is killed. */
	graceMs?: number;
}

export interface Running {
	readonly pid: number;
	/** Resolves when it has ended, for whatever reason: with its exit code, or with null after a signal. */
	readonly ended: Promise<number | null>;
	/** Asks it to end, kills it when it does not, and leaves none of its own children behind. */
	stop(): Promise<void>;
	/** Kills it and its children at once, as a power cut would. */
	kill(): Promise<void>;
}

const windows = process.platform === 'win32';
const alive = new Set<ChildProcess>();
// The last net, for a command that ends without asking anybody: an exception that nothing catches.
process.once('exit', () => alive.forEach((child) => signalGroup(child, 'SIGKILL')));

/**
 * Starts a program in the background. It is ended at the latest when this command ends; one that runs on Node.js also when
 * this command is killed and can do nothing any more.
 */
export function startProgram(program: string, args: string[], options: StartOptions): Running {
	mkdirSync(dirname(options.log), { recursive: true });
	const log = openSync(options.log, 'a');
	const child = spawn(program, args, {
		cwd: options.cwd,
		env: { ...(options.env ?? process.env), NODE_OPTIONS: `--require ${JSON.stringify(join(__dirname, 'leash.cjs'))}` },
		stdio: ['ignore', log, log, 'ipc'],
		detached: !windows,
		shell: windows && program === 'npm',
		windowsHide: true,
	});
	closeSync(log);
	alive.add(child);

	const ended = new Promise<number | null>((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', (code) => resolve(code));
	}).finally(() => {
		signalGroup(child, 'SIGKILL');
		alive.delete(child);
		forget();
	});
	ended.catch(() => {});

	const end = async (graceMs: number) => {
		if (child.exitCode !== null || child.signalCode !== null) return;
		if (graceMs > 0) signalGroup(child, 'SIGTERM');
		const deadline = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
		await ended.catch(() => {});
		clearTimeout(deadline);
	};
	const stop = async () => await end(options.graceMs ?? 3_000);
	const forget = onEnd(stop);
	return { pid: child.pid ?? 0, ended, stop, kill: async () => await end(0) };
}

/** Runs a program to its end. When it fails, the error shows the last lines of its log. */
export async function runProgram(program: string, args: string[], options: StartOptions): Promise<void> {
	const code = await startProgram(program, args, options).ended;
	if (code !== 0) {
		throw new Trouble(`\`${[program, ...args].join(' ')}\` failed:\n\n${lastLines(options.log)}\n\nThe whole log: ${options.log}`);
	}
}

/** The end of a log file, for an error message. */
export function lastLines(file: string, count = 15): string {
	if (!existsSync(file)) return '(nothing was logged)';
	return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
	if (child.pid === undefined) return;
	if (windows) {
		spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f'], { windowsHide: true });
		return;
	}
	try {
		process.kill(-child.pid, signal);
	} catch {
		// Nobody of the group is left.
	}
}
