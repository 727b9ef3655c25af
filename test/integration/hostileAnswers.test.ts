/**
 * Whatever bytes come as an answer: the operation ends, with items or with a clean error; no secret is shown, none goes to
 * another host, and nothing else changes. Most answers are real ones of the sandbox that were spoiled on the way.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import * as fc from 'fast-check';
import { type IDataObject } from 'n8n-workflow';
import { withBinary } from '../harness';
import { startSandbox, type Sandbox } from '../sandbox';
import { type Case, cases, factor, runCase, seed, sensible, type Subject, subjects, watched } from './hostileKit';

let sandbox: Sandbox;
/** Between the node and the sandbox: spoils answers. */
let spoiler: Server;
/** Another host, to which no token may go. */
let stranger: Server;
const atStranger: IncomingMessage[] = [];

/** How an answer is spoiled. */
type Spoil =
	/** Parts of the real answer are replaced or left out. */
	| { kind: 'changed'; changes: Array<{ path: number[]; value: unknown }> }
	/** Another answer altogether, with the token of the request in it where it says so. */
	| { kind: 'replaced'; status: number; type: string | undefined; body: Buffer | string; quotesToken?: boolean }
	| { kind: 'redirected'; status: number }
	/** The body ends before its announced length, or never begins. */
	| { kind: 'cut'; at: number }
	/** What is no HTTP at all. */
	| { kind: 'garbage'; bytes: Buffer };

interface Run {
	subject: Subject;
	one: Case;
	/** For the first request, the second …; the last one for all that follow. */
	spoils: Spoil[];
}

/** The runs under way, by the number in the path of their base URL. */
const underWay = new Map<number, { run: Run; requests: number }>();
let runs = 0;

beforeAll(async () => {
	sandbox = await startSandbox({ chats: 'demo', speed: { sentMs: 0, deliveredMs: 0, readMs: 0 } });
	stranger = await listening((request, response) => {
		atStranger.push(request);
		response.end('stranger');
	});
	spoiler = await listening((request, response) => void serve(request, response).catch(() => request.socket.destroy()));
});
afterAll(async () => {
	for (const server of [spoiler, stranger]) {
		server.closeAllConnections();
		server.close();
	}
	await sandbox.close();
});

async function listening(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
	const server = createServer(handler);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return server;
}

const originOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
	const [, number = '', path = ''] = /^\/(\d+)(\/.*)$/.exec(request.url ?? '') ?? [];
	const entry = underWay.get(Number(number));
	if (!entry) throw new Error('Nobody waits for this answer any more');
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	const spoil = entry.run.spoils[Math.min(entry.requests++, entry.run.spoils.length - 1)] as Spoil;
	switch (spoil.kind) {
		case 'changed': {
			const { authorization = '', 'content-type': type = '', 'x-tl-partner-id': partner } = request.headers;
			const real = await fetch(sandbox.origin + path, {
				method: request.method,
				headers: { authorization, ...(type && { 'content-type': type }), ...(partner && { 'x-tl-partner-id': String(partner) }) },
				body: chunks.length > 0 ? Buffer.concat(chunks) : undefined,
			});
			const text = await real.text();
			response.writeHead(real.status, { 'content-type': 'application/json' });
			response.end(text.startsWith('{') ? JSON.stringify(changed(JSON.parse(text), spoil.changes)) : text);
			return;
		}
		case 'replaced': {
			const body = spoil.quotesToken ? `${String(spoil.body)} ${request.headers.authorization ?? ''}` : spoil.body;
			response.writeHead(spoil.status, spoil.type === undefined ? {} : { 'content-type': spoil.type });
			response.end(spoil.quotesToken && spoil.type?.includes('json') ? JSON.stringify({ status: 'error', message: body, errors: [{ fields: [body], msg: body }] }) : body);
			return;
		}
		case 'redirected':
			response.writeHead(spoil.status, { location: `${originOf(stranger)}${path}` });
			response.end();
			return;
		case 'cut':
			response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
			response.write('{"status": "ok", "data": {"chats": []}}'.slice(0, spoil.at));
			setImmediate(() => request.socket.destroy());
			return;
		case 'garbage':
			request.socket.end(spoil.bytes);
	}
}

/** Replaces the value at each path, whose numbers choose among the children there; `undefined` leaves it out. */
function changed(answer: unknown, changes: Array<{ path: number[]; value: unknown }>): unknown {
	const root = { answer } as Record<string, unknown>;
	for (const { path, value } of changes) {
		let [parent, key]: [Record<string, unknown>, string] = [root, 'answer'];
		for (const step of path) {
			const node = parent[key];
			if (typeof node !== 'object' || node === null) break;
			const keys = Object.keys(node);
			if (keys.length === 0) break;
			[parent, key] = [node as Record<string, unknown>, keys[step % keys.length] as string];
		}
		parent[key] = value;
	}
	return root.answer;
}

/** Values that an answer can hold in place of the right ones. Addresses lead to the other host only. */
const wrongValue: fc.Arbitrary<unknown> = fc.oneof(
	fc.constantFrom<unknown>(null, undefined, true, false, 0, -1, 1e308, 2 ** 60, '', ' ', 'x', 'x'.repeat(5000), '\0', '\ud800', '2026-13-45 99:99:99 +9999', 'Failed', 'error', '/a/b', '//', 'data:,x', 'file:///etc/passwd', [], {}, [[]], [null], ['x'], [{}], { name: {} }, { toString: 1 }),
	fc.constantFrom(...['{"__proto__":{"polluted":true}}', '{"constructor":{"prototype":{"polluted":true}}}', `${'['.repeat(300)}${']'.repeat(300)}`].map((json) => JSON.parse(json) as unknown)),
	fc.constant('STRANGER'),
	fc.jsonValue({ maxDepth: 3 }),
);

const statuses = [200, 200, 200, 201, 202, 204, 206, 300, 304, 400, 401, 402, 403, 404, 405, 408, 409, 413, 415, 418, 422, 500, 502, 503, 504, 599];
const types = [undefined, 'application/json', 'application/json; charset=utf-16', 'text/html', 'text/plain', 'application/octet-stream', 'nonsense', 'application/json;;;'];

const spoil: fc.Arbitrary<Spoil> = fc.oneof(
	{
		weight: 6,
		arbitrary: fc.record({
			kind: fc.constant('changed' as const),
			changes: fc.array(fc.record({ path: fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 5 }), value: wrongValue }), { maxLength: 3 }),
		}),
	},
	{
		weight: 3,
		arbitrary: fc.record({
			kind: fc.constant('replaced' as const),
			status: fc.constantFrom(...statuses),
			type: fc.constantFrom(...types),
			body: fc.oneof(
				fc.json({ maxDepth: 4 }),
				fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
				fc.constantFrom('', 'null', '[]', '{}', '{"status":"error"}', '{"status":"ok","data":null}', '{"status":"ok","data":[]}', '{"data":{"chats":{"length":3}}}', '<html></html>', '"', '{"a":1}{"b":2}', '\ufeff{"status":"ok"}'),
				fc.constantFrom(...['['.repeat(100_000), `${'['.repeat(50_000)}${']'.repeat(50_000)}`, `"${'x'.repeat(2_000_000)}"`]),
			),
		}),
	},
	{
		weight: 1,
		arbitrary: fc.record({ kind: fc.constant('replaced' as const), status: fc.constantFrom(200, 400, 401, 403, 500), type: fc.constantFrom('application/json', 'text/plain'), body: fc.constant('You sent'), quotesToken: fc.constant(true) }),
	},
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('redirected' as const), status: fc.constantFrom(301, 302, 303, 307, 308) }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const), at: fc.nat({ max: 40 }) }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('garbage' as const), bytes: fc.oneof(fc.constant(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n')), fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes))) }) },
);

it('every operation ends well, whatever is answered', async () => {
	sandbox.partner.addWorkspace({ id: 'acme', name: 'Acme', seats: 5 });
	const known = sensible(sandbox);
	const item = await withBinary({ fileName: 'voice.ogg', content: 'sound' });
	const elsewhere = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (_, one: unknown) => (one === 'STRANGER' ? `${originOf(stranger)}/file` : one)) ?? 'null');

	const runOne = async (run: Run): Promise<string | undefined> => {
		const number = ++runs;
		underWay.set(number, { run, requests: 0 });
		const credential = (name: string): IDataObject =>
			name === 'timelinesAiApi'
				? { apiToken: sandbox.token, baseUrl: sandbox.apiUrl.replace(sandbox.origin, `${originOf(spoiler)}/${number}`) }
				: { partnerId: sandbox.partner.id, partnerSecret: sandbox.partner.secret, baseUrl: sandbox.partnerApiUrl.replace(sandbox.origin, `${originOf(spoiler)}/${number}`) };
		try {
			await runCase(run.subject, run.one, credential, { items: [item] });
			return undefined;
		} catch (error) {
			return `${run.subject.title} with ${JSON.stringify(run.one.parameters)} answered by ${JSON.stringify(run.spoils)}:\n${String(error)}`.slice(0, 3000);
		} finally {
			underWay.delete(number);
		}
	};
	const each = subjects.map((subject) =>
		fc.record({
			subject: fc.constant(subject),
			one: cases(subject, known, 0),
			spoils: fc.array(spoil.map((one) => (one.kind === 'changed' ? { ...one, changes: one.changes.map(({ path, value }) => ({ path, value: elsewhere(value) })) } : one)), { minLength: 1, maxLength: 3 }),
		}),
	);
	const everyOperation = fc.array(fc.tuple(...each), { minLength: 4, maxLength: 4 });
	const rounds = fc.sample(everyOperation, { seed, numRuns: factor });

	for (const round of rounds) {
		const failures: string[] = [];
		const asked = await watched(async () => {
			failures.push(...(await Promise.all(round.flat().map(runOne))).filter((failure) => failure !== undefined));
		});
		expect(failures).toEqual([]);
		expect(atStranger.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
		expect(asked.filter(({ host }) => !host.startsWith('127.0.0.1:'))).toEqual([]);
		expect(asked.filter(({ host, authorized }) => authorized && `http://${host}` !== originOf(spoiler))).toEqual([]);
	}
}, 60_000 * factor);
