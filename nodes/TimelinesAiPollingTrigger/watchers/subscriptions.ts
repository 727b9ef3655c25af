/**
 * Webhook subscriptions of the workspace that were disabled, vanished or keep failing. n8n does not look after its triggers once
 * they are published, so this is how an owner learns that one has gone silent.
 */
import type { IDataObject } from 'n8n-workflow';
import { withoutQuery } from '../../shared/trigger/secret';
import { allSubscriptions, type Subscription } from '../../TimelinesAiTrigger/subscriptions';
import type { Change, Finding, Surroundings } from '../changes';

/** What is remembered of a subscription. Its URL is kept without the query, in which secrets are. */
type Remembered = [id: number, event: string, url: string, enabled: number, failing: number];

export type SubscriptionMemory = Remembered[];

/** Compares the subscriptions with those that are remembered; the first time it only learns them. Costs one request. */
export async function watchSubscriptions({ api, wants, parameters }: Surroundings, known: SubscriptionMemory | undefined): Promise<Finding<SubscriptionMemory>> {
	const mostFailures = parameters.collection('options').integer('failures', { min: 1 }) ?? defaultFailures;
	// Test listening of the trigger comes and goes.
	const subscriptions = (await allSubscriptions(api)).filter(({ url }) => !url.includes('/webhook-test/'));
	const memory = subscriptions.map((one) => remember(one, mostFailures));
	const before = new Map((known ?? memory).map((entry) => [entry[0], entry]));
	const changes: Change[] = [];
	for (const subscription of subscriptions) {
		const [id, , , enabled, failing] = remember(subscription, mostFailures);
		const [, , , wasEnabled, wasFailing] = before.get(id) ?? [id, '', '', 1, 0];
		if (wasEnabled && !enabled) changes.push(change('webhook:disabled', subscription));
		if (!wasFailing && failing) changes.push(change('webhook:failing', subscription));
		before.delete(id);
	}
	for (const [id, event, url] of before.values()) changes.push(change('webhook:vanished', { id, event_type: event, url }));
	return { memory, changes: changes.filter(({ event }) => wants(event)) };
}

/** What the changes of a subscription look like, for the editor. */
export async function exampleSubscriptions({ api }: Surroundings): Promise<Change[]> {
	const [one] = await allSubscriptions(api);
	if (!one) return [];
	const { id, event_type, url } = one;
	return [
		change('webhook:disabled', { ...one, enabled: false }),
		change('webhook:vanished', { id, event_type, url }),
		change('webhook:failing', { ...one, errors_counter: defaultFailures }),
	];
}

/** Failed deliveries in a row. TimelinesAI tries each event three times. */
export const defaultFailures = 3;

const remember = ({ id, event_type: event, url, enabled, errors_counter: errors }: Subscription, mostFailures: number): Remembered => [
	id,
	event,
	withoutQuery(url),
	Number(enabled),
	Number(errors >= mostFailures),
];

function change(event: string, subscription: Partial<Subscription>): Change {
	const { id, event_type: eventType, enabled, errors_counter: errors } = subscription;
	const url = withoutQuery(subscription.url);
	return {
		event,
		thing: { ...(subscription as IDataObject), url },
		simplify: () => ({ webhookId: id, eventType, url, ...(enabled !== undefined && { enabled, errorsCounter: errors }) }),
	};
}
