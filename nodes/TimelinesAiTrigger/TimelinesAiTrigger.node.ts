import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type IHookFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { listSearch } from '../TimelinesAi/methods/listSearch';
import { webhookNodeVersion } from '../shared/trigger/start';
import { receive } from './delivery';
import { fields } from './fields';
import { produce } from './output';
import { checkExists, create, remove } from './subscriptions';
import { loadOptions } from './usage';

/** Starts a workflow when something happens in a TimelinesAI workspace. */
export class TimelinesAiTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'TimelinesAI Trigger',
		name: 'timelinesAiTrigger',
		icon: { light: 'file:../../icons/timelinesai.svg', dark: 'file:../../icons/timelinesai.dark.svg' },
		group: ['trigger'],
		version: webhookNodeVersion,
		subtitle: '={{ $parameter["events"].join(", ") }}',
		description: 'Starts the workflow on WhatsApp messages, calls, chats and other events in TimelinesAI',
		defaults: { name: 'TimelinesAI Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'timelinesAiApi', required: true }],
		// Without the secret, the URL is of no use to anybody.
		// With an empty `responseData` n8n asks what `webhook()` returned for the answer; see startOnce().
		webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', responseData: '', path: 'webhook', ndvHideUrl: true }],
		properties: fields,
	};

	methods = { listSearch, loadOptions };

	webhookMethods = {
		default: {
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return await checkExists.call(this);
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return await create.call(this);
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return await remove.call(this);
			},
		},
	};

	/** Takes a delivery, answers it and lets n8n start the workflow. */
	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		return await receive.call(this);
	}

	/** The first thing that the started workflow does: makes the output of the event. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await produce.call(this);
	}
}
