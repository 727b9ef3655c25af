/** What happens when TimelinesAI calls the webhook: is it genuine, is it wanted, is it new; then the workflow starts, with its output. */
import type { IExecuteFunctions, INodeExecutionData, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { Parameters } from '../shared/operation/parameters';
import { partnerCredential, partnerOf } from '../shared/partner/identity';
import { runOnce, startOnce } from '../shared/trigger/start';
import { eventOf, identityOf, simplifyEvent } from './events';
import { check, Vouched } from './signature';

const vouched = new Vouched();

/** Takes one delivery. */
export async function receive(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	const response = this.getResponseObject();
	const listener = this.getNodeWebhookUrl('default') as string;
	const parameters = new Parameters((name) => this.getNodeParameter(name, null), { node: this.getNode() });
	const refuse = (refusal: string): IWebhookResponseData => {
		// The caller does not learn how close it was.
		this.logger.warn(`${this.getNode().name} refused a delivery: ${refusal}`);
		response.status(401).json({ message: 'Not authorized' });
		return { noWebhookResponse: true };
	};

	const partner = partnerOf(await this.getCredentials(partnerCredential));
	const now = Date.now();
	const verdict = check({ headers: this.getHeaderData() as Record<string, unknown>, body: this.getBodyData() }, partner, now);
	if ('refusal' in verdict) return refuse(verdict.refusal);
	if (parameters.collection('options').flag('oneEventPerSignature') && vouched.forAnother(listener, verdict, now)) {
		return refuse('its signature came with another event before');
	}

	const { payload } = verdict;
	const event = eventOf(payload);
	// To an empty result n8n answers 200 by itself: the delivery is done, and nothing starts.
	if (!event || !parameters.list('events').includes(event.value)) return {};
	return await startOnce(this, identityOf(payload), payload);
}

/** Turns what the webhook received into the output item. */
export async function produce(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	return await runOnce(this, eventOf, async (event, { payload, receivedAt }, index) => {
		const parameters = new Parameters((name) => this.getNodeParameter(name, index, null), { node: this.getNode(), itemIndex: index });
		const raw = parameters.choice('output', ['simplified', 'raw']) === 'raw';
		return { json: raw ? payload : { ...simplifyEvent(payload, event), receivedAt }, pairedItem: { item: index } };
	});
}
