/** Temporary download links: they live for 15 minutes, on another host than the API, and want no token. */
import fastify, { type FastifyInstance } from 'fastify';
import { Readable } from 'node:stream';
import { type FaultInjector } from './faults';
import { listen, recordOf, type Recording } from './recording';
import { type StoredFile, type World, generatedBytes } from './world';

const LIFETIME = 15 * 60_000;

/** Gives a link to a stored file. */
export interface StoredContentUrls {
	temporaryUrl(file: StoredFile): string;
}

export class FileHost implements StoredContentUrls {
	/** `http://127.0.0.1:PORT`, another origin than the API's. */
	origin = '';
	private readonly server: FastifyInstance = fastify({ logger: false, forceCloseConnections: true });
	private count = 0;

	/** @param world gives the current world, which a reset replaces. */
	constructor(
		private readonly world: () => World,
		private readonly recording: Recording,
		private readonly faults: FaultInjector,
	) {
		this.server.get('/att/:uid/:expires/:filename', (request, reply) => {
			const record = recordOf(request, request.url, 'GET /att/{file_uid}');
			this.recording.downloads.push(record);
			if (request.headers.authorization !== undefined) {
				this.recording.breach(record, 'token_leaked', 'The Authorization header was sent to the host of the temporary links');
			}
			return this.faults.around(record, request, reply, async () => {
				const { uid, expires } = request.params as Record<'uid' | 'expires', string>;
				const file = this.world().files.get(uid);
				if (!file || Number.parseInt(expires, 36) < this.world().clock.now()) {
					return { status: 403, type: 'application/xml', body: '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>' };
				}
				const body = file.content ?? Readable.from(generatedBytes(file.uid, file.size));
				const name = encodeURIComponent(file.filename);
				return {
					status: 200,
					type: file.mimetype,
					body,
					headers: { 'content-length': String(file.size), 'content-disposition': `attachment; filename*=UTF-8''${name}` },
				};
			});
		});
	}

	/** A new link each time it is asked. */
	temporaryUrl(file: StoredFile): string {
		const expires = (this.world().clock.now() + LIFETIME).toString(36);
		return `${this.origin}/att/${file.uid}/${expires}/${encodeURIComponent(file.filename)}?n=${++this.count}`;
	}

	async start(): Promise<void> {
		this.origin = await listen(this.server, 0);
	}

	async close(): Promise<void> {
		await this.server.close();
	}
}
