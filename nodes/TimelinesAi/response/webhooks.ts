/** Where the pages of Send and Wait are. n8n's core finds them by these very values, and checks the signature of a link before they run. */
import type { IWebhookDescription } from 'n8n-workflow';

const page = (httpMethod: 'GET' | 'POST'): IWebhookDescription => ({
	name: 'default',
	httpMethod,
	responseMode: 'onReceived',
	responseData: '',
	path: '={{ $nodeId }}',
	restartWebhook: true,
	isFullPath: true,
});

/** GET shows the question and decides nothing, since WhatsApp opens links for their preview; POST decides. */
export const responseWebhooks: IWebhookDescription[] = [page('GET'), page('POST')];
