/** The node types a test workflow knows: the node under test, and a trigger in front of it that hands over the test's items. */
import './environment';
import {
	type IDataObject,
	type INodeType,
	type INodeTypeDescription,
	type INodeTypes,
	type IVersionedNodeType,
	NodeConnectionTypes,
	NodeHelpers,
	UnexpectedError,
} from 'n8n-workflow';
import { name as packageName } from '../../package.json';

export type AnyNodeType = INodeType | IVersionedNodeType;

/** The type of the node in front of the node under test. */
export const START_TYPE = 'harness.start';

/** The name that workflows store for a node of this package, such as `n8n-nodes-timelinesai.timelinesAi`. */
export const typeNameOf = (node: AnyNodeType) => `${packageName}.${node.description.name}`;

/** The version that a freshly added node of this type has. */
export function latestVersionOf(node: AnyNodeType): number {
	if ('nodeVersions' in node) return node.currentVersion;
	const { version, defaultVersion } = node.description;
	return defaultVersion ?? (Array.isArray(version) ? Math.max(...version) : version);
}

/** Finds node types as n8n does, by the name stored in the workflow and the version. */
export class NodeTypes implements INodeTypes {
	private readonly types = new Map<string, AnyNodeType>([[START_TYPE, start]]);

	constructor(...nodes: AnyNodeType[]) {
		for (const node of nodes) this.types.set(typeNameOf(node), node);
	}

	getByName(name: string): AnyNodeType {
		const type = this.types.get(name);
		if (!type) throw new UnexpectedError(`Unrecognized node type: ${name}`);
		return type;
	}

	getByNameAndVersion(name: string, version?: number): INodeType {
		return NodeHelpers.getVersionedNodeType(this.getByName(name), version);
	}

	getKnownTypes(): IDataObject {
		return {};
	}
}

/** Stands in for the manual trigger: what a test puts on its stack is what it outputs. */
const start: INodeType = {
	description: {
		displayName: 'Start',
		name: 'start',
		group: ['trigger'],
		version: 1,
		description: 'Hands over the items of the test',
		defaults: { name: 'Start' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
	} satisfies INodeTypeDescription,
	async execute() {
		return [this.getInputData()];
	},
};
