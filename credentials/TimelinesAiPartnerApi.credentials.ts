import type { IAuthenticate, Icon, ICredentialType, INodeProperties } from 'n8n-workflow';
import { partnerOf, signedHeaders } from '../nodes/shared/partner/identity';

/** The identity of a partner who manages workspaces for customers. The nodes that use it test it. */
export class TimelinesAiPartnerApi implements ICredentialType {
	name = 'timelinesAiPartnerApi';

	displayName = 'TimelinesAI Partner API';

	icon: Icon = { light: 'file:../icons/timelinesai.svg', dark: 'file:../icons/timelinesai.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-timelinesai/n8n-nodes-timelinesai/blob/main/docs/partner.md#credential';

	properties: INodeProperties[] = [
		{
			displayName: 'Partner ID',
			name: 'partnerId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. partner_12345',
			description: 'TimelinesAI gives it to approved partners, together with the secret',
		},
		{
			displayName: 'Partner Secret',
			name: 'partnerSecret',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'It signs every request and proves that events come from TimelinesAI. It never leaves n8n.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: 'https://app.timelines.ai/partner/api/v1',
			description: 'Change it only if TimelinesAI tells you to',
		},
	];

	authenticate: IAuthenticate = async (credential, options) => ({
		...options,
		headers: { ...options.headers, ...signedHeaders(partnerOf(credential)) },
	});
}
