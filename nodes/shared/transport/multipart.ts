/** Multipart forms with one file from n8n's binary data, streamed, so that memory does not grow with the file. */
import { randomUUID } from 'node:crypto';
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import type { Form } from './api';

/** A file of an input item and the text fields beside it. */
export interface FileForm {
	file: IBinaryData;
	/** The name that the file gets. */
	filename: string;
	fields: Record<string, string | undefined>;
}

/** Makes the form; call it once for each attempt. A stored file is read as a stream, one that n8n holds in memory is used as it is. */
export async function makeForm(functions: IExecuteFunctions, itemIndex: number, inputField: string, { file, filename, fields }: FileForm): Promise<Form> {
	const boundary = `n8n-${randomUUID()}`;
	const texts = Object.entries(fields)
		.filter(([, text]) => text !== undefined)
		.map(([name, text]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`);
	const head = Buffer.from(
		`${texts.join('')}--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${quoted(filename)}"\r\nContent-Type: ${headerSafe(file.mimeType)}\r\n\r\n`,
	);
	const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
	const headers = (size: number) => ({
		'Content-Type': `multipart/form-data; boundary=${boundary}`,
		'Content-Length': String(head.length + size + tail.length),
	});

	if (!file.id) {
		const data = await functions.helpers.getBinaryDataBuffer(itemIndex, inputField);
		return { headers: headers(data.length), content: Buffer.concat([head, data, tail]) };
	}
	const { fileSize } = await functions.helpers.getBinaryMetadata(file.id);
	const stream = await functions.helpers.getBinaryStream(file.id);
	async function* content() {
		yield head;
		yield* stream as AsyncIterable<Buffer>;
		yield tail;
	}
	// Community nodes may not import node:stream; n8n's own stream knows how to make one.
	const { from } = stream.constructor as unknown as { from(chunks: AsyncIterable<Buffer>): NodeJS.ReadableStream };
	return { headers: headers(fileSize), content: from(content()) as unknown as Form['content'] };
}

/** As browsers write file names into a form: UTF-8, with what would end the quotes or the line escaped. */
const quoted = (name: string): string => name.replace(/"/g, '%22').replace(/\r/g, '%0D').replace(/\n/g, '%0A');

const headerSafe = (type: string): string => (/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(;[ -~]*)?$/.test(type) ? type : 'application/octet-stream');
