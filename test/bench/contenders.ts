/** The three that do the same work: our node and n8n's own HTTP Request node, both run by real n8n, and axios without n8n. */
import { createRequire } from 'node:module';
import { Agent } from 'node:http';
import { join } from 'node:path';
import axios, { type AxiosInstance } from 'axios';
import { type INodeExecutionData, type INodeParameters, type INodeType, type VersionedNodeType } from 'n8n-workflow';
import { credentialTypes } from '../faults/nodes';
import { runNode } from '../harness';
import { n8nFolder } from '../n8n/paths';
import { installedPackage } from './package';
import { type Address } from './sandboxProcess';

const load = createRequire(__filename);
type Items = NonNullable<Parameters<typeof runNode>[0]['items']>;

/** Runs our node as it is built and packed, and gives the items that come out. Throws its error. */
export async function runOurs(address: Address, parameters: INodeParameters, items?: Items): Promise<INodeExecutionData[]> {
	const { TimelinesAi } = load(join(installedPackage, 'dist/nodes/TimelinesAi/TimelinesAi.node.js')) as { TimelinesAi: new () => INodeType };
	return await run(new TimelinesAi(), address, parameters, items);
}

/** Runs n8n's HTTP Request node in the same way, with the same credential. */
export async function runHttpRequest(address: Address, parameters: INodeParameters, items?: Items): Promise<INodeExecutionData[]> {
	const file = join(n8nFolder, 'node_modules/n8n-nodes-base/dist/nodes/HttpRequest/HttpRequest.node.js');
	const { HttpRequest } = load(file) as { HttpRequest: new () => VersionedNodeType };
	const node = new HttpRequest().getNodeType();
	// n8n gives this node any credential by its type's name, which it has in n8n alone; here it has to ask for it like others.
	const description = { ...node.description, credentials: [{ name: credentialType, required: true }] };
	const asking = Object.create(node, { description: { value: description } }) as INodeType;
	return await run(asking, address, { authentication: 'predefinedCredentialType', nodeCredentialType: credentialType, ...parameters }, items);
}

const credentialType = 'timelinesAiApi';

async function run(node: INodeType, { apiUrl, token }: Address, parameters: INodeParameters, items?: Items): Promise<INodeExecutionData[]> {
	const result = await runNode({
		node,
		parameters,
		items,
		credentials: { [credentialType]: { apiToken: token, baseUrl: apiUrl } },
		credentialTypes: credentialTypes(),
	});
	if (result.error) throw new Error(`${result.error.message} (${result.error.description ?? ''})`);
	return result.items;
}

/** Axios on connections that stay open. */
export const rawApi = ({ apiUrl, token }: Address): AxiosInstance =>
	axios.create({ baseURL: apiUrl, headers: { authorization: `Bearer ${token}` }, httpAgent: new Agent({ keepAlive: true }), proxy: false });
