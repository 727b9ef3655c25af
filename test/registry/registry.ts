/**
 * A npm registry on the loopback interface that n8n and npm take for the public one: Verdaccio, behind a proxy that leads
 * `registry.npmjs.org` to it and nobody anywhere else. n8n reads packages from another address only with an enterprise licence,
 * so the address stays n8n's default and the way there is what differs.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { onEnd, Trouble } from '../n8n/cleanup';
import { registryFolder } from '../n8n/paths';
import { installPinned, pinnedVersions } from '../n8n/pinned';
import { lastLines, runProgram, startProgram } from '../n8n/processes';
import { freePort } from '../n8n/server';

export interface Registry {
	/** Environment variables that bring a program, and the npm that it starts, to this registry. */
	readonly environment: Record<string, string>;
	/** Other addresses that somebody asked the proxy for, all refused: `host:port`. */
	readonly refused: string[];
	/** Publishes a tarball as its manifest's name and version, which becomes `latest`. */
	publish(tarball: string): Promise<void>;
}

const host = '127.0.0.1';
const publicName = 'registry.npmjs.org';
const startLimitMs = 120_000;

/**
 * Starts an empty registry. It ends with the command. Without a package of its own it answers 404: it asks no other registry.
 *
 * @param node the Node.js that runs it, 22 or later
 * @param folder keeps its packages and logs
 * @throws {Trouble} when it cannot be installed or does not start
 */
export async function startRegistry(node: string, folder: string): Promise<Registry> {
	const name = `Verdaccio ${pinnedVersions<'verdaccio'>(__dirname).verdaccio}`;
	await installPinned({ name, manifests: __dirname, target: registryFolder, gigabytes: 0.1 });
	mkdirSync(folder, { recursive: true });
	const certificate = makeCertificate(folder);
	const verdaccioPort = await freePort();
	await startVerdaccio(node, folder, verdaccioPort);
	const refused: string[] = [];
	const proxyPort = await startProxy(verdaccioPort, refused);

	const environment = {
		HTTPS_PROXY: `http://${host}:${proxyPort}`,
		NO_PROXY: `${host},localhost`,
		NODE_EXTRA_CA_CERTS: certificate,
		// What npm remembers of the real registry, and a person's own settings, have no say here.
		npm_config_cache: join(folder, 'npm-cache'),
		npm_config_userconfig: join(folder, 'npmrc'),
		npm_config_cafile: certificate,
		npm_config_update_notifier: 'false',
	};
	return {
		environment,
		refused,
		publish: async (tarball) => {
			// npm publishes for nobody without a token; this registry takes any.
			const args = ['publish', tarball, `--registry=https://${publicName}`, `--//${publicName}/:_authToken=anybody`, '--provenance=false'];
			await runProgram('npm', args, { cwd: folder, log: join(folder, 'publish.log'), env: { ...process.env, ...environment } });
		},
	};
}

/** A certificate for the public registry's name, which only those believe who are told to by {@link Registry.environment}. */
function makeCertificate(folder: string): string {
	const { generate } = createRequire(join(registryFolder, 'package.json'))('selfsigned') as {
		generate(attributes: object[], options: object): { private: string; cert: string };
	};
	const { private: key, cert } = generate([{ name: 'commonName', value: publicName }], {
		keySize: 2048,
		algorithm: 'sha256',
		days: 2,
		extensions: [
			// Node.js trusts authorities, so this certificate is its own.
			{ name: 'basicConstraints', cA: true },
			{ name: 'keyUsage', keyCertSign: true, digitalSignature: true, keyEncipherment: true },
			{ name: 'subjectAltName', altNames: [{ type: 2, value: publicName }] },
		],
	});
	writeFileSync(join(folder, 'key.pem'), key, { mode: 0o600 });
	writeFileSync(join(folder, 'certificate.pem'), cert);
	return join(folder, 'certificate.pem');
}

async function startVerdaccio(node: string, folder: string, port: number): Promise<void> {
	const log = join(folder, 'verdaccio.log');
	const configuration = {
		storage: join(folder, 'storage'),
		listen: `https://${host}:${port}`,
		https: { key: join(folder, 'key.pem'), cert: join(folder, 'certificate.pem') },
		web: { enable: false },
		auth: { htpasswd: { file: join(folder, 'htpasswd'), max_users: -1 } },
		uplinks: {},
		packages: { '**': { access: '$all', publish: '$all' } },
		log: { type: 'stdout', format: 'pretty', level: 'http' },
	};
	// JSON is YAML.
	writeFileSync(join(folder, 'config.yaml'), JSON.stringify(configuration, null, '\t'));
	const program = startProgram(node, [join(registryFolder, 'node_modules', 'verdaccio', 'bin', 'verdaccio'), '--config', join(folder, 'config.yaml')], {
		cwd: folder,
		log,
	});
	let ended = false;
	void program.ended.finally(() => (ended = true)).catch(() => {});
	for (const deadline = Date.now() + startLimitMs; !(await listens(port)); await sleep(200)) {
		if (ended || Date.now() > deadline) throw new Trouble(`The npm registry did not start:\n\n${lastLines(log)}\n\nThe whole log: ${log}`);
	}
}

/** An HTTP proxy that knows one host. */
async function startProxy(verdaccioPort: number, refused: string[]): Promise<number> {
	const proxy = createServer((_, response) => response.writeHead(403).end());
	const sockets = new Set<Socket>();
	proxy.on('connect', ({ url }: IncomingMessage, client: Socket) => {
		if (url !== `${publicName}:443`) {
			refused.push(url ?? '');
			client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
			return;
		}
		const registry = connect(verdaccioPort, host, () => {
			client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
			registry.pipe(client).pipe(registry);
		});
		for (const [socket, other] of [
			[client, registry],
			[registry, client],
		] as const) {
			sockets.add(socket);
			socket.on('error', () => other.destroy());
			socket.on('close', () => {
				sockets.delete(socket);
				other.destroy();
			});
		}
	});
	await new Promise<void>((resolve) => proxy.listen(0, host, resolve));
	onEnd(() => {
		proxy.close();
		sockets.forEach((socket) => socket.destroy());
	});
	return (proxy.address() as AddressInfo).port;
}

async function listens(port: number): Promise<boolean> {
	return await new Promise((resolve) => {
		const socket = connect(port, host, () => {
			socket.destroy();
			resolve(true);
		});
		socket.once('error', () => resolve(false));
	});
}
