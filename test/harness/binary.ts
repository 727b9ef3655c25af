/** Files in items, stored through n8n's own binary data service. */
import './log';
import { Container } from '@n8n/di';
import { BinaryDataConfig, BinaryDataService, prepareBinaryData } from 'n8n-core';
import { type IDataObject, type INodeExecutionData, UnexpectedError } from 'n8n-workflow';

/** Where n8n keeps the content of files: inside the item, or on disk with a reference in the item (n8n's default). */
export type BinaryMode = 'memory' | 'filesystem';

export interface TestFile {
	content: Buffer | string;
	fileName: string;
	mimeType?: string;
	/** The field of the item's binary data; `data` unless given, as in n8n. */
	field?: string;
}

export interface StoredFile {
	content: Buffer;
	fileName?: string;
	mimeType: string;
}

/**
 * Makes an item that carries a file, stored as n8n would have stored it.
 * @example const item = await withBinary({ fileName: 'invoice.pdf', content: pdf }, { chatId: 7 });
 */
export async function withBinary(file: TestFile, json: IDataObject = {}, mode: BinaryMode = 'filesystem'): Promise<INodeExecutionData> {
	await useBinaryMode(mode);
	const data = await prepareBinaryData(Buffer.from(file.content), 'execution-before', 'workflow-before', file.fileName, file.mimeType);
	return { json, binary: { [file.field ?? 'data']: data } };
}

/** Reads a file of an item, wherever it is kept. Fails when the item has no such field. */
export async function readBinary(item: INodeExecutionData | undefined, field = 'data'): Promise<StoredFile> {
	const data = item?.binary?.[field];
	if (!data) throw new UnexpectedError(`The item has no file in "${field}"; it has: ${Object.keys(item?.binary ?? {}).join(', ') || 'none'}`);
	return { content: await Container.get(BinaryDataService).getAsBuffer(data), fileName: data.fileName, mimeType: data.mimeType };
}

/** Sets the mode for what is stored from now on; what is stored already stays readable. */
export async function useBinaryMode(mode: BinaryMode): Promise<void> {
	Container.get(BinaryDataConfig).mode = mode === 'memory' ? 'default' : 'filesystem';
	await Container.get(BinaryDataService).init();
}
