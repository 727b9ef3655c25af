/** Waits until a message that was queued has reached a status, has failed, or time is up: the options for it, and the waiting. */
import { NodeApiError, type IDataObject, type INodeProperties } from 'n8n-workflow';
import type { Item } from '../../../shared/operation/item';
import type { Parameters } from '../../../shared/operation/parameters';
import { isObject } from '../../../shared/output/simplify';
import { statusOf, type Outcome } from '../../../shared/transport/errors';
import { pause } from '../../../shared/transport/pause';

/** Where the status of a message of a linked number is read. */
export const oneMessage = 'GET /messages/{message_uid}';

/** What one can wait for, in the order in which a message gets there. */
const milestones = ['sent', 'delivered', 'read'] as const;
type Milestone = (typeof milestones)[number];

/** For the collection of options of an operation that sends. */
export const waitOptions: INodeProperties[] = [
	{
		displayName: 'Wait Until',
		name: 'waitUntil',
		type: 'options',
		options: [
			{ name: 'Delivered', value: 'delivered' },
			{ name: 'Do Not Wait', value: 'no' },
			{ name: 'Read', value: 'read', description: 'Many contacts hide it: then the time limit ends the wait' },
			{ name: 'Sent', value: 'sent' },
		],
		default: 'delivered',
		description: 'What to wait for before the workflow goes on. A message that fails is an error then.',
	},
	{
		displayName: 'Wait at Most (Seconds)',
		name: 'waitLimit',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 3600 },
		default: 60,
		description: 'The time limit of Wait Until, between 1 and 3,600 seconds. After it the workflow goes on with the status so far.',
	},
];

/** Until when the user wants to wait. */
export interface Wait {
	until: Milestone | 'no';
	limitMs: number;
}

export const waitOf = (options: Parameters): Wait => ({
	until: options.choice('waitUntil', ['no', ...milestones]),
	limitMs: (options.integer('waitLimit', { min: 1, max: 3600 }) ?? 60) * 1000,
});

const firstPollMs = 500;
const slowestPollMs = 5_000;

/**
 * Polls the message at `endpoint` until its status is the milestone or a later one. Gives its last status, capitalised as the API
 * writes it, and whether the milestone was reached in time; nothing where the user does not want to wait.
 *
 * @throws NodeOperationError when the message has failed, with the reason where the API gives one
 */
export async function waitForStatus(
	item: Item,
	endpoint: string,
	messageUid: string,
	{ until, limitMs }: Wait,
): Promise<{ status?: string; reached?: boolean }> {
	if (until === 'no') return {};
	const end = Date.now() + limitMs;
	for (let wait = firstPollMs, status = 'Sending'; ; wait = Math.min(wait * 1.5, slowestPollMs)) {
		const left = end - Date.now();
		if (left <= 0) return { status, reached: false };
		await pause(Math.min(wait, left), item.api.signal);
		const message = await read(item, endpoint, messageUid);
		status = String(message?.status ?? status);
		if (status.toLowerCase() === 'failed') throw failed(item, messageUid, message?.failure_reason);
		if (rank(status) >= rank(until)) return { status, reached: true };
	}
}

/** A message that was just queued may not be found for a moment. */
async function read(item: Item, endpoint: string, messageUid: string): Promise<IDataObject | undefined> {
	try {
		return await item.call(endpoint, { ids: { message_uid: messageUid } });
	} catch (error) {
		if (error instanceof NodeApiError && statusOf(error) === 404) return undefined;
		throw error as Error;
	}
}

const rank = (status: string): number => milestones.indexOf(status.toLowerCase() as Milestone);

function failed(item: Item, messageUid: string, reason: unknown): Error {
	const { title, details } = isObject(reason) ? reason : {};
	const why = [title, details].filter(Boolean).join(': ');
	const error = item.error(
		`WhatsApp did not take the message${why ? `: ${why}` : ''}`,
		`Message ${messageUid} failed. Check that the number uses WhatsApp and that the sending account is connected. The credit is given back later.`,
	);
	error.context.outcome = 'undelivered' satisfies Outcome;
	return error;
}
