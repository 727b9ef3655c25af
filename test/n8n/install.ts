/**
 * Gets n8n ready: a version that is pinned beside this file, with the Node.js that it runs on. It takes a few minutes once.
 */
import { join } from 'node:path';
import { n8nFolder, oldestN8nFolder } from './paths';
import { installPinned, output, pinnedVersions } from './pinned';

export interface N8nInstallation {
	/** Version of n8n. */
	version: string;
	/** Version of Node.js. */
	nodeVersion: string;
	/** The Node.js binary that runs it. */
	node: string;
	/** The script to start with that binary. */
	cli: string;
}

/** The n8n of the demo and of nearly all tests, and the oldest one that the package works on. */
const releases = {
	current: { manifests: __dirname, target: n8nFolder, gigabytes: 2.4 },
	oldest: { manifests: join(__dirname, 'oldest'), target: oldestN8nFolder, gigabytes: 1.3 },
};

/**
 * Makes n8n ready to run: the current one in the folder `.demo/n8n`, or in the one that `N8N_DEMO_DIR` names; the oldest one in a
 * folder beside it whose name ends in `-oldest`.
 *
 * @throws {Trouble} when a download or a build fails; the message says what to do
 */
export async function installN8n(release: keyof typeof releases = 'current'): Promise<N8nInstallation> {
	const { manifests, target, gigabytes } = releases[release];
	const versions = pinnedVersions<'n8n' | 'node'>(manifests);
	const modules = join(target, 'node_modules');
	const installation: N8nInstallation = {
		version: versions.n8n,
		nodeVersion: versions.node,
		node: join(modules, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node'),
		cli: join(modules, 'n8n', 'bin', 'n8n'),
	};
	await installPinned({
		name: `n8n ${versions.n8n}`,
		manifests,
		target,
		gigabytes,
		builds: [
			{
				package: 'node',
				title: `Getting Node.js ${versions.node}, which this n8n needs`,
				works: async () => (await output(installation.node, ['--version'], target)) === `v${versions.node}`,
			},
			{
				package: 'sqlite3',
				title: 'Building the database driver (sqlite3)',
				works: async () => (await output(installation.node, ['--eval', 'require("sqlite3"); console.log("loaded")'], target)) === 'loaded',
			},
		],
	});
	return installation;
}
