/** Puts a file into the workspace, from an input field or from a URL: for the file operations and for attachments. */
import type { IBinaryData, IDataObject } from 'n8n-workflow';
import type { Item } from '../../../shared/operation/item';
import type { ApiRequest } from '../../../shared/transport/api';
import { makeForm } from '../../../shared/transport/multipart';
import { lookAt } from '../makers';

export const uploadEndpoints = ['POST /files_upload', 'POST /files'];

const hints = lookAt('File: Get Many');

/** Overrides for what the API derives from the file or its URL. */
export interface FileWords {
	filename?: string;
	contentType?: string;
}

/** The file in an input field of this item. Throws a clear error where there is none. */
export function inputFile(item: Item, inputField: string): IBinaryData {
	if (inputField === '') throw item.error('No input field is named', 'Give the name of the input field that holds the file; n8n calls the first one “data”.');
	const { binary } = item.functions.getInputData()[item.index] ?? {};
	const file = binary && Object.hasOwn(binary, inputField) ? binary[inputField] : undefined;
	if (file) return file;
	const others = Object.keys(binary ?? {});
	throw item.error(
		`This item has no file in the input field “${inputField}”`,
		others.length > 0 ? `It has: ${others.join(', ')}.` : 'No file came in. Put a node before this one that gives a file, for example HTTP Request or Read Files.',
	);
}

/** Sends a multipart form with the file of an input field to an endpoint. */
export async function sendFile(
	item: Item,
	endpoint: string,
	inputField: string,
	{ ids, fields = {}, filename, hints }: Pick<ApiRequest, 'ids' | 'hints'> & { fields?: Record<string, string | undefined>; filename?: string } = {},
): Promise<IDataObject> {
	const file = inputFile(item, inputField);
	const form = async () => await makeForm(item.functions, item.index, inputField, { file, filename: filename ?? file.fileName ?? 'file', fields });
	return await item.call(endpoint, { ids, form, hints: { ...hints, 413: tooLarge(file, fields.content_type) } });
}

/** Which limit a file is over. The limits are TimelinesAI's own, so they are explained and not enforced here. */
function tooLarge({ fileName, fileSize, mimeType }: IBinaryData, type = mimeType): string {
	const limit = /^(image|audio|video)\//.test(type) ? 'images, audio and video may have 16 MB' : 'documents may have 100 MB';
	return `“${fileName ?? 'The file'}” (${[type, fileSize].filter(Boolean).join(', ')}) is over the limit: ${limit}.`;
}

/** Uploads the file of an input field. Gives its details, with `uid`. */
export async function uploadInput(item: Item, inputField: string, { filename, contentType }: FileWords = {}): Promise<IDataObject> {
	const file = inputFile(item, inputField);
	return await sendFile(item, 'POST /files_upload', inputField, {
		filename,
		fields: { filename: filename ?? file.fileName, content_type: contentType ?? file.mimeType },
		hints,
	});
}

/** Lets TimelinesAI fetch a file from a public URL. Gives its details, with `uid`. */
export async function uploadUrl(item: Item, url: string, { filename, contentType }: FileWords = {}): Promise<IDataObject> {
	if (!URL.canParse(url) || !/^https?:\/\//i.test(url)) {
		throw item.error(`“${url.slice(0, 200)}” is not a URL of a file`, 'Give a direct link that starts with https://. Share pages of cloud drives do not work.');
	}
	return await item.call('POST /files', { body: { download_url: url, filename, content_type: contentType }, hints });
}
