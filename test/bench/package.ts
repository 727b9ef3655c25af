/** The package as users get it: packed, and unpacked as n8n does that. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { installPackage, packPackage } from '../n8n/package';
import { demoFolder } from '../n8n/paths';
import { name } from '../../package.json';

/** What the command leaves behind. */
export const benchFolder = join(demoFolder, 'bench');

/** Where {@link providePackage} puts the package. */
export const installedPackage = join(benchFolder, '.n8n', 'nodes', 'node_modules', name);

/** Builds, packs and unpacks the package. Gives the tarball and its size in bytes. */
export async function providePackage(): Promise<{ tarball: string; bytes: number }> {
	const tarball = await packPackage(benchFolder);
	await installPackage(tarball, benchFolder);
	return { tarball, bytes: statSync(tarball).size };
}
