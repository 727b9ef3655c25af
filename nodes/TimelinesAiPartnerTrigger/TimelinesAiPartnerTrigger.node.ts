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
import { credentialTest } from '../shared/partner/credentialTest';
import { complete, partnerOf } from '../shared/partner/identity';
import { webhookNodeVersion } from '../shared/trigger/start';
import { produce, receive } from './delivery';
import { fields } from './fields';

/** Starts a workflow when something happens in a workspace that a partner manages. */
export class TimelinesAiPartnerTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'TimelinesAI Partner Trigger',
		name: 'timelinesAiPartnerTrigger',
		icon: { light: 'file:../../icons/timelinesai.svg', dark: 'file:../../icons/timelinesai.dark.svg' },
		group: ['trigger'],
		version: webhookNodeVersion,
		subtitle: '={{ $parameter["events"].join(", ") }}',
		description: 'Starts the workflow when a quota fills up, a WhatsApp account drops out or a token is rotated in a workspace of a partner',
		defaults: { name: 'TimelinesAI Partner Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'timelinesAiPartnerApi', required: true, testedBy: 'timelinesAiPartnerApiTest' }],
		// With an empty `responseData` n8n asks what `webhook()` returned for the answer; see startOnce().
		webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', responseData: '', path: 'webhook' }],
		triggerPanel: {
			header: '',
			executionsHelp: {
				inactive: 'TimelinesAI sends events to the one URL that its support has set, which is the <b>Production URL</b>. Publish the workflow: its executions show up in the executions list.',
				active: 'TimelinesAI sends events to the one URL that its support has set, which is the <b>Production URL</b>. The executions show up in the <a data-key="executions">executions list</a>.',
			},
			activationHint: 'Events come to the Production URL only, once its address is set at TimelinesAI and the workflow is published.',
		},
		properties: fields,
	};

	methods = { credentialTest };

	/** There is nothing to register: the support of TimelinesAI sets the URL. */
	webhookMethods = {
		default: {
			/** Publishing fails where no delivery could ever be genuine. */
			async checkExists(this: IHookFunctions): Promise<boolean> {
				complete(partnerOf(await this.getCredentials('timelinesAiPartnerApi')));
				return true;
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return true;
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
