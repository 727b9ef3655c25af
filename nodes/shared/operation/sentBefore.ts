/**
 * What an execution has already sent. n8n's Retry On Fail runs a failed node again from its first item, and a failed execution can
 * be retried from the node that failed: what was sent then is not sent again, its answer is given instead.
 */
import { NodeOperationError, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';
import type { ApiRequest } from '../transport/api';
import { isOutcomeUnknown } from '../transport/errors';

/** One send: without `answer` it was begun, and nobody knows how it ended. */
type Entry = { endpoint: string; answer?: IDataObject };
/** By run index, item index and the send's place among the item's sends. */
type Record_ = { [runAndItem: string]: Entry[] };

/**
 * The record lives in the node's context, which n8n keeps with the execution: it survives attempts of the same execution and
 * nothing else.
 */
export class SentBefore {
	private readonly record: Record_;
	private readonly run: number;
	private readonly next = new Map<number, number>();

	constructor(private readonly functions: IExecuteFunctions) {
		const context = functions.getContext('node') as { sentBefore?: Record_ };
		this.record = context.sentBefore ??= {};
		this.run = Number(functions.getWorkflowDataProxy(0).$runIndex ?? 0);
	}

	/**
	 * Sends, unless an earlier attempt did: then gives its answer, without what is secret in it. A send that ended in the unknown
	 * is an error again, since repeating it could send it twice.
	 */
	async once(
		itemIndex: number,
		endpoint: string,
		send: () => Promise<IDataObject>,
		{ secrets = [], hints }: Pick<ApiRequest, 'secrets' | 'hints'> = {},
	): Promise<IDataObject> {
		const place = this.next.get(itemIndex) ?? 0;
		this.next.set(itemIndex, place + 1);
		const entries = (this.record[`${this.run}.${itemIndex}`] ??= []);
		const before = entries[place];
		if (before?.endpoint === endpoint) {
			if (before.answer) return before.answer;
			throw this.stillUnknown(endpoint, itemIndex, hints?.unknown);
		}
		const entry: Entry = { endpoint };
		entries.splice(place, Infinity, entry);
		try {
			const answer = await send();
			entry.answer = secrets.length === 0 ? answer : Object.fromEntries(Object.entries(answer).filter(([name]) => !secrets.includes(name)));
			return answer;
		} catch (error) {
			// Refused for good: the next attempt may try again.
			if (!isOutcomeUnknown(error) && !this.functions.getExecutionCancelSignal()?.aborted) entries.splice(place, 1);
			throw error as Error;
		}
	}

	/** The UIDs of the messages that an item has sent so far, in this attempt and before. */
	messagesOf(itemIndex: number): string[] {
		const entries = this.record[`${this.run}.${itemIndex}`] ?? [];
		const uids = entries.map(({ endpoint, answer }) => answer?.message_uid ?? (endpoint.startsWith('POST /files') ? undefined : answer?.uid));
		return uids.filter((uid) => uid !== undefined).map(String);
	}

	private stillUnknown(endpoint: string, itemIndex: number, hint?: string): NodeOperationError {
		const message = 'An earlier attempt of this execution may have sent this already';
		const check = hint ?? 'It was not repeated, because that could send it twice. Look into TimelinesAI, or read the chat with Message: Get Many.';
		const description = `It is unknown how ${endpoint} ended then. ${check} Then run the workflow anew for this item.`;
		const error = new NodeOperationError(this.functions.getNode(), message, { description, itemIndex });
		error.context.outcome = 'unknown';
		return error;
	}
}
