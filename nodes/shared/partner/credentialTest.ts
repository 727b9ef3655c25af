/**
 * The test of the partner credential. The Partner API has nothing that a partner could ask without naming a workspace, so it asks
 * for one that cannot exist: "not found" proves that the signature and the partner are right, and nothing is changed.
 */
import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	IHttpRequestOptions,
	INode,
	INodeCredentialTestResult,
	NodeApiError,
} from 'n8n-workflow';
import { Api, type ApiFunctions } from '../transport/api';
import { errorCodeOf } from '../transport/errors';
import { partnerHints } from './hints';
import { partnerCredential, partnerOf, signedHeaders } from './identity';

/** Longer than any ID that TimelinesAI makes, which has 30 characters at most. */
const noWorkspace = 'n8n-credential-test-no-such-workspace';

/** What the API answers to partners whom it knows. */
const provesIdentity = new Set<string | undefined>(['workspace_not_found', 'workspace_not_owned_by_partner', 'workspace_billing_managed']);

async function timelinesAiPartnerApiTest(this: ICredentialTestFunctions, { data = {} }: ICredentialsDecrypted): Promise<INodeCredentialTestResult> {
	// The one way to make a request that n8n gives to a credential test.
	const { request } = this.helpers;
	const httpRequestWithAuthentication = async (_type: string, { url, method, timeout }: IHttpRequestOptions): Promise<unknown> =>
		await request({
			uri: url,
			method,
			timeout,
			headers: signedHeaders(partnerOf(data)),
			json: true,
			simple: false,
			resolveWithFullResponse: true,
			followRedirect: false,
		});
	const functions = { getNode: () => node, getCredentials: async () => data, helpers: { httpRequestWithAuthentication } };
	const api = new Api(functions as unknown as ApiFunctions, partnerCredential, { attempts: 1, totalWaitMs: 0 }, partnerHints);
	try {
		await api.call('GET /workspaces/{workspace_id}', { ids: { workspace_id: noWorkspace } });
		// A workspace of this name cannot be: whatever answered is not TimelinesAI.
		return { status: 'Error', message: String(partnerHints[404]) };
	} catch (error) {
		if (provesIdentity.has(errorCodeOf(error))) return { status: 'OK', message: 'Connection successful!' };
		const { message, description } = error as NodeApiError;
		return { status: 'Error', message: [message, description].filter(Boolean).join('. ') };
	}
}

/** Errors of the API belong to a node; outside a workflow there is none. */
const node: INode = { id: '', name: 'TimelinesAI Partner', type: 'timelinesAiPartner', typeVersion: 1, position: [0, 0], parameters: {} };

export const credentialTest = { timelinesAiPartnerApiTest };
