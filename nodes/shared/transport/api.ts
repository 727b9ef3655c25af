/** The one door to the API: address, authentication, envelope, repetition, pause and errors of every request. */
import {
	NodeOperationError,
	type IAllExecuteFunctions,
	type IDataObject,
	type IHttpRequestOptions,
	type IN8nHttpFullResponse,
} from 'n8n-workflow';
import { isObject } from '../output/simplify';
import { isAnswerOf } from './answers';
import { resolveEndpoint, type Endpoint, type Ids } from './endpoint';
import { apiError, readErrorBody, type Problem } from './errors';
import { Gate, type CancelSignal } from './pause';
import { executionPatience, retryAfterMs, waitBeforeRetry, type Effect, type Failure, type Patience } from './retry';

/** What a request carries besides its endpoint. Only what is set is sent. */
export interface ApiRequest {
	ids?: Ids;
	/** Query parameters; lists become one comma-separated value, as the API wants them. */
	query?: IDataObject;
	body?: IDataObject;
	/** In place of `body`: makes a multipart form anew for each attempt, since a stream can be sent only once. */
	form?: () => Promise<Form>;
	/** What repeating it would do. Default: `read` for GET, else `write`. */
	effect?: Effect;
	/** What to do next, where this endpoint knows better than the general advice. */
	hints?: Hints;
	/** Top-level fields of the answer to a send that are not kept with the execution for its retries. */
	secrets?: string[];
}

/** What to do next, by the API's error code or the HTTP status; by `unknown` how to find out whether a send was carried out. */
export type Hints = Record<string, string | undefined>;

/** A multipart form as a stream, with the headers that announce its boundary and length: `Content-Type`, `Content-Length`. */
export interface Form {
	headers: Record<string, string>;
	content: IHttpRequestOptions['body'];
}

/** The functions that n8n gives to a node, a hook, a webhook, a poll or the editor, as far as requests need them. */
export type ApiFunctions = Pick<IAllExecuteFunctions, 'getNode' | 'getCredentials' | 'helpers'> & {
	getExecutionCancelSignal?: () => CancelSignal;
};

const requestTimeoutMs = 30_000;
/** What is shorter is no token, and hiding it would spoil ordinary words. */
const shortestSecret = 8;
/** What an upload gets in addition: the time that its bytes take on a slow line, 200 kB a second. */
const uploadBytesPerMs = 200;

/**
 * Requests to TimelinesAI for one execution. All of them share one {@link Gate}: when one has to
 * wait, for the rate limit or because TimelinesAI is in trouble, all wait.
 */
export class Api {
	private readonly gate = new Gate();
	private rootUrl: Promise<string> | undefined;

	constructor(
		private readonly functions: ApiFunctions,
		private readonly credential: string,
		private readonly patience: Patience = executionPatience,
		/** For an API that is not the Public API, whose codes the general advice is about. */
		private readonly hints: Hints = {},
	) {}

	/** Ends waits and requests when the execution is cancelled. */
	get signal(): CancelSignal {
		return this.functions.getExecutionCancelSignal?.();
	}

	/** The root of the API, as the credential has it, without a trailing slash. */
	async root(): Promise<string> {
		this.rootUrl ??= this.readRoot();
		return await this.rootUrl;
	}

	/** Scheme and host of the API: what relative URLs in its answers refer to. */
	async origin(): Promise<string> {
		return new URL(await this.root()).origin;
	}

	/**
	 * Calls an endpoint, for example `call('PATCH /chats/{chat_id}', { ids: { chat_id: 7 }, body: { closed: true } })`, and gives
	 * the `data` of its answer, or the whole body where there is none.
	 *
	 * @throws NodeApiError with `context.outcome`: `unknown` where a request that must not be repeated may have been processed
	 */
	async call(endpoint: Endpoint, request: ApiRequest = {}): Promise<IDataObject> {
		const options = await this.optionsOf(endpoint, request);
		const effect = request.effect ?? (options.method === 'GET' ? 'read' : 'write');
		const progress = { attempt: 1, rateLimited: 1, waitedMs: 0 };
		let processedBefore = false;
		for (;;) {
			await this.gate.pass(this.signal);
			if (request.form) {
				const { headers, content } = await request.form();
				options.headers = { ...headers };
				options.body = content;
				options.timeout = requestTimeoutMs + Math.ceil(Number(headers['Content-Length']) / uploadBytesPerMs);
			}
			const answer = await this.attempt(endpoint, options);
			if ('data' in answer) return answer.data;
			// A deletion whose first answer was lost is done when the second finds nothing.
			if (processedBefore && options.method === 'DELETE' && answer.problem.status === 404) return {};

			const wait = waitBeforeRetry(answer.failure, effect, progress, this.patience);
			if (wait === undefined) throw apiError(this.functions.getNode(), await this.withoutSecrets(this.judge(answer, effect, request.hints)));

			if (answer.failure.kind === 'rateLimited') progress.rateLimited++;
			else progress.attempt++;
			processedBefore ||= answer.failure.kind === 'unclear';
			progress.waitedMs += wait;
			this.gate.close(wait);
		}
	}

	private async optionsOf(endpoint: Endpoint, { ids, query, body }: ApiRequest): Promise<IHttpRequestOptions> {
		let resolved;
		try {
			resolved = resolveEndpoint(endpoint, ids);
		} catch (error) {
			throw new NodeOperationError(this.functions.getNode(), (error as Error).message, {
				description: 'Take the ID from the output of another TimelinesAI node, or choose it from the list.',
			});
		}
		return {
			method: resolved.method,
			url: `${await this.root()}${resolved.path}`,
			qs: query && queryOf(query),
			body,
			headers: body ? { 'Content-Type': 'application/json' } : {},
			timeout: requestTimeoutMs,
			json: true,
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			// The API does not redirect, and a token must not follow a redirect to another host.
			disableFollowRedirect: true,
		};
	}

	private async attempt(endpoint: Endpoint, options: IHttpRequestOptions): Promise<Answer> {
		let response: IN8nHttpFullResponse;
		try {
			response = (await this.functions.helpers.httpRequestWithAuthentication.call(
				this.functions as IAllExecuteFunctions,
				this.credential,
				// n8n adds the token to the options that it is given; ours stay as they are for the next attempt.
				{ ...options, headers: { ...options.headers } },
			)) as IN8nHttpFullResponse;
		} catch (error) {
			this.signal?.throwIfAborted();
			return failedWithoutAnswer(endpoint, error);
		}
		return readAnswer(endpoint, response);
	}

	/** Adds what to do next. A send whose end nobody knows says so, and how to find out. */
	private judge({ problem, failure }: Failed, effect: Effect, ofEndpoint: Hints = {}): Problem {
		const { code = '', status = '' } = problem;
		const hints = { ...this.hints, ...ofEndpoint };
		if (failure.kind !== 'unclear' || effect !== 'send') return { ...problem, hint: hints[code] ?? hints[status] };
		return {
			...problem,
			outcome: 'unknown',
			message: `${problem.message}: it is unknown whether this was carried out`,
			hint: hints.unknown ?? 'It was not repeated, because that could send it twice. Look into TimelinesAI, or read the chat with Message: Get Many, before you send it again.',
		};
	}

	/** What the API, or something in front of it, says can quote the token. */
	private async withoutSecrets(problem: Problem): Promise<Problem> {
		const { baseUrl: _, ...credential } = await this.functions.getCredentials<IDataObject>(this.credential);
		const secrets = Object.values(credential).filter((value): value is string => typeof value === 'string' && value.length >= shortestSecret);
		const hide = (text: string) => secrets.reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
		const { message, code, fields } = problem;
		return { ...problem, message: hide(message), code: code && hide(code), fields: fields?.map(hide) };
	}

	private async readRoot(): Promise<string> {
		const { baseUrl } = await this.functions.getCredentials<{ baseUrl?: string }>(this.credential);
		const root = String(baseUrl ?? '').trim().replace(/\/+$/, '');
		if (!URL.canParse(root) || !/^https?:/.test(root)) {
			throw new NodeOperationError(this.functions.getNode(), 'The Base URL in the credential is not a URL', {
				description: 'It starts with https://. The usual one is in the form of a new credential.',
			});
		}
		return root;
	}
}

type Failed = { failure: Failure; problem: Problem };
type Answer = { data: IDataObject } | Failed;

function readAnswer(endpoint: Endpoint, { statusCode: status, body, headers }: IN8nHttpFullResponse): Answer {
	const text = readErrorBody(body);
	const failed = (failure: Failure, problem: Partial<Problem> = {}): Failed => ({
		failure,
		problem: {
			endpoint,
			outcome: 'notProcessed',
			message: (text.message ?? `TimelinesAI answered with HTTP ${status}`).replace(/\.$/, ''),
			code: text.code,
			fields: text.fields,
			status,
			...problem,
		},
	});

	if (status === 429) {
		if (text.code === 'quota_exceeded') return failed({ kind: 'refused' });
		const wait = retryAfterMs(headers['retry-after'], Date.now());
		return failed({ kind: 'rateLimited', retryAfterMs: wait }, { code: text.code ?? 'rate_limit_exceeded' });
	}
	// A 403 that is not the API's own comes from the CDN in front of it, which throttles bursts.
	if (status === 403 && !text.isEnvelope) {
		return failed({ kind: 'notReached' }, { code: 'throttled', message: 'The network in front of TimelinesAI refused the request (HTTP 403)' });
	}
	if (status >= 500 || status === 408) return failed({ kind: 'unclear' });
	if (status >= 400) return failed({ kind: 'refused' });
	if (status >= 300) {
		return failed({ kind: 'refused' }, { code: 'unreadable', message: `The Base URL redirects to another address (HTTP ${status})` });
	}
	const { status: word, data } = isObject(body) ? body : {};
	// A failure can arrive as HTTP 200.
	if (word === 'error') return failed({ kind: 'refused' });
	// Some endpoints answer with nothing, and the Partner API has no envelope.
	const content = isEmpty(body) ? {} : (data ?? body);
	if (typeof content === 'object' && isAnswerOf(endpoint, content)) return { data: content as IDataObject };
	return failed({ kind: 'unclear' }, { code: 'unreadable', message: 'The answer is not in the form of the TimelinesAI API' });
}

const isEmpty = (body: unknown): boolean => body === undefined || body === null || body === '';

/** Codes of connections that never came about: nothing was sent. */
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

function failedWithoutAnswer(endpoint: Endpoint, error: unknown): Failed {
	const { code = '', message = '' } = causeOf(error);
	const failed = (failure: Failure, problem: Pick<Problem, 'message' | 'code'>): Failed => ({
		failure,
		problem: { endpoint, outcome: 'notProcessed', ...problem },
	});
	if (neverSent.has(code)) return failed({ kind: 'notReached' }, { code: 'unreachable', message: 'TimelinesAI cannot be reached' });
	if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_/.test(code)) {
		return failed({ kind: 'refused' }, { code: 'invalidCertificate', message: 'The certificate of the Base URL is not valid' });
	}
	if (code === 'ETIMEDOUT' || code === 'ECONNABORTED') {
		return failed({ kind: 'unclear' }, { code: 'timedOut', message: 'TimelinesAI did not answer in time' });
	}
	if (code !== '' && code !== 'ERR_INVALID_URL') {
		return failed({ kind: 'unclear' }, { code: 'connectionLost', message: 'The connection to TimelinesAI broke off' });
	}
	// No code of a connection: n8n itself refused, for example because of the credential or its protection against inner addresses.
	return failed({ kind: 'refused' }, { message: message || 'n8n did not make the request' });
}

/** n8n wraps what axios threw once or twice; the code of the connection is at the bottom. */
function causeOf(error: unknown): { code?: string; message?: string } {
	let found = error as { code?: unknown; cause?: unknown; message?: string };
	while (typeof found?.code !== 'string' && found?.cause) found = found.cause as typeof found;
	return { code: typeof found?.code === 'string' ? found.code : undefined, message: found?.message };
}

function queryOf(query: IDataObject): IDataObject {
	const set = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
	return Object.fromEntries(set.map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]));
}
