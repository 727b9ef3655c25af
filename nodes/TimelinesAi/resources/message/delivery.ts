/** Waits until a message that was queued has reached a status, has failed, or time is up. */
import { NodeApiError, type IDataObject } from 'n8n-workflow';
import type { Item } from '../../../shared/operation/item';
import { isObject } from '../../../shared/output/simplify';
import { statusOf } from '../../../shared/transport/errors';
import { pause } from '../../../shared/transport/pause';

/** What one can wait for, in the order in which a message gets there. */
export const milestones = ['sent', 'delivered', 'read'] as const;
export type Milestone = (typeof milestones)[number];

const firstPollMs = 500;
const slowestPollMs = 5_000;

/**
 * Polls the message at `endpoint` until its status is the milestone or a later one. Gives its last status, capitalised as the API
 * writes it, and whether the milestone was reached within `limitMs`.
 *
 * @throws NodeOperationError when the message has failed, with the reason where the API gives one
 */
export async function waitForStatus(
	item: Item,
	endpoint: string,
	messageUid: string,
	milestone: Milestone,
	limitMs: number,
): Promise<{ status: string; reached: boolean }> {
	const end = Date.now() + limitMs;
	for (let wait = firstPollMs, status = 'Sending'; ; wait = Math.min(wait * 1.5, slowestPollMs)) {
		const left = end - Date.now();
		if (left <= 0) return { status, reached: false };
		await pause(Math.min(wait, left), item.api.signal);
		const message = await read(item, endpoint, messageUid);
		status = String(message?.status ?? status);
		if (status.toLowerCase() === 'failed') throw failed(item, messageUid, message?.failure_reason);
		if (rank(status) >= rank(milestone)) return { status, reached: true };
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
	return item.error(
		`WhatsApp did not take the message${why ? `: ${why}` : ''}`,
		`Message ${messageUid} failed. Check that the number uses WhatsApp and that the sending account is connected. The credit is given back later.`,
	);
}
