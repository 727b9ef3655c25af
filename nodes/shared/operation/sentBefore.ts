/**
 * What an execution has already sent. n8n's Retry On Fail runs a failed node again from its first item, and a failed execution can
 * be retried from the node that failed: what was sent then is not sent again, its answer is given instead.
 */
import { NodeOperationError, type IDataObject, type IExecuteFunctions } from 'n8n-workflow';
import type { ApiRequest } from '../transport/api';
import { isOutcomeUnknown, type Outcome } from '../transport/errors';
import { isToolCall } from './toolCall';

/** One send: without `answer` it was begun, and nobody knows how it ended. `check`: how to find out, where this send knows better. */
type Entry = { endpoint: string; answer?: IDataObject; check?: string };
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
		// A tool call has no further attempt, and its run index can be that of another one.
		this.record = isToolCall(functions) ? {} : (context.sentBefore ??= {});
		this.run = Number(functions.getWorkflowDataProxy(0).$runIndex ?? 0);
	}

	/** Throws where an earlier attempt began a send for the item and nobody knows how it ended: repeating it could send it twice. */
	check(itemIndex: number): void {
		const unknown = this.entriesOf(itemIndex).find(({ answer }) => !answer);
		if (!unknown) return;
		const check = unknown.check ?? 'It was not repeated, because that could send it twice. Look into TimelinesAI, or read the chat with Message: Get Many.';
		const description = `It is unknown how ${unknown.endpoint} ended then. ${check} Then run the workflow anew for this item.`;
		throw this.refusal(itemIndex, 'An earlier attempt of this execution may have sent this already', description, 'unknown');
	}

	/**
	 * Sends, unless an earlier attempt did: then gives its answer, without what is secret in it. Where the workflow was changed
	 * between the attempts and this is another send than the one that was made, it is an error.
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
		if (before?.answer && before.endpoint === endpoint) return before.answer;
		if (before) {
			const description = `It was ${before.endpoint} then and is ${endpoint} now. To send it anew, run the workflow anew for this item.`;
			throw this.refusal(itemIndex, 'An earlier attempt of this execution has sent this already, in another way', description);
		}
		const entry: Entry = { endpoint, ...(hints?.unknown && { check: hints.unknown }) };
		entries[place] = entry;
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
		const uids = this.entriesOf(itemIndex).map(({ endpoint, answer }) => answer?.message_uid ?? (endpoint.startsWith('POST /files') ? undefined : answer?.uid));
		return uids.filter((uid) => uid !== undefined).map(String);
	}

	private refusal(itemIndex: number, message: string, description: string, outcome?: Outcome): NodeOperationError {
		const error = new NodeOperationError(this.functions.getNode(), message, { description, itemIndex });
		error.context.outcome = outcome;
		return error;
	}

	private entriesOf(itemIndex: number): Entry[] {
		return this.record[`${this.run}.${itemIndex}`] ?? [];
	}
}
