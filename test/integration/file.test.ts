/** The file operations, in real n8n against the sandbox. */
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo } from 'node:net';
import { createHash } from 'node:crypto';
import { type BinaryMode, readBinary, withBinary } from '../harness';
import { by, explainsRefusals, jsonOf, onlyRequest, refusesBeforeAnyRequest, routes, run, search, useSandbox } from './kit';

const sandbox = useSandbox();

const noFile = { fileUid: by('uid', 'no-such-file') };
/** Lets the temporary links lead on to a server of the test's own; gives what ends it. */
async function storedElsewhere(answer: RequestListener): Promise<() => void> {
	const server = createServer(answer);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	sandbox().faults.add({ kind: 'redirect', location: `http://127.0.0.1:${port}/edge`, match: 'GET /att/{file_uid}' });
	return () => server.close();
}

const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');

describe('file: upload', () => {
	it.each<[BinaryMode, string, string]>([
		['memory', 'Prüfbericht – 請求書 "v2".pdf', 'application/pdf'],
		['filesystem', 'Prüfbericht – 請求書 "v2".pdf', 'application/pdf'],
		['filesystem', 'no-extension', 'application/vnd.acme+json'],
	])('from the input data (%s) keeps each byte, the name %s and the type %s', async (mode, fileName, mimeType) => {
		const content = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
		const item = await withBinary({ fileName, mimeType, content }, {}, mode);

		const [json] = jsonOf(await run(sandbox(), 'file.upload', {}, { items: [item], binaryMode: mode }));

		expect(json).toMatchObject({ filename: fileName, mimeType, size: 256, uploadedBy: 'kate.smith@acme.example' });
		expect(json?.downloadUrl).toContain(sandbox().filesOrigin);
		expect(sandbox().world.files.get(String(json?.fileUid))).toMatchObject({ filename: fileName, mimetype: mimeType, content });
	});

	it('takes another name and type where they are set', async () => {
		const item = await withBinary({ fileName: 'a.bin', content: 'Prices' });

		const [json] = jsonOf(await run(sandbox(), 'file.upload', { options: { filename: 'prices.csv', contentType: 'text/csv' } }, { items: [item] }));

		expect(json).toMatchObject({ filename: 'prices.csv', mimeType: 'text/csv' });
	});

	it('lets TimelinesAI fetch it from a URL', async () => {
		const [json] = jsonOf(await run(sandbox(), 'file.upload', { source: 'url', fileUrl: 'https://acme.com/brochure.pdf', options: { filename: 'offer.pdf' } }));

		expect(onlyRequest(sandbox(), 'POST /files').body).toEqual({ download_url: 'https://acme.com/brochure.pdf', filename: 'offer.pdf' });
		expect(json).toMatchObject({ filename: 'offer.pdf' });
	});

	it('says which limit a file is over', async () => {
		const item = await withBinary({ fileName: 'photo.png', mimeType: 'image/png', content: Buffer.alloc(17_000_000) });
		sandbox().faults.add({ kind: 'status', status: 413, body: { status: 'error', message: 'Payload is too large' }, match: 'POST /files' });

		const fromInput = await run(sandbox(), 'file.upload', {}, { items: [item] });
		const fromUrl = await run(sandbox(), 'file.upload', { source: 'url', fileUrl: 'https://acme.com/film.mp4' });

		expect([fromInput.error?.httpCode, fromUrl.error?.httpCode]).toEqual(['413', '413']);
		expect(fromInput.error?.description).toContain('“photo.png” (image/png, 17 MB) is over the limit: images, audio and video may have 16 MB.');
		expect(fromUrl.error?.description).toContain('at most 16 MB for images, audio and video, 100 MB for documents');
	});

	it('says why a share page of a cloud drive is no file', async () => {
		const { error } = await run(sandbox(), 'file.upload', { source: 'url', fileUrl: 'https://drive.google.com/file/d/1/view' });

		expect(error).toMatchObject({ httpCode: '400' });
		expect(error?.description).toContain('a direct link is needed');
	});
});

describe('file: download', () => {
	it.each<[BinaryMode]>([['memory'], ['filesystem']])('puts each byte into the output field (%s), without taking the token along', async (binaryMode) => {
		const content = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
		const file = sandbox().world.addFile({ filename: 'Fotos / 写真 №1.png', mimetype: 'image/png', content });

		const { items, error } = await run(sandbox(), 'file.download', { fileUid: by('uid', file.uid), outputDataFieldName: 'photo' }, { binaryMode });

		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({ fileUid: file.uid, filename: 'Fotos / 写真 №1.png', size: 100_000 });
		expect(await readBinary(items[0], 'photo')).toEqual({ content, fileName: 'Fotos / 写真 №1.png', mimeType: 'image/png' });
		expect(sandbox().downloads).toHaveLength(1);
		expect(sandbox().downloads[0]?.headers.authorization).toBeUndefined();
	});

	it('goes up and comes down unchanged', async () => {
		const content = Buffer.from('\u0000\u0001ÿ\r\n--boundary\r\n');
		const item = await withBinary({ fileName: 'Ünïcødé.bin', mimeType: 'application/x-acme', content });
		const [uploaded] = jsonOf(await run(sandbox(), 'file.upload', {}, { items: [item] }));

		const { items } = await run(sandbox(), 'file.download', { fileUid: by('uid', String(uploaded?.fileUid)) });

		const { content: back, ...words } = await readBinary(items[0]);
		expect(sha256(back)).toBe(sha256(content));
		expect(words).toEqual({ fileName: 'Ünïcødé.bin', mimeType: 'application/x-acme' });
	});

	it('asks for a new link when the one it got has expired', async () => {
		const { world, faults } = sandbox();
		const file = world.addFile({ content: 'Prices' });
		faults.add({ kind: 'status', status: 403, match: 'GET /att/{file_uid}', times: 1 });

		const { items } = await run(sandbox(), 'file.download', { fileUid: by('uid', file.uid) });

		expect((await readBinary(items[0])).content.toString()).toBe('Prices');
		expect(routes(sandbox())).toEqual(['GET /files/{file_uid}', 'GET /files/{file_uid}']);
	});

	it('follows a redirect of the link, again without the token', async () => {
		const authorizations: unknown[] = [];
		const file = sandbox().world.addFile();
		const close = await storedElsewhere((request, response) => {
			authorizations.push(request.headers.authorization);
			response.end('From the edge');
		});

		const { items, error } = await run(sandbox(), 'file.download', { fileUid: by('uid', file.uid) });
		close();

		expect(error).toBeUndefined();
		expect((await readBinary(items[0])).content.toString()).toBe('From the edge');
		expect(authorizations).toEqual([undefined]);
	});

	it.each<[BinaryMode]>([['memory'], ['filesystem']])('begins anew when the connection breaks off in the middle (%s)', async (binaryMode) => {
		const content = Buffer.alloc(500_000, 'Prices');
		const file = sandbox().world.addFile();
		let requests = 0;
		const close = await storedElsewhere((_request, response) => {
			response.writeHead(200, { 'content-length': content.length });
			if (++requests > 1) response.end(content);
			else response.write(content.subarray(0, 200_000), () => response.destroy());
		});

		const { items, error } = await run(sandbox(), 'file.download', { fileUid: by('uid', file.uid) }, { binaryMode });
		close();

		expect(error).toBeUndefined();
		expect(sha256((await readBinary(items[0])).content)).toBe(sha256(content));
		expect(requests).toBe(2);
	});

	it.each([
		['is gone', { kind: 'status', status: 404 } as const, '404', 'It may have been deleted in TimelinesAI'],
		['cannot be reached', { kind: 'resetBefore' } as const, null, 'Check that n8n can reach 127.0.0.1'],
	])('names the file, but not the link, when it %s', async (_, fault, httpCode, advice) => {
		const file = sandbox().world.addFile({ filename: 'price-list.pdf' });
		sandbox().faults.add({ ...fault, match: 'GET /att/{file_uid}' });

		const { error } = await run(sandbox(), 'file.download', { fileUid: by('uid', file.uid) });

		expect(error).toMatchObject({ message: 'The file “price-list.pdf” could not be downloaded', httpCode });
		expect(error?.description).toContain(advice);
		expect(JSON.stringify(error)).not.toContain('/att/');
		expect(sandbox().downloads).toHaveLength(3);
	});
});

describe('file: get, get many, delete', () => {
	it('gives the details with a fresh link', async () => {
		const file = sandbox().world.addFile({ filename: 'price-list.pdf', content: 'Prices' });

		const [json] = jsonOf(await run(sandbox(), 'file.get', { fileUid: by('uid', file.uid) }));

		expect(json).toEqual({
			fileUid: file.uid,
			filename: 'price-list.pdf',
			mimeType: 'application/pdf',
			size: 6,
			uploadedBy: 'kate.smith@acme.example',
			uploadedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/),
			downloadUrl: expect.stringContaining(sandbox().filesOrigin),
		});
	});

	it('lists files by a part of their name, up to a limit', async () => {
		const { world } = sandbox();
		for (const filename of ['a.pdf', 'b.PDF', 'c.png', 'd.pdf']) world.addFile({ filename });

		const all = jsonOf(await run(sandbox(), 'file.getAll', { returnAll: true, filters: { filename: '.pdf' } }));
		const two = jsonOf(await run(sandbox(), 'file.getAll', { limit: 2 }));

		expect(all.map(({ filename }) => filename)).toEqual(['a.pdf', 'b.PDF', 'd.pdf']);
		expect(two.map(({ filename }) => filename)).toEqual(['a.pdf', 'b.PDF']);
		expect(sandbox().requests.map(({ query }) => query)).toEqual([{ filename: '.pdf' }, {}]);
	});

	it('deletes a file', async () => {
		const file = sandbox().world.addFile();

		const [json] = jsonOf(await run(sandbox(), 'file.delete', { fileUid: by('uid', file.uid) }));

		expect(json).toEqual({ fileUid: file.uid, deleted: true });
		expect(sandbox().world.files.size).toBe(0);
	});

	it('is found in the list of the editor', async () => {
		const file = sandbox().world.addFile({ filename: 'price-list.pdf' });

		expect(await search(sandbox(), 'searchFiles', 'price')).toEqual({ results: [{ name: 'price-list.pdf (application/pdf)', value: file.uid }] });
	});
});

describe('refusals', () => {
	explainsRefusals(sandbox, [
		['file.get', 'GET /files/{file_uid}', noFile],
		['file.download', 'GET /files/{file_uid}', noFile],
		['file.delete', 'DELETE /files/{file_uid}', noFile],
		['file.getAll', 'GET /files'],
		['file.upload', 'POST /files', { source: 'url', fileUrl: 'https://acme.com/a.pdf' }],
	]);

	refusesBeforeAnyRequest(sandbox, [
		['file.get', { fileUid: by('uid', '={{ $json.nothing }}') }, 'No file is chosen'],
		['file.get', { fileUid: by('uid', '../workspace') }, /is not a valid file UID/],
		['file.download', { ...noFile, outputDataFieldName: '={{ $json.nothing }}' }, '“Output Data Field Name” is empty'],
		['file.upload', { source: 'url', fileUrl: 'brochure.pdf' }, '“brochure.pdf” is not a URL of a file'],
		['file.upload', { inputDataFieldName: 'photo' }, 'This item has no file in the input field “photo”'],
		['file.upload', { source: 'url', fileUrl: 'https://acme.com/a', options: { filename: 'x'.repeat(1025) } }, /has 1025 characters; at most 1024/],
		['file.getAll', { limit: 0 }, '“Limit” must be a whole number from 1'],
	]);
});
