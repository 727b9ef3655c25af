/** A workflow with one node under test, and what n8n hands to every context besides the workflow itself. */
import './log';
import { ExecutionLifecycleHooks, ExternalSecretsProxy } from 'n8n-core';
import { Container } from '@n8n/di';
import {
	type ICredentialType,
	type IDataObject,
	type INode,
	type INodeParameters,
	type IWorkflowBase,
	type IWorkflowExecuteAdditionalData,
	NodeConnectionTypes,
	NodeHelpers,
	UnexpectedError,
	Workflow,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { type CredentialData, credentialReferences, CredentialsHelper } from './credentials';
import { type AnyNodeType, latestVersionOf, NodeTypes, START_TYPE, typeNameOf } from './node-types';

/** What every test says about its node. */
export interface NodeSetup {
	/** An instance of the node. */
	node: AnyNodeType;
	/** As the workflow stores them: what is left out has its default, and `={{ … }}` is an expression. */
	parameters?: INodeParameters;
	credentials?: CredentialData;
	/** The types of `credentials`. */
	credentialTypes?: ICredentialType[];
	/** The latest one unless given. */
	typeVersion?: number;
	/** The time zone of the workflow; UTC unless given. */
	timezone?: string;
}

/** The identity of a workflow and its node, which URLs and static data depend on. */
export interface WorkflowIdentity {
	workflowId: string;
	/** The part of the node's webhook path that n8n invents when the node is added. */
	webhookId?: string;
}

/** Where the instance believes it is reached. */
export const INSTANCE_URL = 'https://n8n.example.com';

export const START_NAME = 'Start';

/** Builds what the database would hold for a workflow of a start node and the node under test. */
export function createWorkflowData(
	setup: NodeSetup,
	{ workflowId, webhookId }: WorkflowIdentity,
	settingsOfNode: Partial<INode> = {},
): IWorkflowBase {
	const typeVersion = setup.typeVersion ?? latestVersionOf(setup.node);
	const { description } = NodeHelpers.getVersionedNodeType(setup.node, typeVersion);
	const nodeName = description.defaults.name ?? description.displayName;
	return {
		id: workflowId,
		name: 'Workflow under test',
		active: true,
		activeVersionId: 'version-1',
		isArchived: false,
		createdAt: new Date(0),
		updatedAt: new Date(0),
		settings: { executionOrder: 'v1', timezone: setup.timezone ?? 'UTC' },
		connections: { [START_NAME]: { main: [[{ node: nodeName, type: NodeConnectionTypes.Main, index: 0 }]] } },
		nodes: [
			{ id: 'start', name: START_NAME, type: START_TYPE, typeVersion: 1, position: [0, 0], parameters: {} },
			{
				id: '5f0c6a3e-1d2b-4c8f-9a77-20e5b1c3d4f6',
				name: nodeName,
				type: typeNameOf(setup.node),
				typeVersion,
				position: [200, 0],
				parameters: structuredClone(setup.parameters ?? {}),
				...(webhookId && { webhookId }),
				...(setup.credentials && { credentials: credentialReferences(setup.credentials) }),
				...settingsOfNode,
			},
		],
	};
}

/** Loads the workflow, as n8n does for each execution, hook and delivery. `staticData` is used as it is, not copied. */
export function loadWorkflow(data: IWorkflowBase, node: AnyNodeType, staticData?: IDataObject): { workflow: Workflow; node: INode } {
	const workflow = new Workflow({
		id: data.id,
		name: data.name,
		nodes: structuredClone(data.nodes),
		connections: data.connections,
		active: data.active,
		settings: data.settings,
		nodeTypes: new NodeTypes(node),
		staticData,
	});
	const underTest = Object.values(workflow.nodes).find(({ name }) => name !== START_NAME);
	if (!underTest) throw new UnexpectedError('The workflow has no node under test');
	return { workflow, node: underTest };
}

/** What n8n's `WorkflowExecuteAdditionalData.getBase` gives, with URLs below `instanceUrl`. */
export function createAdditionalData(
	setup: Pick<NodeSetup, 'credentials' | 'credentialTypes'>,
	{
		workflow,
		mode,
		executionId,
		instanceUrl = INSTANCE_URL,
	}: { workflow: IWorkflowBase; mode: WorkflowExecuteMode; executionId?: string; instanceUrl?: string },
): IWorkflowExecuteAdditionalData {
	const unavailable = (what: string) => () => {
		throw new UnexpectedError(`${what} is not available in a test of one node`);
	};
	return {
		currentNodeExecutionIndex: 0,
		credentialsHelper: new CredentialsHelper(setup.credentials ?? {}, setup.credentialTypes ?? []),
		hooks: new ExecutionLifecycleHooks(mode, executionId ?? '', workflow),
		executionId,
		workflowId: workflow.id,
		workflowSettings: workflow.settings,
		variables: {},
		instanceBaseUrl: `${instanceUrl}/`,
		restApiUrl: `${instanceUrl}/rest`,
		webhookBaseUrl: `${instanceUrl}/webhook`,
		webhookTestBaseUrl: `${instanceUrl}/webhook-test`,
		webhookWaitingBaseUrl: `${instanceUrl}/webhook-waiting`,
		formBaseUrl: `${instanceUrl}/form`,
		formTestBaseUrl: `${instanceUrl}/form-test`,
		formWaitingBaseUrl: `${instanceUrl}/form-waiting`,
		mcpBaseUrl: `${instanceUrl}/mcp`,
		mcpTestBaseUrl: `${instanceUrl}/mcp-test`,
		externalSecretsProxy: Container.get(ExternalSecretsProxy),
		logAiEvent: () => {},
		getRuntimeCredential: async () => undefined,
		getRunExecutionData: async () => undefined,
		executeWorkflow: unavailable('Another workflow'),
		startRunnerTask: unavailable('A task runner'),
	};
}
