/** The API's ways of saying no. */

/** Each `error_code` of the specification with the HTTP status it comes with. */
export const statusOfCode = {
	missing_credentials: 401,
	invalid_token: 401,
	member_not_found: 403,
	permission_denied: 403,
	insufficient_scope: 403,
	plan_feature_unavailable: 403,
	quota_exceeded: 429,
	rate_limit_exceeded: 429,
	validation_error: 400,
	not_found: 404,
	not_supported: 405,
	account_inactive: 409,
	template_not_approved: 409,
	template_wrong_waba: 409,
	service_window_closed: 409,
	template_variables_mismatch: 422,
	internal_error: 500,
} as const;

export type ErrorCode = keyof typeof statusOfCode;

/** One finding about a field: `{"fields": ["text"], "msg": "String should have at most 2000 characters"}`. */
export interface FieldError {
	fields: string[];
	msg: string;
}

/** Thrown by a handler; the server answers with `{status: "error", message, error_code, errors?}`. */
export class ApiError extends Error {
	constructor(
		readonly code: ErrorCode,
		message: string,
		readonly errors?: FieldError[],
		readonly status: number = statusOfCode[code],
		readonly headers: Record<string, string> = {},
	) {
		super(message);
	}

	body(): object {
		return { status: 'error', message: this.message, error_code: this.code, ...(this.errors && { errors: this.errors }) };
	}
}

export const notFound = (what: string) => new ApiError('not_found', `${what} not found`);
export const invalid = (message: string, errors?: FieldError[]) => new ApiError('validation_error', message, errors);
export const tooLarge = (message = 'Payload is too large') => new ApiError('validation_error', message, undefined, 413);
