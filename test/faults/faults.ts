/** Everything that can go wrong with a request, for both sends and reads. */
import { type Fault } from '../sandbox';

const page = '<html><body>upstream</body></html>';
const crash = { status: 'error', message: 'Internal error', error_code: 'internal_error' };

/** The answer is lost or useless; with `process` and after `resetAfter` and `truncatedJson` the API did what was asked all the same. */
export const brokenAnswers: Fault[] = [
	{ kind: 'resetBefore' },
	{ kind: 'resetAfter' },
	{ kind: 'status', status: 500, body: crash },
	{ kind: 'status', status: 500, body: crash, process: true },
	{ kind: 'status', status: 502, body: page, process: true },
	{ kind: 'status', status: 503 },
	{ kind: 'status', status: 504, process: true },
	{ kind: 'status', status: 408, process: true },
	{ kind: 'status', status: 200, process: true },
	{ kind: 'status', status: 200, body: { status: 'ok' }, process: true },
	{ kind: 'status', status: 200, body: { status: 'ok', data: {} }, process: true },
	{ kind: 'html' },
	{ kind: 'html', status: 200, process: true },
	{ kind: 'truncatedJson' },
];

/** The API, or the network in front of it, wants the request later. */
export const delays: Fault[] = [
	{ kind: 'rateLimited', retryAfter: 0 },
	{ kind: 'rateLimited', retryAfter: '0.05', shape: 'alternative' },
	{ kind: 'rateLimited', retryAfter: new Date(0).toUTCString() },
	{ kind: 'rateLimited' },
	{ kind: 'html', status: 403 },
	{ kind: 'slow', ms: 50 },
];

/** The API says no, for good. */
export const refusals: Fault[] = [
	{ kind: 'status', status: 400, body: { status: 'error', message: 'Validation failed', error_code: 'validation_error', errors: [{ fields: ['text'], msg: 'is too rude' }] } },
	{ kind: 'quotaExceeded' },
	{ kind: 'errorWith200' },
];

/** No answer at all. These take the whole time-out of a request, so an execution meets one of each at most. */
export const silence: Fault[] = [
	{ kind: 'timeout', times: 1 },
	{ kind: 'timeout', process: true, times: 1 },
];
