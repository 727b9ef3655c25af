import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { describe } from '../shared/operation/describe';
import { executeOperation } from '../shared/operation/execute';
import { credentialTest } from '../shared/partner/credentialTest';
import { listSearch } from './methods/listSearch';
import { timelinesAiPartner } from './resources';
import { tokenName } from './resources/apiToken/token';

/** The action node for partners: creates and manages the workspaces of their customers. */
export class TimelinesAiPartner implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'TimelinesAI Partner',
		name: 'timelinesAiPartner',
		icon: { light: 'file:../../icons/timelinesai.svg', dark: 'file:../../icons/timelinesai.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description: 'Create and manage TimelinesAI workspaces, users and QR codes for customers, as a partner',
		defaults: { name: 'TimelinesAI Partner' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'timelinesAiPartnerApi', required: true, testedBy: 'timelinesAiPartnerApiTest' }],
		sensitiveOutputFields: [tokenName],
		properties: describe(timelinesAiPartner),
	};

	methods = { credentialTest, listSearch };

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return await executeOperation.call(this, timelinesAiPartner);
	}
}
