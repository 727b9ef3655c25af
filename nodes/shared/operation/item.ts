/** What an operation works with: one input item, its parameters, and requests to the API on its behalf. */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { Api, ApiRequest } from '../transport/api';
import type { Endpoint } from '../transport/endpoint';
import type { Effect } from '../transport/retry';
import { Parameters } from './parameters';
import type { SentBefore } from './sentBefore';

/** One input item during an operation. Its parameters are read by name: `item.text('phone')`, `item.collection('options')`. */
export class Item extends Parameters {
	constructor(
		/** n8n's own functions, for files and for waiting. */
		readonly functions: IExecuteFunctions,
		readonly api: Api,
		readonly index: number,
		private readonly effect: Effect,
		private readonly sentBefore: SentBefore,
	) {
		super((name) => functions.getNodeParameter(name, index, null), {
			node: functions.getNode(),
			itemIndex: index,
			timezone: functions.getTimezone(),
		});
	}

	/**
	 * Calls an endpoint and gives its `data`. A GET is a read; everything else has the effect of the operation, so a send is never
	 * repeated, neither by us nor by n8n's Retry On Fail.
	 */
	async call(endpoint: Endpoint, request: ApiRequest = {}): Promise<IDataObject> {
		const effect = endpoint.startsWith('GET ') ? 'read' : this.effect;
		const send = async () => await this.api.call(endpoint, { effect, ...request });
		return effect === 'send' ? await this.sentBefore.once(this.index, endpoint, send, request) : await send();
	}
}
