/**
 * Runs a command of the project with its dependencies in place: `node test/bootstrap.mjs <command> [arguments]`.
 * A fresh clone has none, so they are installed first, exactly as package-lock.json pins them.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(root, 'node_modules', '.installed-from');
const lock = join(root, '.demo', 'dependencies.lock');
const wanted = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');

let running;
let interruptedBy;
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) {
	// Ctrl-C in a terminal reaches the program by itself; a signal sent to this process alone does not.
	process.on(signal, () => interrupt(signal));
}
// npm runs scripts through a shell, which passes no signal on: when that shell is gone, somebody has ended `npm start`.
const parent = process.ppid;
if (process.env.npm_lifecycle_event) setInterval(() => process.ppid === parent || interrupt('SIGTERM'), 500).unref();

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
	console.error(`Node.js 20.19 or later is needed; this is ${process.version}. See https://nodejs.org.`);
	process.exit(1);
}

if (!isInstalled()) {
	await whileLocked(async () => {
		if (isInstalled()) return;
		console.log('Installing the development dependencies (about a minute, once) …');
		const code = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
		if (code === 0) return writeFileSync(stamp, wanted);
		if (!interruptedBy) console.error('`npm ci` failed: see above. Check the network connection and run the command again.');
		leave(code);
	});
}

const [command, ...args] = process.argv.slice(2);
leave(await run(command, args));

function interrupt(signal) {
	interruptedBy ??= signal;
	running?.kill(signal);
}

function isInstalled() {
	return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
}

/** Two commands in a fresh clone: one installs, the other waits. A lock that nobody refreshes was left behind. */
async function whileLocked(work) {
	mkdirSync(join(root, '.demo'), { recursive: true });
	for (let told = false; !takeLock(); told = true) {
		if (!told) console.log('Another command is installing the dependencies: waiting for it …');
		await sleep(500);
		if (interruptedBy) leave(1);
	}
	const refresh = setInterval(() => utimesSync(lock, new Date(), new Date()), 2_000);
	process.once('exit', () => rmSync(lock, { force: true }));
	await work();
	clearInterval(refresh);
	rmSync(lock, { force: true });
}

function takeLock() {
	try {
		writeFileSync(lock, '', { flag: 'wx' });
		return true;
	} catch (error) {
		if (error.code !== 'EEXIST') throw error;
	}
	const lockedAt = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? 0;
	if (Date.now() - lockedAt > 15_000) rmSync(lock, { force: true });
	return false;
}

/** Runs a program with the project's own tools on the PATH, and gives its exit code. */
function run(program, args) {
	const path = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
	running = spawn(program, args, {
		cwd: root,
		stdio: 'inherit',
		env: { ...process.env, PATH: path },
		shell: process.platform === 'win32',
	});
	return new Promise((resolve) => {
		running.on('error', (error) => {
			console.error(error.message);
			resolve(1);
		});
		running.on('exit', (code, signal) => resolve(signal ? 128 + constants.signals[signal] : code));
	});
}

function leave(code) {
	process.exit(interruptedBy ? 128 + constants.signals[interruptedBy] : code);
}
