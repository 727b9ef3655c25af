/** Errors as people read them: what happened in the API's words, which field, what to do next. Never a token, never a header. */
import { NodeApiError, NodeError, type IDataObject, type INode, type JsonObject } from 'n8n-workflow';
import { shortened } from '../output/formats';
import type { Endpoint } from './endpoint';

/** What became of what failed. */
export type Outcome =
	/** Nothing has happened. */
	| 'notProcessed'
	/** Some messages are out, and what came after them failed: the next part of a long text, or reading the status. */
	| 'partlyProcessed'
	/** The message was processed, but WhatsApp did not take it. */
	| 'undelivered'
	/** It may have been processed all the same. */
	| 'unknown';

/** The facts of a failed request. */
export interface Problem {
	endpoint: Endpoint;
	outcome: Outcome;
	/** What happened, in one sentence, without a full stop. */
	message: string;
	/** The API's `error_code`, or our own name for what happened before an answer. */
	code?: string;
	/** Which fields the API complained about, and why. */
	fields?: string[];
	status?: number;
	/** What to do next, where the code does not say enough. */
	hint?: string;
}

/** Makes the error that n8n shows and stores. It keeps plain facts only, since n8n stores errors with the execution. */
export function apiError(node: INode, problem: Problem): NodeApiError {
	const { endpoint, outcome, status } = problem;
	const message = shortened(problem.message);
	const code = problem.code && shortened(problem.code, 80);
	const fields = (problem.fields ?? []).slice(0, 10).map((field) => shortened(field));
	const description = [...fields, problem.hint ?? nextStep(code, status), `(${[endpoint, status, code].filter(Boolean).join(', ')})`]
		.filter(Boolean)
		.join(' ');
	const error = new NodeApiError(node, { message } as JsonObject, {
		message,
		description,
		httpCode: status ? String(status) : undefined,
	});
	// NodeApiError derives a code from the message where it gets none; there is none before an answer.
	error.httpCode = status ? String(status) : null;
	error.context = { ...error.context, errorCode: code, outcome } as IDataObject;
	return error;
}

/** Whether a failed request may have been processed all the same, so that repeating it could do something twice. */
export const isOutcomeUnknown = (error: unknown): boolean =>
	error instanceof NodeError && error.context.outcome === 'unknown';

/** The API's `error_code` of an error made by {@link apiError}. */
export const errorCodeOf = (error: unknown): string | undefined =>
	error instanceof NodeApiError ? (error.context.errorCode as string | undefined) : undefined;

/** The HTTP status of an error made by {@link apiError}. */
export const statusOf = (error: unknown): number | undefined =>
	error instanceof NodeApiError && error.httpCode ? Number(error.httpCode) : undefined;

/**
 * Reads the body of a refusal in any of the shapes that were seen: the envelope with or without `error_code` and `errors`, the
 * rate limiter's `{error, message}`, the Partner API's `{error, status, description}` with a code and a number, plain text, HTML.
 */
export function readErrorBody(body: unknown): { message?: string; code?: string; fields: string[]; isEnvelope: boolean } {
	if (typeof body !== 'object' || body === null) {
		const text = typeof body === 'string' && !/<\w+[^>]*>/.test(body) ? body.trim().slice(0, 200) : undefined;
		return { message: text || undefined, fields: [], isEnvelope: false };
	}
	const { message, error, error_code: code, errors, status, description } = body as IDataObject;
	const partnerCode = typeof status === 'number' ? firstText(error) : undefined;
	return {
		message: firstText(message, description) ?? (partnerCode ? inWords(partnerCode) : firstText(error)),
		code: firstText(code) ?? partnerCode,
		fields: Array.isArray(errors) ? errors.map(describeField).filter((text) => text !== '') : [],
		isEnvelope: true,
	};
}

function describeField(entry: unknown): string {
	if (typeof entry !== 'object' || entry === null) return typeof entry === 'string' ? `${entry}.` : '';
	const { fields, msg } = entry as IDataObject;
	const names = Array.isArray(fields) ? fields.join(', ') : String(fields ?? '');
	return [names, msg].filter(Boolean).join(': ').replace(/([^.])$/, '$1.');
}

/** `workspace_not_found` as a sentence: Workspace not found. */
const inWords = (code: string): string => code.charAt(0).toUpperCase() + code.slice(1).replace(/_/g, ' ');

const firstText = (...values: unknown[]): string | undefined =>
	values.find((value): value is string => typeof value === 'string' && value !== '');

/** What a user does about it, by the API's `error_code`, else by the HTTP status. A file that is too large has no code of its own. */
function nextStep(code: string | undefined, status: number | undefined): string {
	return (status === 413 ? undefined : stepsByCode[code ?? '']) ?? stepsByStatus[status ?? 0] ?? ((status ?? 0) >= 500 ? stepOnServerError : '');
}

const checkToken = 'Check the API token in the credential: copy it again from TimelinesAI under Integrations, Public API. A regenerated token ends the old one at once.';
const stepOnServerError = 'TimelinesAI has a problem at the moment. Try again in some minutes.';

const stepsByCode: Record<string, string | undefined> = {
	missing_credentials: checkToken,
	invalid_token: checkToken,
	member_not_found: 'The teammate that the API token belongs to is no longer in the workspace. Ask an active teammate for a token.',
	permission_denied: 'The teammate that the API token belongs to has no right to do this. Ask an admin of the workspace for the right or for another token.',
	insufficient_scope: 'The API token does not cover this. Create a token with the scope that is needed.',
	plan_feature_unavailable: 'The plan of this workspace does not include this. See the plan in TimelinesAI under Settings, Billing.',
	quota_exceeded: 'The quota of the workspace is used up; repeating does not help until it is renewed. The operation Workspace: Get shows what is left.',
	rate_limit_exceeded: 'The API kept refusing because of its rate limit. Process fewer items at a time, or add a Wait node.',
	validation_error: 'Correct the value of that field.',
	not_found: 'Check the ID: it may have been deleted, or it belongs to another workspace than the API token.',
	not_supported: 'This WhatsApp account cannot do that.',
	account_inactive: 'The WhatsApp account is not connected. Reconnect it in TimelinesAI.',
	template_not_approved: 'Choose a template that Meta has approved.',
	template_wrong_waba: 'Choose a template of the WhatsApp Business account that sends the message.',
	service_window_closed: 'More than 24 hours have passed since the contact last wrote. Only an approved template goes through now: set Content to Template.',
	template_variables_mismatch: 'Fill in exactly the variables that the template has.',
	unreachable: 'Check the Base URL in the credential and the network connection of n8n.',
	invalidCertificate: 'Check the Base URL in the credential. If n8n is behind a proxy that inspects traffic, its certificate must be known to n8n.',
	unreadable: 'Check the Base URL in the credential: its answer is not one of the API.',
	throttled: 'Process fewer items at a time, or add a Wait node.',
};

const stepsByStatus: Record<number, string | undefined> = {
	401: checkToken,
	403: 'The API token has no right to do this, or the plan of the workspace does not include the Public API.',
	404: 'Check the ID, and the Base URL in the credential.',
	405: 'This cannot be done here.',
	413: 'The file is too large: at most 16 MB for images, audio and video, 100 MB for documents.',
	429: 'Process fewer items at a time, or add a Wait node.',
};
