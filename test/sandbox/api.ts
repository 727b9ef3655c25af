/**
 * The way of one request through an API: recorded, paced, routed, authorised, checked against the contract, handled, answered.
 * The Public and the Partner API are both made of it, each with its own contract, handlers and form of errors.
 */
import { type MultipartFile } from '@fastify/multipart';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type z } from 'zod';
import { type Call, type EndpointSpec, type Found, type Upload, router } from './contract';
import { ApiError, type FieldError, invalid } from './errors';
import { type Answer, answerWith, type FaultInjector, htmlPage, rateLimited } from './faults';
import { type Limiter } from './limiter';
import { type BreachKind, type RecordedRequest, type Recording, recordOf } from './recording';

/** A handler's result that is not simply the `data` of a 200. */
export class Reply {
	constructor(readonly answer: Answer) {}
}

export interface ApiDefinition<Context> {
	/** `/integrations/api` */
	root: string;
	contract: Record<string, EndpointSpec>;
	/** By endpoint; what one gives becomes the answer by `wrap`, unless it is a `Reply`. */
	handlers: Record<string, (call: Call<never, never>, context: Context) => unknown>;
	/** What handlers work on. */
	context(): Context;
	/** Throws one of the API's errors for a request that may not pass; reports what is wrong with the form of its credentials. */
	authorize(request: FastifyRequest, route: string, breach: (message: string) => void): void;
	wrap(result: unknown): Answer;
	/** How an error of this API, or one of the contract check, is answered; undefined for any other error. */
	fail(error: unknown): Answer | undefined;
}

export interface Machinery {
	recording: Recording;
	faults: FaultInjector;
	limiter: () => Limiter | undefined;
	/** Milliseconds that every answer takes at least. */
	latencyMs: () => number;
	/** Bigger uploads are counted and hashed, but not kept. */
	keepUploadBytes: number;
	/** Something may have changed. */
	changed(): void;
}

type Report = (kind: BreachKind, message: string) => void;

/** Serves an API below its root. The server needs @fastify/multipart and bodies as buffers. */
export function serveApi<Context>(server: FastifyInstance, api: ApiDefinition<Context>, machinery: Machinery): void {
	const find = router(api.contract);
	const { recording, faults } = machinery;

	const serve = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
		const pathAndQuery = request.url.slice(api.root.length);
		const found = find(request.method, pathAndQuery.replace(/\?.*$/s, ''));
		const record = recordOf(request, pathAndQuery, found && 'route' in found ? found.route : undefined);
		if (Buffer.isBuffer(request.body)) record.body = readable(request.body, request.headers['content-type']);
		recording.request(record);
		const report: Report = (kind, message) => recording.breach(record, kind, message);

		const turn = machinery.limiter()?.admit();
		if (turn && 'retryAfter' in turn) {
			request.raw.resume();
			return answerWith(record, reply, rateLimited(turn.retryAfter));
		}
		const wait = (turn?.waitMs ?? 0) + machinery.latencyMs();
		if (wait > 0) await sleep(wait, undefined, { ref: false });
		return faults.around(record, request, reply, () => answer(request, record, found, report));
	};

	const answer = async (request: FastifyRequest, record: RecordedRequest, found: Found, report: Report): Promise<Answer> => {
		if (!found) {
			report('unknown_endpoint', record.path.endsWith('/') ? 'there is no path with a trailing slash' : 'there is no such endpoint');
			return htmlPage(404, 'Not Found');
		}
		try {
			if ('allowed' in found) {
				report('method_not_allowed', `only ${found.allowed.join(', ')} exist here`);
				throw new ApiError('not_supported', `Method "${record.method}" not allowed.`, undefined, 405, { allow: found.allowed.join(', ') });
			}
			api.authorize(request, found.route, (message) => report('authorization', message));
			const call = await read(request, record, found, api.contract[found.route] ?? {}, report);
			const result = await api.handlers[found.route]?.(call as Call<never, never>, api.context());
			record.processed = true;
			machinery.changed();
			return result instanceof Reply ? result.answer : api.wrap(result);
		} catch (error) {
			const failure = api.fail(error);
			if (!failure) report('sandbox_error', error instanceof Error ? (error.stack ?? error.message) : String(error));
			return failure ?? { status: 500, body: new ApiError('internal_error', 'Internal server error').body() };
		}
	};

	/** Reads and checks what came with the request: each breach is reported, and what the real API refuses is thrown. */
	const read = async (
		request: FastifyRequest,
		record: RecordedRequest,
		found: { route: string; params: Record<string, string> },
		spec: EndpointSpec,
		report: Report,
	): Promise<Call> => {
		if (Object.values(found.params).some(hasNul)) {
			report('nul_character', 'in the path');
			throw invalid('The NUL character is not allowed');
		}
		const query = checkQuery(request, record, spec, report);
		const call: Call = { params: found.params, query, body: undefined, rawQuery: record.query, upload: undefined, route: found.route };
		if (request.isMultipart() && spec.upload) {
			const { fields, file } = await readMultipart(request, machinery.keepUploadBytes);
			record.body = { fields, ...(file && { file: { field: file.field, filename: file.filename, mimetype: file.mimetype, size: file.size, sha256: file.sha256 } }) };
			call.body = check(fields, spec.upload, 'body', spec.closed === true, report);
			if (file?.field !== 'file') {
				report('body', 'there is no part named "file"');
				throw invalid('Validation error', [{ fields: ['file'], msg: 'Field required' }]);
			}
			call.upload = file;
			return call;
		}
		call.body = checkBody(request, record, spec, report);
		return call;
	};

	server.all(api.root, serve);
	server.all(`${api.root}/*`, serve);
}

/** The query, checked: unknown and empty parameters are breaches and ignored, wrong values are refused. */
function checkQuery(request: FastifyRequest, record: RecordedRequest, spec: EndpointSpec, report: Report): unknown {
	const parameters = new URLSearchParams(request.url.split('?').slice(1).join('?'));
	const given: Record<string, string> = {};
	for (const [name, value] of parameters) {
		if (value === '') report('wrong_value', `query parameter "${name}" is empty: what is not set is not sent`);
		else if (name in given) report('wrong_value', `query parameter "${name}" is there twice: several values are separated by commas`);
		else given[name] = value;
	}
	if (!spec.query) {
		for (const name of Object.keys(record.query)) report('unknown_field', `query parameter "${name}" is unknown`);
		return {};
	}
	return check(given, spec.query, 'query', false, report);
}

function checkBody(request: FastifyRequest, record: RecordedRequest, spec: EndpointSpec, report: Report): unknown {
	const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
	const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
	if (!spec.body && !spec.upload) {
		if (raw.length > 0 || request.isMultipart()) report('body', 'this endpoint takes no body');
		return {};
	}
	if (spec.body && raw.length === 0 && spec.bodyOptional) return spec.body.parse({});
	if (spec.body && spec.textBody && type === 'text/plain') {
		record.body = raw.toString('utf8');
		return check({ [spec.textBody]: record.body }, spec.body, 'body', false, report);
	}
	if (!spec.body || type !== 'application/json') {
		report('body', `the content type is ${type ?? 'missing'}, and should be ${spec.body ? 'application/json' : 'multipart/form-data'}`);
		throw invalid('Unsupported content type');
	}
	const body = record.body;
	if (typeof body !== 'object' || body === null || Array.isArray(body)) {
		report('body', 'the body is not a JSON object');
		throw invalid('Request body should be a valid JSON object');
	}
	return check(body as Record<string, unknown>, spec.body, 'body', spec.closed === true, report);
}

/** Checks an object by its schema. Unknown members are breaches; they are ignored, as the real API does, unless it is closed. */
function check(given: Record<string, unknown>, schema: z.AnyZodObject, place: 'query' | 'body', closed: boolean, report: Report): unknown {
	const errors: FieldError[] = [];
	const known: Record<string, unknown> = {};
	for (const [name, value] of Object.entries(given)) {
		if (name in schema.shape) {
			known[name] = value;
		} else {
			report('unknown_field', `${place} field "${name}" is unknown`);
			if (closed) errors.push({ fields: [name], msg: 'Extra inputs are not permitted' });
		}
	}
	if (hasNul(known)) {
		report('nul_character', `in the ${place}`);
		errors.push({ fields: Object.keys(known).filter((name) => hasNul(known[name])), msg: 'String should not contain NUL characters' });
	}
	const parsed = schema.safeParse(known);
	for (const issue of parsed.error?.issues ?? []) {
		report('wrong_value', `${place} field "${issue.path.join('.')}": ${issue.message}`);
		errors.push({ fields: issue.path.map(String), msg: issue.message });
	}
	if (errors.length > 0) throw invalid('Validation error', errors);
	return parsed.data;
}

function hasNul(value: unknown): boolean {
	if (typeof value === 'string') return value.includes('\0');
	return typeof value === 'object' && value !== null && Object.values(value).some(hasNul);
}

/** A body as the record shows it: JSON parsed where it can be, otherwise text; undefined where there is none. */
function readable(raw: Buffer, type: string | undefined): unknown {
	if (raw.length === 0) return undefined;
	const text = raw.toString('utf8');
	if (!type?.includes('json')) return text;
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text;
	}
}

/** Streams a multipart body through: fields are collected, the file is counted, hashed and kept where it is small. */
export async function readMultipart(request: FastifyRequest, keepBytes: number): Promise<{ fields: Record<string, unknown>; file: Upload | undefined }> {
	const fields: Record<string, unknown> = {};
	let file: Upload | undefined;
	try {
		for await (const part of request.parts({ limits: { fileSize: Infinity, files: 2 } })) {
			if (part.type === 'field') fields[part.fieldname] = part.value;
			else file = await consume(part, keepBytes);
		}
	} catch (error) {
		throw invalid(`Malformed multipart body: ${error instanceof Error ? error.message : String(error)}`);
	}
	return { fields, file };
}

async function consume(part: MultipartFile, keepBytes: number): Promise<Upload> {
	const hash = createHash('sha256');
	let kept: Buffer[] | undefined = [];
	let size = 0;
	for await (const chunk of part.file as AsyncIterable<Buffer>) {
		hash.update(chunk);
		size += chunk.length;
		if (size > keepBytes) kept = undefined;
		kept?.push(chunk);
	}
	const content = kept && Buffer.concat(kept);
	return { field: part.fieldname, filename: part.filename, mimetype: part.mimetype, size, sha256: hash.digest('hex'), content };
}
