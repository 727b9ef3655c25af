/** Tests credentials as the credential dialog does (`credentials-tester.service` of n8n 2.41). */
import './log';
import { CredentialTestContext, ExecuteContext, RoutingNode } from 'n8n-core';
import {
	createEmptyRunExecutionData,
	type ICredentialDataDecryptedObject,
	type ICredentialsDecrypted,
	type ICredentialTestRequest,
	type ICredentialType,
	type INode,
	type INodeCredentialTestResult,
	type INodeType,
	NodeConnectionTypes,
	UnexpectedError,
	Workflow,
} from 'n8n-workflow';
import { type CredentialsHelper } from './credentials';
import { NodeTypes, typeNameOf } from './node-types';
import { createAdditionalData, createWorkflowData } from './workflow';

export interface CredentialTest {
	type: ICredentialType;
	data: ICredentialDataDecryptedObject;
	/** A node whose description names the test with `testedBy`; needed only when the type itself has no `test`. */
	node?: INodeType;
}

/**
 * Gives what the dialog shows below the form.
 * @example expect(await testCredential({ type: new TimelinesAiApi(), data: { apiToken, baseUrl } })).toEqual({ status: 'OK', message: 'Connection successful!' });
 */
export async function testCredential({ type, data, node }: CredentialTest): Promise<INodeCredentialTestResult> {
	const testedBy = node?.description.credentials?.find(({ name }) => name === type.name)?.testedBy;
	const test = type.test ?? (typeof testedBy === 'string' ? node?.methods?.credentialTest?.[testedBy] : testedBy);
	if (!test) return { status: 'Error', message: 'No testing function found for this credential.' };

	const routed = routedNode(type, typeof test === 'function' ? undefined : test);
	const workflowData = createWorkflowData({ node: routed, credentials: { [type.name]: data } }, { workflowId: '' });
	const workflow = new Workflow({
		nodes: workflowData.nodes, connections: {}, active: false, nodeTypes: new NodeTypes(routed),
	});
	const additionalData = createAdditionalData(
		{ credentials: { [type.name]: data }, credentialTypes: [type] }, { workflow: workflowData, mode: 'internal' },
	);
	const helper = additionalData.credentialsHelper as CredentialsHelper;
	const credentials: ICredentialsDecrypted<ICredentialDataDecryptedObject> = {
		id: type.name,
		name: type.displayName,
		type: type.name,
		data: await helper.applyDefaults(additionalData, data, type.name, 'internal'),
	};
	if (typeof test === 'function') return await test.call(new CredentialTestContext(additionalData), credentials);

	helper.getDecrypted = async () => credentials.data ?? {};
	const tested = Object.values(workflow.nodes).find(({ type: name }) => name === typeNameOf(routed));
	if (!tested) throw new UnexpectedError('The workflow has no node that makes the test request');
	return await runRequest(test, { workflow, node: tested, routed, additionalData, credentials });
}

async function runRequest(
	{ rules }: ICredentialTestRequest,
	{ workflow, node, routed, additionalData, credentials }: {
		workflow: Workflow;
		node: INode;
		routed: INodeType;
		additionalData: ReturnType<typeof createAdditionalData>;
		credentials: ICredentialsDecrypted<ICredentialDataDecryptedObject>;
	},
): Promise<INodeCredentialTestResult> {
	const context = new ExecuteContext(
		workflow, node, additionalData, 'internal', createEmptyRunExecutionData(), 0, [], { main: [[{ json: {} }]] },
		{ node, data: {}, source: null }, [],
	);
	try {
		const response = await workflow.expression.withIsolate(
			async () => await new RoutingNode(context, routed, credentials).runNode(),
		);
		const json = response?.[0]?.[0]?.json ?? {};
		for (const rule of rules ?? []) {
			if (rule.type === 'responseSuccessBody' && valueAt(json, rule.properties.key) === rule.properties.value) {
				return { status: 'Error', message: rule.properties.message };
			}
		}
		return { status: 'OK', message: 'Connection successful!' };
	} catch (error) {
		return { status: 'Error', message: messageFor(error as TestError, rules) };
	}
}

interface TestError {
	message: string;
	cause?: { code?: string; response?: { status: number; statusText?: string } };
}

/** The rule for the status comes first, then the status text, then the code of the network error, then n8n's own words. */
function messageFor({ message, cause }: TestError, rules: ICredentialTestRequest['rules']): string {
	if (cause?.response) {
		const { status, statusText } = cause.response;
		const rule = rules?.find((candidate) => candidate.type === 'responseCode' && candidate.properties.value === status);
		if (rule) return rule.properties.message;
		if (status < 199 || status > 299) return statusText || `Received HTTP status code: ${status}`;
	} else if (cause?.code) {
		return cause.code;
	}
	return message;
}

/** A node that makes the request of the test, as n8n builds one for it. */
function routedNode(type: ICredentialType, test?: ICredentialTestRequest): INodeType {
	return {
		description: {
			displayName: 'Temp-Node',
			name: 'temp',
			group: ['transform'],
			version: 1,
			description: 'Makes the request that tests the credentials',
			defaults: { name: 'Temp-Node' },
			inputs: [NodeConnectionTypes.Main],
			outputs: [NodeConnectionTypes.Main],
			credentials: [{ name: type.name, required: true }],
			properties: [
				{ displayName: 'Temp', name: 'temp', type: 'string', default: '', ...(test && { routing: { request: test.request } }) },
			],
		},
	};
}

const valueAt = (value: unknown, path: string): unknown =>
	path.split('.').reduce((current, key) => (current as Record<string, unknown> | undefined)?.[key], value);
