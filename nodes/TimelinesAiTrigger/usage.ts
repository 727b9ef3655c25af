/** What the panel shows about subscriptions: how many the chosen events take, how many the workspace uses, and for what. */
import type { IDataObject, ILoadOptionsFunctions, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { Api } from '../shared/transport/api';
import { interactivePatience } from '../shared/transport/retry';
import { withoutQuery } from '../shared/trigger/secret';
import { allSubscriptions, defaultLimit } from './subscriptions';

const summary = 'summary';
const live = { loadOptionsMethod: 'getSubscriptionUsage', loadOptionsDependsOn: ['events'] };

/** A list to look at: closed it shows the figures, opened who holds the subscriptions. What is chosen in it has no effect. */
export const usageField: INodeProperties = {
	displayName: 'Subscriptions',
	name: 'subscriptions',
	type: 'options',
	noDataExpression: true,
	typeOptions: live,
	default: summary,
	description: 'How many webhook subscriptions this trigger takes and how many the workspace uses already; open it to see for what. Only for your information: choosing here changes nothing.',
};

export const loadOptions = {
	/** The figures, then every subscription of the workspace. Costs one request. */
	async getSubscriptionUsage(this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
		const events = [(this.getCurrentNodeParameter('events') ?? []) as IDataObject[string]].flat();
		const used = await allSubscriptions(new Api(this, 'timelinesAiApi', interactivePatience));
		return [
			{
				name: `This trigger takes ${events.length}; ${used.length} of ${Math.max(defaultLimit, used.length)} are in use`,
				value: summary,
				description: 'Those of this trigger are among them while its workflow is published',
			},
			...used.map(({ id, event_type: event, url, enabled, errors_counter: errors }) => ({
				name: `${event} → ${withoutQuery(url)}`,
				value: String(id),
				description: [`ID ${id}`, enabled ? undefined : 'disabled', errors > 0 ? `${errors} failed deliveries in a row` : undefined].filter(Boolean).join(', '),
			})),
		];
	},
};
