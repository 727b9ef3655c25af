/**
 * Runs a command of the project with its dependencies in place: `node test/bootstrap.mjs <command> [arguments]`.
 * A fresh clone has none, so they are installed first, exactly as package-lock.json pins them.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(root, 'node_modules', '.installed-from');
const wanted = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
	console.error(`Node.js 20.19 or later is needed; this is ${process.version}. See https://nodejs.org.`);
	process.exit(1);
}

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
	console.log('Installing the development dependencies (about a minute, once) …');
	const code = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
	if (code !== 0) {
		console.error('`npm ci` failed: see above. Check the network connection and run the command again.');
		process.exit(code);
	}
	writeFileSync(stamp, wanted);
}

const [command, ...args] = process.argv.slice(2);
process.exit(await run(command, args));

/** Runs a program with the project's own tools on the PATH; signals reach it through the terminal's process group. */
function run(program, args) {
	const path = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
	const child = spawn(program, args, {
		cwd: root,
		stdio: 'inherit',
		env: { ...process.env, PATH: path },
		shell: process.platform === 'win32',
	});
	// Ctrl-C reaches the child by itself: it ends what it started, and its exit code is ours.
	process.on('SIGINT', () => {});
	process.on('SIGTERM', () => child.kill('SIGTERM'));
	return new Promise((resolve) => {
		child.on('error', (error) => {
			console.error(error.message);
			resolve(1);
		});
		child.on('exit', (code, signal) => resolve(signal ? 1 : (code ?? 1)));
	});
}
