/** What reached the sandbox, for tests to look at: every request, every download, every breach of the contract. */
import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type AddressInfo } from 'node:net';

/** A file that came in a multipart body; its bytes are in the world's files, where it was kept. */
export interface RecordedUpload {
	field: string;
	filename: string | undefined;
	mimetype: string;
	size: number;
	/** Hexadecimal. */
	sha256: string;
}

export interface RecordedRequest {
	/** 1 for the first request since the start or the last reset. */
	index: number;
	/** Milliseconds since 1970, real time. */
	at: number;
	method: string;
	/** As sent (still encoded), without the API root and the query. */
	path: string;
	/** `POST /chats/{chat_id}/labels`; undefined where the contract has no such endpoint. */
	route: string | undefined;
	query: Record<string, string>;
	headers: Record<string, string | string[] | undefined>;
	/** JSON as parsed, text as it came, a multipart body as `{ fields, file }`; undefined where there was none. */
	body: unknown;
	/** The status answered; undefined where the connection was dropped or left hanging. */
	status: number | undefined;
	/** Whether the request had its effect (a message queued, a label set, a list read), whatever was answered. */
	processed: boolean;
	/** The kind of fault that hit it. */
	fault: string | undefined;
}

export type BreachKind =
	| 'unknown_endpoint'
	| 'method_not_allowed'
	| 'path'
	| 'authorization'
	| 'unknown_field'
	| 'wrong_value'
	| 'nul_character'
	| 'body'
	| 'token_leaked'
	| 'sandbox_error';

/** A request that does not keep to the contract. The server still answers as the real one would. */
export interface Breach {
	kind: BreachKind;
	message: string;
	request: RecordedRequest;
}

/** Older requests are forgotten beyond this many, so that a sandbox can run for days. */
const KEPT = 100_000;

export class Recording {
	readonly requests: RecordedRequest[] = [];
	readonly downloads: RecordedRequest[] = [];
	readonly breaches: Breach[] = [];

	request(record: RecordedRequest): void {
		record.index = (this.requests.at(-1)?.index ?? 0) + 1;
		this.requests.push(record);
		if (this.requests.length > KEPT) this.requests.splice(0, KEPT / 10);
	}

	breach(request: RecordedRequest, kind: BreachKind, message: string): void {
		this.breaches.push({ kind, message: `${request.method} ${request.path}: ${message}`, request });
	}

	clear(): void {
		this.requests.length = 0;
		this.downloads.length = 0;
		this.breaches.length = 0;
	}
}

/** Begins the record of a request: what is known before its body is read. */
export function recordOf(request: FastifyRequest, pathAndQuery: string, route: string | undefined): RecordedRequest {
	const [path = '', query = ''] = split(pathAndQuery, '?');
	return {
		index: 0,
		at: Date.now(),
		method: request.method,
		path,
		route,
		query: Object.fromEntries(new URLSearchParams(query)),
		headers: { ...request.headers },
		body: undefined,
		status: undefined,
		processed: false,
		fault: undefined,
	};
}

/** Listens on loopback and gives the origin; port 0 takes a free one. */
export async function listen(server: FastifyInstance, port: number): Promise<string> {
	await server.listen({ host: '127.0.0.1', port });
	return `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
}

/** Splits at the first occurrence. */
function split(text: string, separator: string): [string, string] {
	const at = text.indexOf(separator);
	return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
