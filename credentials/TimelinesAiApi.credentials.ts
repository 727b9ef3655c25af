import type { IAuthenticate, Icon, ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';

/** The API token of a TimelinesAI workspace, and which TimelinesAI it is for. */
export class TimelinesAiApi implements ICredentialType {
	name = 'timelinesAiApi';

	displayName = 'TimelinesAI API';

	icon: Icon = { light: 'file:../icons/timelinesai.svg', dark: 'file:../icons/timelinesai.dark.svg' };

	documentationUrl = 'https://github.com/n8n-nodes-timelinesai/n8n-nodes-timelinesai#credential';

	properties: INodeProperties[] = [
		{
			displayName: 'API Token',
			name: 'apiToken',
			type: 'string',
			typeOptions: { password: true },
			required: true,
			default: '',
			description: 'From TimelinesAI: Integrations, Public API, Copy. A workspace has one token; regenerating it ends the old one at once.',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			required: true,
			default: 'https://app.timelines.ai/integrations/api',
			description: 'Change it only if your workspace is at https://app.timelines.global: then it is https://app.timelines.global/integrations/api',
		},
	];

	// A function: n8n would evaluate an expression with the token in it for every request.
	authenticate: IAuthenticate = async ({ apiToken }, options) => ({
		...options,
		headers: { ...options.headers, Authorization: `Bearer ${String(apiToken).trim()}` },
	});

	test: ICredentialTestRequest = {
		request: {
			// The API answers a trailing slash with an HTML page.
			baseURL: '={{$credentials.baseUrl.trim().replace(/\\/+$/, "")}}',
			url: '/workspace',
		},
		// n8n applies rules of both kinds; its types know lists of one kind only.
		rules: [
			{
				type: 'responseCode',
				properties: { value: 401, message: 'The API token is wrong. Copy it again from TimelinesAI: Integrations, Public API. A regenerated token ends the old one.' },
			},
			{
				type: 'responseCode',
				properties: { value: 403, message: 'The API token is right, but it has no access: the plan of the workspace does not include the Public API, or its teammate lacks the right.' },
			},
			{
				type: 'responseCode',
				properties: { value: 404, message: 'The Base URL is wrong: there is no TimelinesAI API at this address. The usual one is https://app.timelines.ai/integrations/api.' },
			},
			{
				type: 'responseSuccessBody',
				properties: { key: 'status', value: 'error', message: 'TimelinesAI refused the request. Copy the API token again from TimelinesAI: Integrations, Public API.' },
			},
			{
				type: 'responseSuccessBody',
				properties: { key: 'data.workspace_id', value: undefined, message: 'The Base URL is wrong: something else than the TimelinesAI API answers there. The usual one is https://app.timelines.ai/integrations/api.' },
			},
		] as unknown as ICredentialTestRequest['rules'],
	};
}
