/** One real HTTP exchange between a caller and a webhook, with the request and the response in the shape that Express gives them. */
import { parseIncomingMessage } from '@n8n/backend-network';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request as httpRequest, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { parse as parseForm } from 'node:querystring';
import { jsonParse, UserError } from 'n8n-workflow';

export interface OutgoingRequest {
	method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
	/** Path and query. */
	path: string;
	headers?: Record<string, string>;
	body?: string | Buffer;
}

/** What the caller saw. Without `ended` it is still waiting for an answer, and there is no status. */
export interface Answer {
	ended: boolean;
	status: number | undefined;
	headers: IncomingHttpHeaders;
	/** Parsed when it is JSON, text otherwise. */
	body: unknown;
}

/** The parts of Express's request that webhooks of nodes use. */
export interface WebhookRequest extends IncomingMessage {
	body?: unknown;
	query: Record<string, string | string[]>;
	params: Record<string, string>;
	path: string;
	originalUrl: string;
	ip?: string;
	protocol: string;
	hostname: string;
	get(name: string): string | undefined;
	header(name: string): string | undefined;
}

/** The parts of Express's response that webhooks of nodes use. */
export interface WebhookResponse extends ServerResponse<IncomingMessage> {
	status(code: number): this;
	sendStatus(code: number): this;
	set(name: string | Record<string, string>, value?: string): this;
	header(name: string | Record<string, string>, value?: string): this;
	type(contentType: string): this;
	send(body?: unknown): this;
	json(body: unknown): this;
	redirect(location: string): void;
	redirect(status: number, location: string): void;
}

export type Handler<T> = (request: WebhookRequest, response: WebhookResponse) => Promise<T>;

/** How long a response may stay open after its handler has returned before the caller is taken to hang. */
const HANG_AFTER_MS = 300;

/** Serves the handler on a free loopback port. */
export async function serve(handler: Handler<unknown>): Promise<{ server: Server; port: number; close: () => Promise<void> }> {
	const server = createServer((request, response) => void handler(asExpressRequest(request), asExpressResponse(request, response)));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		server,
		port: (server.address() as AddressInfo).port,
		close: async () => {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** Sends one request to the handler and gives both what the caller saw and what the handler returned. */
export async function exchange<T>(handler: Handler<T>, outgoing: OutgoingRequest): Promise<{ answer: Answer; outcome: T }> {
	let finish: (outcome: Promise<T>) => void;
	const handled = new Promise<T>((resolve) => (finish = resolve));
	const { port, close } = await serve(async (request, response) => {
		const running = handler(request, response);
		finish(running);
		await running.catch(() => {});
		await closed(response);
		if (!response.writableFinished) response.destroy();
	});
	try {
		const [answer, outcome] = await Promise.all([call(port, outgoing), handled]);
		return { answer, outcome };
	} finally {
		await close();
	}
}

/** Reads the body and parses it by its content type, as n8n does before it calls `webhook()`. Rejects on a malformed body. */
export async function parseBody(request: WebhookRequest): Promise<void> {
	await request.readRawBody();
	const { rawBody, contentType, encoding } = request;
	if (!rawBody?.length) return;
	const text = rawBody.toString(encoding).replace(/^\uFEFF/, '');
	if (contentType === 'application/json') request.body = jsonParse(text);
	else if (contentType === 'application/x-www-form-urlencoded') request.body = parseForm(text, undefined, undefined, { maxKeys: 1000 });
	else if (contentType === 'text/plain') request.body = text;
	else if (contentType?.startsWith('multipart/')) throw new UserError('The harness does not parse multipart bodies');
}

async function closed(response: ServerResponse): Promise<void> {
	if (response.writableFinished) return;
	await new Promise<void>((resolve) => {
		const timer = setTimeout(resolve, HANG_AFTER_MS);
		response.once('close', () => {
			clearTimeout(timer);
			resolve();
		});
	});
}

async function call(port: number, { method = 'POST', path, headers, body }: OutgoingRequest): Promise<Answer> {
	return await new Promise((resolve, reject) => {
		const request = httpRequest({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
			const chunks: Buffer[] = [];
			response.on('data', (chunk: Buffer) => chunks.push(chunk));
			response.on('error', reject);
			response.on('end', () => {
				const text = Buffer.concat(chunks).toString();
				const isJson = response.headers['content-type']?.startsWith('application/json') && text !== '';
				resolve({ ended: true, status: response.statusCode, headers: response.headers, body: isJson ? JSON.parse(text) : text });
			});
		});
		request.on('error', (error: NodeJS.ErrnoException) => {
			if (error.code === 'ECONNRESET') resolve({ ended: false, status: undefined, headers: {}, body: '' });
			else reject(error);
		});
		request.end(body);
	});
}

function asExpressRequest(message: IncomingMessage): WebhookRequest {
	parseIncomingMessage(message);
	const url = new URL(message.url ?? '/', 'http://127.0.0.1');
	const header = (name: string) => message.headers[name.toLowerCase()]?.toString();
	const query: WebhookRequest['query'] = {};
	for (const key of url.searchParams.keys()) {
		const values = url.searchParams.getAll(key);
		query[key] = values.length > 1 ? values : values[0]!;
	}
	const request = Object.assign(message, {
		query,
		params: {},
		path: url.pathname,
		originalUrl: message.url ?? '/',
		ip: message.socket.remoteAddress,
		protocol: 'http',
		hostname: header('host')?.split(':')[0] ?? '',
		get: header,
		header,
		readRawBody: async () => {
			if (request.rawBody) return;
			const chunks: Buffer[] = [];
			for await (const chunk of message) chunks.push(chunk as Buffer);
			request.rawBody = Buffer.concat(chunks);
		},
	}) as WebhookRequest;
	return request;
}

function asExpressResponse(request: IncomingMessage, plain: ServerResponse<IncomingMessage>): WebhookResponse {
	const set = (name: string | Record<string, string>, value = '') => {
		for (const [key, content] of Object.entries(typeof name === 'string' ? { [name]: value } : name)) response.setHeader(key, content);
		return response;
	};
	const response: WebhookResponse = Object.assign(plain, {
		req: request,
		locals: {},
		set,
		header: set,
		status: (code: number) => {
			response.statusCode = code;
			return response;
		},
		sendStatus: (code: number) => response.status(code).send(String(code)),
		type: (contentType: string) => set('Content-Type', contentType),
		json: (body: unknown) => {
			if (!response.hasHeader('Content-Type')) set('Content-Type', 'application/json; charset=utf-8');
			return response.end(JSON.stringify(body));
		},
		send: (body?: unknown) => {
			if (typeof body === 'string' || Buffer.isBuffer(body) || body === undefined) {
				if (!response.hasHeader('Content-Type') && typeof body === 'string') set('Content-Type', 'text/html; charset=utf-8');
				return response.end(body);
			}
			return response.json(body);
		},
		redirect: (first: number | string, second?: string) => {
			response.status(typeof first === 'number' ? first : 302);
			set('Location', second ?? String(first)).end();
		},
	});
	return response;
}
