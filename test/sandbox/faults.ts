/** Misbehaviour on demand: which requests meet a fault, and what each fault does to the answer. */
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, type ErrorCode } from './errors';
import { seededRandom } from './random';
import { type RecordedRequest } from './recording';

/** What the server is about to say. An object is sent as JSON. */
export interface Answer {
	status: number;
	body?: object | string | Buffer | Readable;
	type?: string;
	headers?: Record<string, string>;
}

/** What a fault does. Where `process` is given and true, the request has its effect before it fails. */
export type FaultKind =
	/** Answers with this status; the body defaults to an empty one. */
	| { kind: 'status'; status: number; body?: object | string; headers?: Record<string, string>; process?: boolean }
	/** 429, not processed. `retryAfter`: a number of seconds, or any text verbatim (an HTTP date, say); none: no header. */
	| { kind: 'rateLimited'; retryAfter?: number | string; shape?: 'envelope' | 'alternative' }
	/** 429 `quota_exceeded`, not processed. */
	| { kind: 'quotaExceeded' }
	/** Resets the connection before anything is done. */
	| { kind: 'resetBefore' }
	/** Does what was asked, then resets the connection in place of an answer. */
	| { kind: 'resetAfter' }
	/** Answers normally, this much later. */
	| { kind: 'slow'; ms: number }
	/** Never answers. */
	| { kind: 'timeout'; process?: boolean }
	/** A page of HTML; 502 where no status is given. */
	| { kind: 'html'; status?: number; process?: boolean }
	/** Does what was asked, then sends 200 with the first half of the JSON. */
	| { kind: 'truncatedJson' }
	/** HTTP 200 with `status: "error"`, not processed. */
	| { kind: 'errorWith200'; message?: string; errorCode?: ErrorCode }
	/** 302 to another address, not processed. */
	| { kind: 'redirect'; location: string };

export type Fault = FaultKind & {
	/** `POST /messages` (a route or an exact path), a pattern for `METHOD /path`, or any test. None: every request. */
	match?: string | RegExp | ((request: RecordedRequest) => boolean);
	/** How many requests it hits before it is spent; none: all. */
	times?: number;
	/** Lets so many matching requests pass first. */
	after?: number;
	/** From 0 to 1; drawn from the injector's seeded generator. */
	probability?: number;
};

interface Planned {
	fault: Fault;
	toPass: number;
	left: number;
}

export class FaultInjector {
	private planned: Planned[] = [];
	private random = seededRandom(1);

	/** Plans a fault; where several match a request, the one planned first hits it. */
	add(fault: Fault): void {
		this.planned.push({ fault, toPass: fault.after ?? 0, left: fault.times ?? Infinity });
	}

	/** Starts the generator behind `probability` anew. */
	seed(seed: number): void {
		this.random = seededRandom(seed);
	}

	clear(): void {
		this.planned = [];
	}

	/** Answers a request: with what `process` gives, or with the fault that is planned for it. */
	async around(record: RecordedRequest, request: FastifyRequest, reply: FastifyReply, process: () => Promise<Answer>): Promise<FastifyReply> {
		const fault = this.take(record);
		record.fault = fault?.kind;
		if (fault?.kind === 'slow') await sleep(fault.ms, undefined, { ref: false });
		const processes = !fault || fault.kind === 'slow' || fault.kind === 'resetAfter' || fault.kind === 'truncatedJson' || ('process' in fault && fault.process);
		const normal = processes ? await process() : undefined;
		if (!normal) request.raw.resume();
		const answer = fault ? faulty(fault, normal) : normal;
		if (answer === 'hang') return reply.hijack();
		if (answer === undefined) {
			reply.hijack();
			request.raw.socket.resetAndDestroy();
			return reply;
		}
		return answerWith(record, reply, answer);
	}

	private take(record: RecordedRequest): Fault | undefined {
		for (const planned of this.planned) {
			const { fault } = planned;
			if (planned.left <= 0 || !matches(fault.match, record)) continue;
			if (planned.toPass > 0) {
				planned.toPass--;
				continue;
			}
			if (fault.probability !== undefined && this.random() >= fault.probability) continue;
			planned.left--;
			return fault;
		}
		return undefined;
	}
}

/** Sends an answer, and notes its status. */
export function answerWith(record: RecordedRequest, reply: FastifyReply, answer: Answer): FastifyReply {
	record.status = answer.status;
	void reply.code(answer.status).headers(answer.headers ?? {});
	if (answer.type) void reply.type(answer.type);
	return reply.send(answer.body ?? '');
}

export const htmlPage = (status: number, title: string): Answer => ({
	status,
	type: 'text/html; charset=utf-8',
	body: `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`,
});

/** The answer to a 429 `rate_limit_exceeded`, in one of its two shapes. */
export function rateLimited(retryAfter: number | string | undefined, shape: 'envelope' | 'alternative' = 'envelope'): Answer {
	const message = 'Rate limit exceeded, try again later';
	return {
		status: 429,
		headers: retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) },
		body: shape === 'envelope' ? new ApiError('rate_limit_exceeded', message).body() : { error: 'Too Many Requests', message },
	};
}

/** What is answered; undefined: the connection is reset. */
function faulty(fault: FaultKind, normal: Answer | undefined): Answer | 'hang' | undefined {
	switch (fault.kind) {
		case 'status':
			return { status: fault.status, body: fault.body ?? '', headers: fault.headers ?? {} };
		case 'rateLimited':
			return rateLimited(fault.retryAfter, fault.shape);
		case 'quotaExceeded':
			return { status: 429, body: new ApiError('quota_exceeded', 'Message sending quota exceeded').body() };
		case 'resetBefore':
		case 'resetAfter':
			return undefined;
		case 'slow':
			return normal;
		case 'timeout':
			return 'hang';
		case 'html':
			return htmlPage(fault.status ?? 502, fault.status === 200 ? 'TimelinesAI' : '502 Bad Gateway');
		case 'truncatedJson': {
			const json = JSON.stringify(normal?.body ?? {});
			return { status: 200, type: 'application/json', body: json.slice(0, Math.ceil(json.length / 2)) };
		}
		case 'errorWith200':
			return { status: 200, body: { status: 'error', message: fault.message ?? 'Something went wrong', ...(fault.errorCode && { error_code: fault.errorCode }) } };
		case 'redirect':
			return { status: 302, headers: { location: fault.location } };
	}
}

function matches(match: Fault['match'], record: RecordedRequest): boolean {
	if (match === undefined) return true;
	if (typeof match === 'function') return match(record);
	const asked = `${record.method} ${record.path}`;
	return match instanceof RegExp ? match.test(asked) : match === record.route || match === asked;
}
