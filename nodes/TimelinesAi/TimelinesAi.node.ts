import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { describe } from '../shared/operation/describe';
import { executeOperation } from '../shared/operation/execute';
import { listSearch } from './methods/listSearch';
import { resourceMapping } from './methods/resourceMapping';
import { timelinesAi } from './resources';
import { respond } from './response/respond';
import { responseWebhooks } from './response/webhooks';

/** The action node: sends, reads and organises what is in a TimelinesAI workspace. */
export class TimelinesAi implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'TimelinesAI',
		name: 'timelinesAi',
		icon: { light: 'file:../../icons/timelinesai.svg', dark: 'file:../../icons/timelinesai.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Send and read WhatsApp messages and manage chats in TimelinesAI',
		defaults: { name: 'TimelinesAI' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'timelinesAiApi', required: true }],
		webhooks: responseWebhooks,
		waitingNodeTooltip: 'The workflow goes on when somebody has answered, or when the time limit has passed',
		properties: describe(timelinesAi),
	};

	methods = { listSearch, resourceMapping };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await executeOperation.call(this, timelinesAi);
	}

	/** The page of Send and Wait. */
	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await respond.call(this);
	}
}
