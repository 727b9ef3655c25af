/** What the execution does with an event before the workflow sees it. */
import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { Parameters } from '../shared/operation/parameters';
import { isObject } from '../shared/output/simplify';
import { Api } from '../shared/transport/api';
import type { Received } from './delivery';
import { eventOf } from './events';
import { simplify } from './families';

/** Turns what the webhook received into the output item. Runs in the execution, so it may take its time. */
export async function produce(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const api = new Api(this, 'timelinesAiApi');
	const items = this.getInputData().map(async ({ json }, index) => {
		const parameters = new Parameters((name) => this.getNodeParameter(name, index, null), { node: this.getNode(), itemIndex: index });
		const { payload, receivedAt } = json as Received;
		const event = isObject(payload) ? eventOf(payload) : undefined;
		// Data that does not come from the webhook, for example when the workflow is run by another one, goes through as it is.
		if (!event) return { json };
		const raw = parameters.choice('output', ['simplified', 'raw']) === 'raw';
		const output: IDataObject = raw ? payload : { ...simplify(payload, event.family, await api.origin()), receivedAt };
		return { json: output };
	});
	return [await Promise.all(items)];
}
