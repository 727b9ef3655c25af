import type { IDataObject } from 'n8n-workflow';
import { collectionOf } from '../../../shared/fields/common';
import type { Item } from '../../../shared/operation/item';
import type { Operation } from '../../../shared/operation/types';
import { isObject } from '../../../shared/output/simplify';
import type { Ids } from '../../../shared/transport/endpoint';
import { pause } from '../../../shared/transport/pause';
import { idsOf } from '../makers';
import { anAccount } from './account';

const request = `POST ${anAccount.path}/analytics`;
const poll = `GET ${anAccount.path}/analytics/{handle_id}`;

const dimensions = ['COUNTRY', 'PRICING_CATEGORY', 'PRICING_TYPE'];

const firstPollMs = 500;
const slowestPollMs = 5_000;

export const getAnalytics: Operation = {
	value: 'getAnalytics',
	name: 'Get Analytics',
	action: 'Get the analytics of a WABA account',
	description: 'Get how many messages a WABA account sent and delivered a day, and how Meta priced them',
	endpoints: [request, poll],
	// TimelinesAI only computes figures, and once for requests that are the same.
	effect: 'read',
	fields: [
		anAccount.field,
		{
			displayName: 'Start',
			name: 'start',
			type: 'dateTime',
			required: true,
			default: '',
			description: 'From when on; at most 365 days back',
		},
		{
			displayName: 'End',
			name: 'end',
			type: 'dateTime',
			default: '',
			description: 'Until when. Empty is now.',
		},
		collectionOf('options', [
			{
				displayName: 'Dimensions',
				name: 'dimensions',
				type: 'multiOptions',
				options: [
					{ name: 'Country', value: 'COUNTRY' },
					{ name: 'Pricing Category', value: 'PRICING_CATEGORY' },
					{ name: 'Pricing Type', value: 'PRICING_TYPE' },
				],
				default: [],
				description: 'How to break down the pricing figures',
			},
			{
				displayName: 'Wait at Most (Seconds)',
				name: 'waitLimit',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 3600 },
				default: 60,
				description: 'TimelinesAI computes the figures for a while. After this time it is an error.',
			},
		]),
	],
	async execute(item) {
		const body = rangeOf(item);
		const options = item.collection('options');
		const chosen = options.list('dimensions').map((dimension) => dimension.toUpperCase());
		const unknown = chosen.find((dimension) => !dimensions.includes(dimension));
		if (unknown !== undefined) throw item.error(`“${unknown}” is not a dimension`, `Use ${dimensions.join(', ')}.`);
		const limitMs = (options.integer('waitLimit', { min: 1, max: 3600 }) ?? 60) * 1000;

		const ids = await idsOf(item, anAccount);
		const accepted = await item.call(request, { ids, body: { ...body, dimensions: chosen.join(',') || undefined } });
		const result = await ready(item, ids, accepted, limitMs);
		return { wabaAccountId: Number(ids.account_id), ...result };
	},
};

/** The range as the API takes it: UNIX seconds. */
function rangeOf(item: Item): { start: number; end: number } {
	const start = secondsOf(item, 'start');
	const end = secondsOf(item, 'end') ?? Math.floor(Date.now() / 1000);
	if (start === undefined) throw item.error('“Start” is empty', 'Give the first day, for example 2026-05-01.');
	if (start >= end) throw item.error('“Start” is not before “End”', 'Give an earlier start or a later end.');
	return { start, end };
}

function secondsOf(item: Item, name: string): number | undefined {
	const moment = item.moment(name);
	return moment === undefined ? undefined : Math.floor(Date.parse(moment) / 1000);
}

/** Polls until the figures are there. */
async function ready(item: Item, ids: Ids, accepted: IDataObject, limitMs: number): Promise<IDataObject> {
	const end = Date.now() + limitMs;
	for (let answer = accepted, wait = firstPollMs; ; wait = Math.min(wait * 1.5, slowestPollMs)) {
		if (answer.state === 'ready') return (answer.result ?? {}) as IDataObject;
		if (answer.state === 'error') {
			const { code, message } = isObject(answer.error) ? answer.error : {};
			throw item.error(`The analytics failed: ${String(message ?? 'no reason was given')}`, code === undefined ? undefined : `Meta’s error code is ${String(code)}.`);
		}
		const left = end - Date.now();
		if (left <= 0) {
			throw item.error(
				`The analytics were not ready within ${limitMs / 1000} s`,
				'TimelinesAI goes on computing: run the node again with the same range, or raise the option Wait at Most.',
			);
		}
		await pause(Math.min(wait, left), item.api.signal);
		answer = await item.call(poll, { ids: { ...ids, handle_id: String(accepted.handle) } });
	}
}
