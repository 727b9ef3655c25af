/** The workspace's files, and the limits of what can be uploaded. */
import axios from 'axios';
import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import { type Readable } from 'node:stream';
import { Reply } from '../api';
import { type Upload } from '../contract';
import { type Context, type PublicHandlers } from '../context';
import { isLoopback } from '../deliveries';
import { invalid, tooLarge } from '../errors';
import { type StoredFile } from '../world';
import { upload } from './messages';

const MEGABYTE = 1024 * 1024;
/** Share pages of cloud drives are not files. */
const DRIVES = /(^|\.)(drive\.google\.com|docs\.google\.com|onedrive\.live\.com|1drv\.ms|sharepoint\.com|dropbox\.com)$/;
/** What a file at an address that the sandbox does not call holds. */
const GENERATED_SIZE = 12_345;

const MIME_TYPES: Record<string, string> = {
	'.png': 'image/png',
	'.jpg': 'image/jpeg',
	'.jpeg': 'image/jpeg',
	'.gif': 'image/gif',
	'.pdf': 'application/pdf',
	'.txt': 'text/plain',
	'.csv': 'text/csv',
	'.mp3': 'audio/mpeg',
	'.ogg': 'audio/ogg',
	'.oga': 'audio/ogg',
	'.mp4': 'video/mp4',
	'.doc': 'application/msword',
};

export const fileHandlers = {
	'GET /files': ({ query }, { world, views }) => {
		const part = query.filename?.toLowerCase() ?? '';
		return [...world.files.values()].filter((file) => file.listed && file.filename.toLowerCase().includes(part)).map((file) => views.fileShort(file));
	},
	'POST /files': async ({ body }, context) => {
		const upload = await download(body.download_url);
		return context.views.file(storeUpload(upload, body, context, true));
	},
	'POST /files_upload': (call, context) => context.views.file(storeUpload(upload(call), call.body, context, true)),
	'GET /files/{file_uid}': ({ params }, { world, views }) => views.file(world.file(params.file_uid ?? '')),
	'DELETE /files/{file_uid}': ({ params }, { world }) => {
		world.files.delete(world.file(params.file_uid ?? '').uid);
		return new Reply({ status: 200 });
	},
} satisfies Partial<PublicHandlers>;

/** Keeps an uploaded file. Images, audio and video above 16 MB and documents above 100 MB are a 413. */
export function storeUpload(
	file: Upload,
	given: { filename?: string | undefined; content_type?: string | undefined },
	{ world }: Context,
	listed: boolean,
): StoredFile {
	const mimetype = given.content_type ?? file.mimetype;
	const limit = /^(image|audio|video)\//.test(mimetype) ? 16 : 100;
	if (file.size > limit * MEGABYTE) throw tooLarge(`Payload is too large: at most ${limit} MB for ${mimetype}`);
	const filename = given.filename ?? file.filename ?? 'file';
	return world.addFile({ filename, mimetype, listed, ...(file.content ? { content: file.content } : { size: file.size, sha256: file.sha256 }) });
}

/** Fetches a file from a loopback address; any other address is not called, and gives a generated file. */
async function download(url: string): Promise<Upload> {
	const fail = (msg: string) => invalid('Validation error', [{ fields: ['download_url'], msg }]);
	if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) throw fail('Invalid URL');
	const { hostname, pathname } = new URL(url);
	if (DRIVES.test(hostname)) throw fail('Download links of file sharing services are not supported: a direct link is needed');
	const filename = decodeURIComponent(pathname.split('/').pop() || 'file');
	const guessed = MIME_TYPES[extname(filename).toLowerCase()] ?? 'application/octet-stream';
	if (!isLoopback(url)) return { field: 'file', filename, mimetype: guessed, size: GENERATED_SIZE, sha256: '', content: Buffer.alloc(GENERATED_SIZE, filename || ' ') };
	const response = await axios.get<Readable>(url, { responseType: 'stream', proxy: false, validateStatus: () => true });
	if (response.status !== 200) {
		response.data.resume();
		throw fail(`The file could not be downloaded: HTTP ${response.status}`);
	}
	const chunks: Buffer[] = [];
	for await (const chunk of response.data) chunks.push(chunk as Buffer);
	const content = Buffer.concat(chunks);
	const type = response.headers['content-type'];
	return {
		field: 'file',
		filename,
		mimetype: typeof type === 'string' ? (type.split(';')[0] ?? guessed) : guessed,
		size: content.length,
		sha256: createHash('sha256').update(content).digest('hex'),
		content,
	};
}
