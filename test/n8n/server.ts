/** Runs n8n on the loopback interface with a folder of its own, and ends it again. */
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Trouble } from './cleanup';
import { type N8nInstallation } from './install';
import { lastLines, startProgram } from './processes';

export interface N8nOptions {
	installation: N8nInstallation;
	/** Keeps workflows, credentials, executions and the installed package; the same folder again continues with them. */
	userFolder: string;
	port: number;
	/** More environment variables of n8n. */
	env?: Record<string, string>;
	/** What n8n is to be; in queue mode there are several. Default `start`, the one with the editor. */
	command?: 'start' | 'webhook' | 'worker';
}

export interface N8nServer {
	/** Address of the editor, without a trailing slash. Webhooks arrive there too. */
	readonly origin: string;
	/** What n8n printed. */
	readonly log: string;
	/** Resolves when n8n has ended. */
	readonly ended: Promise<number | null>;
	/** Shuts n8n down as a user would. */
	stop(): Promise<void>;
	/** Kills n8n and its own processes at once. */
	kill(): Promise<void>;
}

const host = '127.0.0.1';
// n8n brings its database up to date at its first start; a busy machine with two cores needs a while for that.
const startLimitMs = 180_000;

/** What n8n takes over from this process. Everything else could change its behaviour from one machine to the next. */
const inherited = ['PATH', 'HOME', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA', 'SystemRoot', 'TMPDIR', 'TEMP', 'TMP', 'LANG', 'TZ'];

/** What keeps n8n from calling anybody outside this machine. */
const silence = {
	N8N_DIAGNOSTICS_ENABLED: 'false',
	// It fetches a list of servers at every start.
	N8N_DISABLED_MODULES: 'mcp-registry',
	N8N_DYNAMIC_BANNERS_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
	N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_VERIFIED_PACKAGES_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
};

/**
 * Starts n8n and waits until its editor answers. It is ended with the command at the latest.
 *
 * @throws {Trouble} when it ends by itself or does not answer within three minutes, with the end of its log
 */
export async function startN8n(options: N8nOptions): Promise<N8nServer> {
	const { installation, userFolder, port, command = 'start' } = options;
	const origin = `http://${host}:${port}`;
	const log = join(userFolder, command === 'start' ? 'n8n.log' : `${command}-${port}.log`);
	mkdirSync(userFolder, { recursive: true });

	const program = startProgram(installation.node, [installation.cli, command], {
		cwd: userFolder,
		log,
		graceMs: 10_000,
		env: {
			...Object.fromEntries(inherited.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
			...silence,
			N8N_USER_FOLDER: userFolder,
			N8N_HOST: host,
			N8N_LISTEN_ADDRESS: host,
			N8N_PORT: String(port),
			...(command === 'worker' && { QUEUE_HEALTH_CHECK_ACTIVE: 'true', QUEUE_HEALTH_CHECK_PORT: String(port) }),
			N8N_EDITOR_BASE_URL: `${origin}/`,
			N8N_WEBHOOK_URL: `${origin}/`,
			// Plain HTTP on loopback: browsers would drop a cookie that is for HTTPS alone.
			N8N_SECURE_COOKIE: 'false',
			N8N_RUNNERS_BROKER_PORT: String(await freePort()),
			N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '5',
			...options.env,
		},
	});

	let endedEarly = false;
	void program.ended.then(
		() => (endedEarly = true),
		() => (endedEarly = true),
	);
	const deadline = Date.now() + startLimitMs;
	// Only the one with the editor has the editor's calls. There the health check alone is not enough: it is green a moment before.
	const paths = ['/healthz/readiness', ...(command === 'start' ? ['/rest/settings'] : [])];
	while (!(await answers(origin, paths))) {
		if (endedEarly) throw new Trouble(`n8n ended right after its start:\n\n${lastLines(log)}\n\nThe whole log: ${log}`);
		if (Date.now() > deadline) {
			await program.kill();
			throw new Trouble(`n8n did not answer within ${startLimitMs / 60_000} minutes:\n\n${lastLines(log)}\n\nThe whole log: ${log}`);
		}
		await sleep(250);
	}
	return { origin, log, ended: program.ended, stop: program.stop, kill: program.kill };
}

/** A free port of the loopback interface: the preferred one where it is free, else any. */
export async function freePort(preferred = 0): Promise<number> {
	return await new Promise((resolve, reject) => {
		const probe = createServer();
		probe.once('error', (error) => (preferred === 0 ? reject(error) : resolve(freePort())));
		probe.listen(preferred, host, () => {
			const address = probe.address();
			probe.close(() => resolve(typeof address === 'object' && address ? address.port : preferred));
		});
	});
}

async function answers(origin: string, paths: string[]): Promise<boolean> {
	try {
		const answers = await Promise.all(paths.map(async (path) => await fetch(origin + path)));
		return answers.every(({ ok, headers }) => ok && headers.get('content-type')?.includes('json'));
	} catch {
		return false;
	}
}
