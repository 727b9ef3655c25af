/** Fields that operations of all resources have in common. */
import type { INodeProperties, INodePropertyMode } from 'n8n-workflow';
import type { Item } from '../operation/item';

/** Return All, and Limit where it is off. */
export const returnAllOrLimit: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions: { show: { returnAll: [false] } },
	},
];

/** How many results the user wants at most. */
export function limitOf(item: Item): number {
	return item.flag('returnAll') ? Infinity : (item.integer('limit', { min: 1 }) ?? 50);
}

/** A collection that starts empty: what is not added is not sent. */
export const collectionOf = (
	name: 'filters' | 'options' | 'updateFields',
	fields: INodeProperties[],
	notice?: Pick<INodeProperties, 'description'>,
): INodeProperties => ({
	displayName: { filters: 'Filters', options: 'Options', updateFields: 'Update Fields' }[name],
	name,
	type: 'collection',
	placeholder: { filters: 'Add Filter', options: 'Add Option', updateFields: 'Add Field' }[name],
	default: {},
	options: [...fields].sort((a, b) => a.displayName.localeCompare(b.displayName)),
	...notice,
});

/** One thing chosen from a searchable list, or given in another way. */
export const locator = (
	field: Pick<INodeProperties, 'displayName' | 'name' | 'description' | 'hint' | 'required'>,
	searchListMethod: string,
	...otherModes: INodePropertyMode[]
): INodeProperties => ({
	...field,
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod, searchable: true },
		},
		...otherModes,
	],
});

/** A locator's mode for a typed value or an expression. */
export function typed(displayName: string, name: string, placeholder: string, hint?: string): INodePropertyMode {
	const words = { displayName, name, placeholder, hint };
	return { ...words, type: 'string' };
}

/** Shows a field for certain values of another one only. */
export const shownFor = (name: string, ...values: string[]): Pick<INodeProperties, 'displayOptions'> => ({ displayOptions: { show: { [name]: values } } });
