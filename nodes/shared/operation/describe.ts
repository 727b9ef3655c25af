/** Makes the panel of an action node out of its resources: the lists of resources and operations, and who sees which field. */
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { outputField } from '../fields/output';
import type { ActionNode, Operation, Resource } from './types';

/**
 * The properties of a node. Every field is shown for its own operation only, whatever further conditions it has, so that no
 * field can turn up for the wrong one.
 */
export function describe({ resources, defaultResource }: ActionNode): INodeProperties[] {
	const sorted = [...resources].sort(byName);
	return [
		{
			displayName: 'Resource',
			name: 'resource',
			type: 'options',
			noDataExpression: true,
			options: sorted.map(({ name, value }) => ({ name, value })),
			default: defaultResource,
		},
		...sorted.map(operationList),
		...sorted.flatMap((resource) => resource.operations.flatMap((operation) => fieldsOf(resource, operation))),
	];
}

function operationList({ value, operations }: Resource): INodeProperties {
	const [{ value: first }] = operations;
	return {
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: [value] } },
		options: [...operations].sort(byName).map(optionOf),
		default: first,
	};
}

const optionOf = ({ name, value, action, description }: Operation): INodePropertyOptions => ({ name, value, action, description });

function fieldsOf(resource: Resource, operation: Operation): INodeProperties[] {
	return inOrder(operation).map((field) => ({
		...field,
		displayOptions: {
			...field.displayOptions,
			show: { resource: [resource.value], operation: [operation.value], ...field.displayOptions?.show },
		},
	}));
}

/** What is to be known comes before the fields, and options stay last, as everywhere in n8n. */
function inOrder({ fields, simplify }: Operation): INodeProperties[] {
	const notices = fields.filter(({ type }) => type === 'notice');
	const options = fields.filter(({ name }) => name === 'options');
	const others = fields.filter((field) => !notices.includes(field) && !options.includes(field));
	return [...notices, ...others, ...(simplify ? [outputField()] : []), ...options];
}

const byName = (a: { name: string }, b: { name: string }): number => a.name.localeCompare(b.name);
