/** Redis and PostgreSQL for n8n's queue mode, from the programs that are installed, with their data in a folder of the run. */
import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Trouble } from '../n8n/cleanup';
import { lastLines, runProgram, startProgram } from '../n8n/processes';
import { freePort } from '../n8n/server';

const host = '127.0.0.1';
/** PostgreSQL refuses to run as root; this user exists everywhere and owns nothing. */
const nobody = { name: 'nobody', id: 65_534 };
const isRoot = process.getuid?.() === 0;

/**
 * Starts both on free ports of the loopback interface. They end with the command.
 *
 * @returns the environment variables with which n8n finds them
 * @throws {Trouble} when one of the programs is missing or does not start
 */
export async function startStores(folder: string): Promise<Record<string, string>> {
	const [redisServer, initdb, postgres] = [find('redis-server'), find('initdb'), find('postgres')];
	const redis = await startRedis(redisServer, join(folder, 'redis'));
	const database = await startPostgres(initdb, postgres, join(folder, 'postgres'));
	return {
		EXECUTIONS_MODE: 'queue',
		QUEUE_BULL_REDIS_HOST: host,
		QUEUE_BULL_REDIS_PORT: String(redis),
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: host,
		DB_POSTGRESDB_PORT: String(database),
		DB_POSTGRESDB_DATABASE: 'postgres',
		DB_POSTGRESDB_USER: 'n8n',
	};
}

async function startRedis(program: string, folder: string): Promise<number> {
	mkdirSync(folder, { recursive: true });
	const port = await freePort();
	const log = join(folder, 'redis.log');
	startProgram(program, ['--bind', host, '--port', String(port), '--dir', folder, '--save', ''], { cwd: folder, log });
	await listens(port, log);
	return port;
}

async function startPostgres(initdb: string, postgres: string, folder: string): Promise<number> {
	const data = join(folder, 'data');
	mkdirSync(data, { recursive: true });
	if (isRoot) [folder, data].forEach((path) => chownSync(path, nobody.id, nobody.id));
	const port = await freePort();
	const log = join(folder, 'postgres.log');
	const options = { cwd: folder, log };
	const as = (program: string, args: string[]): [string, string[]] => (isRoot ? ['runuser', ['-u', nobody.name, '--', program, ...args]] : [program, args]);
	// It listens on this machine alone, holds nothing but test data, and is gone with the run.
	await runProgram(...as(initdb, ['--pgdata', data, '--username', 'n8n', '--auth', 'trust', '--encoding', 'UTF8', '--locale', 'C']), options);
	startProgram(...as(postgres, ['-D', data, '-p', String(port), '-c', `listen_addresses=${host}`, '-c', `unix_socket_directories=${folder}`, '-c', 'fsync=off', '-c', 'max_connections=200']), options);
	await listens(port, log);
	return port;
}

async function listens(port: number, log: string): Promise<void> {
	for (let attempt = 0; attempt < 300; attempt++) {
		const isUp = await new Promise<boolean>((resolve) => {
			const socket = connect(port, host, () => resolve(true)).once('error', () => resolve(false));
			socket.once('connect', () => socket.destroy());
		});
		if (isUp) return;
		await sleep(100);
	}
	throw new Trouble(`Nothing listens on port ${port}:\n\n${lastLines(log)}`);
}

/** A program on the PATH; Debian keeps those of PostgreSQL apart. */
function find(program: string): string {
	try {
		return execFileSync('which', [program], { stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim();
	} catch {
		const debian = '/usr/lib/postgresql';
		const found = (existsSync(debian) ? readdirSync(debian) : []).map((version) => join(debian, version, 'bin', program)).find((path) => existsSync(path));
		if (found) return found;
		throw new Trouble(`This needs the programs redis-server, initdb and postgres on the PATH, and ${program} is not there.\nOn Debian and Ubuntu: apt-get install redis-server postgresql`);
	}
}
