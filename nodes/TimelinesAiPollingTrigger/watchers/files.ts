/** Uploaded files: the list of files has one that it did not have before. */
import type { IDataObject } from 'n8n-workflow';
import { aFile } from '../../TimelinesAi/resources/file/file';
import type { Change, Finding, Surroundings } from '../changes';

/** The UIDs of all files. */
export type FileMemory = string[];

/** Compares the files of the workspace with those that are remembered; the first time it only learns them. Costs one request. */
export async function watchFiles({ api }: Surroundings, known: FileMemory | undefined): Promise<Finding<FileMemory>> {
	const files = (await api.call('GET /files')) as unknown as IDataObject[];
	const before = new Set(known ?? files.map(({ uid }) => String(uid)));
	return { memory: files.map(({ uid }) => String(uid)), changes: files.filter(({ uid }) => !before.has(String(uid))).map(change) };
}

/** What an uploaded file looks like, for the editor. */
export async function exampleFiles({ api }: Surroundings): Promise<Change[]> {
	const files = (await api.call('GET /files')) as unknown as IDataObject[];
	return files.slice(0, 1).map(change);
}

const change = (file: IDataObject): Change => ({ event: 'file:uploaded', thing: file, simplify: (origin) => aFile.simplify(file, origin) });
