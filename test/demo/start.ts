/** `npm start`: a TimelinesAI to play with, an n8n that answers its messages, and the two addresses to open. Ctrl-C ends it all. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand, Trouble } from '../n8n/cleanup';
import { installN8n } from '../n8n/install';
import { holdLock, isLocked } from '../n8n/lock';
import { packPackage } from '../n8n/package';
import { demoFolder } from '../n8n/paths';
import { step } from '../n8n/progress';
import { freePort } from '../n8n/server';
import { openStage, type Stage } from './stage';

const HELP = `Usage: npm start -- [options]

  --fresh   start over: a new n8n without your changes to the workflows
  --help    show this

Environment variables
  N8N_DEMO_DIR   folder of the installed n8n, to share it between clones (default: .demo/n8n)
`;

const userFolder = join(demoFolder, 'user');
const preferredPorts = { n8n: 5678, sandbox: 4010 };

void runCommand(async () => {
	const { fresh, help } = options();
	if (help) {
		console.log(HELP);
		return;
	}
	mkdirSync(demoFolder, { recursive: true });
	await onlyOne();
	if (fresh) rmSync(userFolder, { recursive: true, force: true });

	console.log('Getting the demo ready');
	const installation = await installN8n();
	const tarball = await step('Building and packing the package', async () => await packPackage(userFolder));
	const ports = { n8n: await port('n8n'), sandbox: await port('sandbox') };
	const stage = await step('Starting the sandbox and n8n, with the package installed', async () =>
		await openStage({
			installation,
			tarball,
			userFolder,
			n8nPort: ports.n8n,
			// Slow enough to watch a message go from Sending to Read.
			sandbox: { port: ports.sandbox, speed: { sentMs: 600, deliveredMs: 900, readMs: 1_500 }, webhooks: { retryDelayMs: 2_000 } },
		}),
	);
	console.log(welcome(stage));
	for (const problem of stage.problems) console.log(`\n! ${problem}`);

	await stage.n8n.ended;
	throw new Trouble(`n8n has ended by itself. Its log: ${stage.n8n.log}`);
});

async function onlyOne(): Promise<void> {
	try {
		await holdLock(userFolder, '`npm start` is running in this folder already');
	} catch (error) {
		if (!isLocked(error)) throw error;
		throw new Trouble('`npm start` goes on running in this folder. Use that one, or end it with Ctrl-C first.');
	}
}

function options(): { fresh: boolean; help: boolean } {
	try {
		return parseArgs({ options: { fresh: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } }).values;
	} catch (error) {
		throw new Trouble(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
	}
}

async function port(name: keyof typeof preferredPorts): Promise<number> {
	const preferred = preferredPorts[name];
	const free = await freePort(preferred);
	if (free !== preferred) console.log(`  Port ${preferred} is taken, so the ${name === 'n8n' ? 'n8n' : 'sandbox'} of this demo listens on ${free}.`);
	return free;
}

function welcome({ n8n, sandbox, login, workflow }: Stage): string {
	return box([
		'A WhatsApp message starts a workflow, and the workflow answers it.',
		'',
		`n8n         ${n8n.origin}/workflow/${workflow.id}`,
		`  sign in   ${login.email}`,
		`  password  ${login.password}`,
		`Phone page  ${sandbox.origin}/`,
		'',
		'Write as a customer on the phone page: the answer comes from the',
		'workflow. Its runs are in the Executions tab of n8n.',
		'',
		'Everything listens on this machine only, and nothing reaches WhatsApp.',
		'Your changes are kept for the next start. Ctrl-C ends everything.',
	]);
}

function box(lines: string[]): string {
	const width = Math.max(...lines.map((line) => line.length));
	const edge = '─'.repeat(width + 4);
	return ['', `┌${edge}┐`, ...lines.map((line) => `│  ${line.padEnd(width)}  │`), `└${edge}┘`].join('\n');
}
