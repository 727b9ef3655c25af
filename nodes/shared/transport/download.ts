/**
 * Files behind temporary links, as a stream into n8n's binary data, so that memory does not grow with the file. The links lead to
 * another host than the API and live for 15 minutes: they are asked for afresh, and the token never goes there.
 */
import type { IBinaryData, IExecuteFunctions, IN8nHttpFullResponse } from 'n8n-workflow';
import { apiError } from './errors';
import { pause, type CancelSignal } from './pause';
import { waitBeforeRetry, type Patience } from './retry';

/** What to download. */
export interface TemporaryFile {
	url: string;
	/** The name that the file gets, exactly. */
	filename: string;
	/** Its MIME type; where it is not given, what the host says. */
	mimetype?: string;
}

const patience: Patience = { attempts: 3, totalWaitMs: 30_000 };
/** Until the host begins to answer. */
const timeoutMs = 60_000;

/**
 * Downloads a file. After a failure it asks `find` again, since the link may have expired, and tries anew, three times at most.
 *
 * @param find gives the file with a link that is valid now
 * @param signal ends the download when the execution is cancelled
 * @throws NodeApiError which names the file and the host, but not the link: whoever has that has the file
 */
export async function download(functions: IExecuteFunctions, find: () => Promise<TemporaryFile>, signal?: CancelSignal): Promise<IBinaryData> {
	for (let attempt = 1, waitedMs = 0; ; attempt++) {
		const file = await find();
		const end = await attemptDownload(functions, file, signal);
		if ('data' in end) return end;

		signal?.throwIfAborted();
		const wait = waitBeforeRetry({ kind: 'unclear' }, 'read', { attempt, rateLimited: 0, waitedMs }, patience);
		if (wait === undefined) throw failed(functions, file, end.status);
		waitedMs += wait;
		await pause(wait, signal);
	}
}

/** Gives the stored file, or the status where the host refused; no status where the connection failed. */
async function attemptDownload(functions: IExecuteFunctions, { url, filename, mimetype }: TemporaryFile, signal: CancelSignal): Promise<IBinaryData | { status?: number }> {
	const { httpRequest, prepareBinaryData } = functions.helpers;
	try {
		const { statusCode, body } = (await httpRequest({
			method: 'GET',
			url,
			encoding: 'stream',
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			timeout: timeoutMs,
			abortSignal: signal,
		})) as IN8nHttpFullResponse;
		const stream = body as unknown as Parameters<typeof prepareBinaryData>[0] & { destroy(): void };
		if (statusCode !== 200) {
			stream.destroy();
			return { status: statusCode };
		}
		const { directory: _, ...data } = await prepareBinaryData(stream, filename, mimetype);
		// n8n takes a name for a path and cuts it at slashes.
		return { ...data, fileName: filename };
	} catch {
		return {};
	}
}

function failed(functions: IExecuteFunctions, { url, filename }: TemporaryFile, status?: number) {
	const host = URL.canParse(url) ? new URL(url).host : 'another host';
	return apiError(functions.getNode(), {
		endpoint: `download from ${host}`,
		outcome: 'notProcessed',
		message: `The file “${filename}” could not be downloaded`,
		code: 'downloadFailed',
		status,
		hint: status
			? 'It may have been deleted in TimelinesAI.'
			: `Check that n8n can reach ${host}, where TimelinesAI keeps its files.`,
	});
}
