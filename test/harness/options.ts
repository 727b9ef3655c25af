/** Runs what the editor asks of a node while its panel is open: list searches, option loaders, resource mappers. */
import './log';
import { LoadOptionsContext } from 'n8n-core';
import {
	type INodeListSearchResult,
	type INodeParameters,
	type INodePropertyOptions,
	type INodeType,
	NodeHelpers,
	type ResourceMapperFields,
	UnexpectedError,
} from 'n8n-workflow';
import { createAdditionalData, createWorkflowData, loadWorkflow, type NodeSetup } from './workflow';

export interface EditorRequest extends NodeSetup {
	/** The name of the method. */
	method: string;
	/** The parameter whose panel is open, such as `parameters.chatId`; it resolves `&` references to siblings. */
	path?: string;
}

/**
 * Gives one page of a resource locator's list; rejects with what the editor would show.
 * @example const { results, paginationToken } = await listSearch({ node: new TimelinesAi(), method: 'searchChats', filter: 'Ann', credentials, credentialTypes });
 */
export async function listSearch(
	request: EditorRequest & { filter?: string; paginationToken?: string },
): Promise<INodeListSearchResult> {
	return await callMethod(request, 'listSearch', request.filter, request.paginationToken);
}

/** Gives the options of a drop-down list; rejects with what the editor would show. */
export async function loadOptions(request: EditorRequest): Promise<INodePropertyOptions[]> {
	return await callMethod(request, 'loadOptions');
}

/** Gives the fields of a resource mapper, each id once, as the editor gets them; rejects with what the editor would show. */
export async function resourceMapping(request: EditorRequest): Promise<ResourceMapperFields> {
	const result = await callMethod(request, 'resourceMapping');
	return { ...result, fields: [...new Map([...result.fields].reverse().map((field) => [field.id, field])).values()].reverse() };
}

type Methods = Required<NonNullable<INodeType['methods']>>;
type Editor = 'listSearch' | 'loadOptions' | 'resourceMapping';

async function callMethod<K extends Editor>(
	request: EditorRequest,
	kind: K,
	...args: Array<string | undefined>
): Promise<Awaited<ReturnType<Methods[K][string]>>> {
	const data = createWorkflowData(request, { workflowId: 'workflow-1' });
	const { workflow, node } = loadWorkflow(data, request.node);
	const nodeType = workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	const method = nodeType.methods?.[kind]?.[request.method];
	if (!method) {
		const known = Object.keys(nodeType.methods?.[kind] ?? {});
		throw new UnexpectedError(`The node has no ${kind} method "${request.method}"; it has: ${known.join(', ') || 'none'}`);
	}
	const additionalData = createAdditionalData(request, { workflow: data, mode: 'internal' });
	// The editor sends all parameters of the panel, defaults included.
	additionalData.currentNodeParameters = NodeHelpers.getNodeParameters(
		nodeType.description.properties, node.parameters, true, false, node, nodeType.description,
	) as INodeParameters;
	const context = new LoadOptionsContext(workflow, node, additionalData, request.path ?? 'parameters');
	return await workflow.expression.withIsolate(
		async () => await (method as (...values: Array<string | undefined>) => ReturnType<Methods[K][string]>).apply(context, args),
	);
}
