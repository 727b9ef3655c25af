/**
 * What happens when TimelinesAI calls the webhook: is it genuine, is it wanted, is it new; then the workflow starts. What can be
 * slow (files, reading the message again) is done by the execution, so that TimelinesAI has its answer in time; see output.ts.
 */
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { Parameters } from '../shared/operation/parameters';
import { isObject } from '../shared/output/simplify';
import { hasSecret } from '../shared/trigger/secret';
import type { Identity } from '../shared/trigger/seen';
import { startOnce } from '../shared/trigger/start';
import { eventOf } from './events';
import { readFilter } from './filters';

/** Takes one delivery. */
export async function receive(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	const stored = this.getWorkflowStaticData('node');
	const response = this.getResponseObject();
	// While the editor listens for a test event, n8n gives the URL of production here; that has another secret.
	const url = this.getMode() === 'manual' ? undefined : this.getNodeWebhookUrl('default');
	if (!hasSecret(this.getQueryData(), stored.secret, url)) {
		response.status(401).json({ message: 'The secret is missing or wrong' });
		return { noWebhookResponse: true };
	}
	const payload: unknown = this.getBodyData();
	const event = isObject(payload) ? eventOf(payload) : undefined;
	if (!event || !isObject(payload)) {
		response.status(400).json({ message: 'The body is not an event that is known' });
		return { noWebhookResponse: true };
	}

	const isSample = stored.sample === true;
	const parameters = new Parameters((name) => this.getNodeParameter(name, null), { node: this.getNode(), timezone: this.getTimezone() });
	const isWanted = isSample || (parameters.list('events').includes(event.value) && readFilter(parameters)(event.family.facts(payload), event.value));
	// To an empty result n8n answers 200 by itself: the delivery is done, and nothing starts.
	if (!isWanted) return {};
	const unique = event.family.identity(payload);
	const identity: Identity = { of: [event.value, unique ?? payload], unique: unique !== undefined };
	return await startOnce(this, identity, payload, isSample ? { sample: true } : {});
}
