/** The panel of the polling trigger. */
import type { ILoadOptionsFunctions, INodeProperties, INodePropertyOptions, TriggerTime } from 'n8n-workflow';
import { collectionOf, shownFor } from '../shared/fields/common';
import { outputField } from '../shared/fields/output';
import { Parameters } from '../shared/operation/parameters';
import { budgetFor, changeKinds, fewestRequests } from './changes';
import { defaultMaxRequests } from './poll';
import { defaultHours, mostHours } from './watchers/messages';
import { defaultFailures } from './watchers/subscriptions';

const live = { loadOptionsMethod: 'getCost', loadOptionsDependsOn: ['events', 'options.maxRequests', 'pollTimes'] };
const summary = 'summary';

export const fields: INodeProperties[] = [
	{
		displayName: 'TimelinesAI does not report these changes by itself, so this node looks for them. For messages, calls, new chats and assignments use the TimelinesAI Trigger: it starts at once and costs no requests.',
		name: 'pollingNotice',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Trigger On',
		name: 'events',
		type: 'multiOptions',
		required: true,
		options: changeKinds.map(({ name, value, description }) => ({ name, value, description })),
		default: ['chat:closed'],
		description: 'The changes that start the workflow, in one run for all that a poll finds',
	},
	{
		displayName: 'Cost of a Poll',
		name: 'cost',
		type: 'options',
		noDataExpression: true,
		typeOptions: live,
		default: summary,
		description: 'How many requests a poll makes at most. Only for your information; Max Requests per Poll changes it.',
	},
	{
		displayName: 'Statuses',
		name: 'statuses',
		type: 'multiOptions',
		options: ['Delivered', 'Failed', 'Read', 'Sent'].map((value) => ({ name: value, value })),
		default: ['Delivered', 'Failed', 'Read', 'Sent'],
		description: 'The statuses that start the workflow. Many contacts never yield Read.',
		...shownFor('events', 'message:status:changed'),
	},
	{
		displayName: 'Messages of the Last Hours',
		name: 'hours',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: mostHours },
		default: defaultHours,
		description: `How long the status of a message is looked at after it was sent; at most ${mostHours} hours, and the newest 50 messages of each chat`,
		...shownFor('events', 'message:status:changed'),
	},
	outputField('What the API sent, in the field data'),
	collectionOf('options', [
		{
			displayName: 'Failures in a Row',
			name: 'failures',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: defaultFailures,
			description: 'From how many failed deliveries on a webhook counts as failing',
		},
		{
			displayName: 'Max Requests per Poll',
			name: 'maxRequests',
			type: 'number',
			typeOptions: { minValue: fewestRequests },
			default: defaultMaxRequests,
			description: 'One request reads 50 chats, or the messages of one chat. Where they are not enough for all, each poll goes on where the one before has stopped: nothing is missed, it is only found later.',
		},
	]),
];

export const loadOptions = {
	/** The most that a poll costs with the present settings, and what that makes in a month. Costs nothing itself. */
	async getCost(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
		const parameters = new Parameters((name) => this.getCurrentNodeParameter(name), { node: this.getNode() });
		const maxRequests = parameters.collection('options').integer('maxRequests', { min: fewestRequests }) ?? defaultMaxRequests;
		const { total, chatPages, histories } = budgetFor(parameters.list('events'), maxRequests);
		const polls = pollsPerMonth(this.getCurrentNodeParameter('pollTimes') as { item?: TriggerTime[] } | undefined);
		const monthly = polls === undefined ? '' : `; ${Math.round(polls * total).toLocaleString('en-US')} a month`;
		const shares = [chatPages > 0 ? `${chatPages * 50} chats` : '', histories > 0 ? `the messages of ${histories === 1 ? 'one chat' : `${histories} chats`}` : ''].filter(Boolean);
		return [
			{
				name: `At most ${total} ${total === 1 ? 'request' : 'requests'}${monthly}`,
				value: summary,
				description: [shares.length > 0 ? `A poll sees ${shares.join(' and ')}.` : '', 'A workspace has 200,000 requests a month.'].filter(Boolean).join(' '),
			},
		];
	},
};

/** How often n8n polls in a month of 30 days; unknown for a cron expression. */
function pollsPerMonth(times: { item?: TriggerTime[] } | undefined): number | undefined {
	const each = (times?.item ?? []).map((time) => {
		if (time.mode === 'custom') return NaN;
		if (time.mode === 'everyX') return (30 * 24 * (time.unit === 'minutes' ? 60 : 1)) / time.value;
		return { everyMinute: 30 * 24 * 60, everyHour: 30 * 24, everyDay: 30, everyWeek: 30 / 7, everyMonth: 1 }[time.mode];
	});
	const sum = each.reduce((all, one) => all + one, 0);
	return Number.isFinite(sum) ? sum : undefined;
}
