import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';
import { fields, loadOptions } from './fields';
import { poll } from './poll';

/** Starts a workflow when something has changed in a TimelinesAI workspace of which TimelinesAI does not tell by itself. */
export class TimelinesAiPollingTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'TimelinesAI Polling Trigger',
		name: 'timelinesAiPollingTrigger',
		icon: { light: 'file:../../icons/timelinesai.svg', dark: 'file:../../icons/timelinesai.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["events"].join(", ") }}',
		description: 'Starts the workflow on changes in TimelinesAI that no webhook reports: closed and relabelled chats, uploaded files, message statuses, silent webhooks',
		defaults: { name: 'TimelinesAI Polling Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'timelinesAiApi', required: true }],
		properties: fields,
	};

	methods = { loadOptions };

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		return await poll.call(this);
	}
}
