/** Builds the package, packs it as for npm, and installs that tarball into an n8n as n8n's own installer does. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Trouble } from './cleanup';
import { withLock } from './lock';
import { demoFolder, projectFolder } from './paths';
import { runProgram } from './processes';

interface Manifest {
	name: string;
	version: string;
	dependencies?: Record<string, string>;
	n8n: { nodes: string[]; credentials: string[] };
	[field: string]: unknown;
}

/**
 * Builds and packs the package.
 *
 * @param folder gets the tarball; it is made where it is missing
 * @returns path of the tarball
 * @throws {Trouble} when the build fails, with the end of its output
 */
export async function packPackage(folder: string): Promise<string> {
	mkdirSync(folder, { recursive: true });
	mkdirSync(demoFolder, { recursive: true });
	// The build empties `dist` first: two of them at once would pack half a package.
	return await withLock(join(demoFolder, 'build'), 'Another command is building the package', async () => {
		const log = join(folder, 'build.log');
		const target = mkdtempSync(join(folder, 'packing-'));
		try {
			await runProgram('npm', ['run', 'build'], { cwd: projectFolder, log });
			await runProgram('npm', ['pack', '--pack-destination', target], { cwd: projectFolder, log });
			const [name] = readdirSync(target);
			if (!name) throw new Trouble(`\`npm pack\` made no tarball. See ${log}.`);
			renameSync(join(target, name), join(folder, name));
			return join(folder, name);
		} finally {
			rmSync(target, { recursive: true, force: true });
		}
	});
}

/**
 * Puts a packed package where n8n 2.41 puts a community package: unpacked into `.n8n/nodes/node_modules/<name>`, without
 * its development and peer dependencies, and entered in `.n8n/nodes/package.json`. n8n loads it at its next start under its
 * real name. What n8n does next, `npm install` in that folder, is left out: the package has nothing to install.
 *
 * @param userFolder the folder that n8n gets as `N8N_USER_FOLDER`
 * @throws {Trouble} when the package has runtime dependencies, or lacks a node or credential that it lists
 */
export async function installPackage(tarball: string, userFolder: string): Promise<void> {
	const nodes = join(userFolder, '.n8n', 'nodes');
	const unpacked = join(nodes, 'unpacked');
	rmSync(unpacked, { recursive: true, force: true });
	mkdirSync(unpacked, { recursive: true });
	await runProgram('tar', ['-xzf', tarball, '-C', unpacked, '--strip-components=1'], { cwd: nodes, log: join(userFolder, 'package.log') });

	const { devDependencies: _dev, peerDependencies: _peer, ...manifest } = readJson<Manifest>(join(unpacked, 'package.json'));
	if (Object.keys(manifest.dependencies ?? {}).length > 0) {
		throw new Trouble(`${manifest.name} has runtime dependencies; a community package must have none.`);
	}
	const missing = [...manifest.n8n.nodes, ...manifest.n8n.credentials].filter((file) => !existsSync(join(unpacked, file)));
	if (missing.length > 0) throw new Trouble(`package.json lists files that the tarball does not have, and n8n would load nothing: ${missing.join(', ')}`);
	writeJson(join(unpacked, 'package.json'), manifest);

	const place = join(nodes, 'node_modules', manifest.name);
	rmSync(place, { recursive: true, force: true });
	mkdirSync(dirname(place), { recursive: true });
	renameSync(unpacked, place);
	writeJson(join(nodes, 'package.json'), {
		name: 'installed-nodes',
		private: true,
		dependencies: { [manifest.name]: manifest.version },
	});
}

const readJson = <T>(file: string) => JSON.parse(readFileSync(file, 'utf8')) as T;
const writeJson = (file: string, value: unknown) => writeFileSync(file, JSON.stringify(value, null, 2));
