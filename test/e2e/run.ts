/** `npm run test:e2e`: every `*.test.ts` of this folder, one after the other, in a real n8n and a real browser. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { setTimeout as sleep } from 'node:timers/promises';
import { onEnd, runCommand } from '../n8n/cleanup';
import { installN8n } from '../n8n/install';
import { packPackage } from '../n8n/package';
import { projectFolder } from '../n8n/paths';
import { lastLines } from '../n8n/processes';
import { step } from '../n8n/progress';
import { findChromium, pidFile, runFolder, screenshots } from './kit';

// A whole file: an n8n starts for each, and a busy machine takes its time.
const fileLimitMs = 600_000;

void runCommand(async () => {
	findChromium();
	console.log('Getting the end-to-end run ready');
	await installN8n();
	mkdirSync(runFolder, { recursive: true });
	const tarball = await step('Building and packing the package', async () => await packPackage(runFolder));
	Object.assign(process.env, { TIMELINESAI_E2E_FOLDER: runFolder, TIMELINESAI_E2E_TARBALL: tarball });

	const { passed, failed } = await runTests();
	if (failed === 0) rmSync(runFolder, { recursive: true, force: true });
	else showLogs();
	console.log(`Pictures: ${relative(projectFolder, screenshots)}`);
	console.log(`\n${passed} passed, ${failed} failed`);
	return failed === 0 && passed > 0 ? 0 : 1;
});

/** The files whose names contain one of the arguments; without arguments all of them. */
function testFiles(): string[] {
	const wanted = process.argv.slice(2);
	return readdirSync(__dirname)
		.filter((name) => name.endsWith('.test.ts') && (wanted.length === 0 || wanted.some((part) => name.includes(part))))
		.sort()
		.map((name) => join(__dirname, name));
}

function showLogs(): void {
	for (const folder of readdirSync(runFolder)) {
		const log = join(runFolder, folder, 'n8n.log');
		if (existsSync(log)) console.log(`\nThe end of ${relative(projectFolder, log)}:\n\n${lastLines(log)}`);
	}
	console.log(`\nData and logs of this run are kept in ${relative(projectFolder, runFolder)}.`);
}

async function runTests(): Promise<{ passed: number; failed: number }> {
	const interrupted = new AbortController();
	const tests = run({ files: testFiles(), concurrency: 1, timeout: fileLimitMs, signal: interrupted.signal });
	const count = { passed: 0, failed: 0 };
	tests.on('test:pass', ({ skip, todo, details }) => {
		if (details.type !== 'suite' && !skip && !todo) count.passed++;
	});
	tests.on('test:fail', ({ details }) => {
		if (details.type !== 'suite') count.failed++;
	});
	const report = (async () => {
		for await (const text of tests.compose(new spec())) process.stdout.write(text);
	})();
	const over = onEnd(async () => {
		interrupted.abort();
		await report;
		await testsAreGone();
	});
	await report;
	over();
	return count;
}

/** The runner leaves an interrupted test file alone with its n8n and its browser, which take a moment to end. */
async function testsAreGone(): Promise<void> {
	const pids = readdirSync(runFolder)
		.map((folder) => join(runFolder, folder, pidFile))
		.filter((file) => existsSync(file))
		.map((file) => Number(readFileSync(file, 'utf8')));
	while (pids.some(isAlive)) await sleep(100);
}

function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}
