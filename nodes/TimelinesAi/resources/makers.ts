/** Operations that many resources have alike: one thing by its ID, its deletion, a change of what is set, a list that the API gives whole. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { apiValues, snakeCase, type ApiField } from '../../shared/fields/apiFields';
import { limitOf, returnAllOrLimit } from '../../shared/fields/common';
import type { Item } from '../../shared/operation/item';
import type { Operation, Simplify } from '../../shared/operation/types';
import type { Hints } from '../../shared/transport/api';
import type { Ids } from '../../shared/transport/endpoint';

/** A kind of thing that has an ID. */
export interface Thing {
	/** In the words of actions and errors: `webhook`. */
	noun: string;
	/** Where the API keeps one: `/webhooks/{webhook_id}`. */
	path: string;
	/** The field that chooses one. Its name is also that of the ID in the output: `webhookId`. */
	field: INodeProperties;
	simplify: Simplify;
	/** How the ID is found, where that takes more than reading the field. */
	idOf?(item: Item): Promise<string>;
}

type Words = Pick<Operation, 'value' | 'name' | 'action' | 'description'>;

/** The ID of the thing that the user chose. */
export async function idOf(item: Item, { noun, field, idOf: find }: Thing): Promise<string> {
	if (find) return await find(item);
	const { value } = item.locator(field.name);
	if (value === '') throw item.error(`No ${noun} is chosen`, 'Choose one from the list, or take its ID from another TimelinesAI node.');
	return value;
}

/** What the path of a thing wants: `{ webhook_id: '7' }`. */
export const idsOf = async (item: Item, thing: Thing): Promise<Ids> => ({ [snakeCase(thing.field.name)]: await idOf(item, thing) });

export const getOne = (thing: Thing, description: string): Operation => ({
	value: 'get',
	name: 'Get',
	action: `Get a ${thing.noun}`,
	description,
	endpoints: [`GET ${thing.path}`],
	effect: 'read',
	fields: [thing.field],
	simplify: thing.simplify,
	async execute(item) {
		return await item.call(`GET ${thing.path}`, { ids: await idsOf(item, thing) });
	},
});

/** Deletes a thing and gives its ID with `deleted: true`. */
export const deleteOne = (thing: Thing, words: Partial<Words> & Pick<Words, 'description'>, hints?: Hints): Operation => ({
	value: 'delete',
	name: 'Delete',
	action: `Delete a ${thing.noun}`,
	...words,
	endpoints: [`DELETE ${thing.path}`],
	effect: 'write',
	fields: [thing.field],
	async execute(item) {
		const ids = await idsOf(item, thing);
		await item.call(`DELETE ${thing.path}`, { ids, hints });
		return { [thing.field.name]: typedId(thing, ids), deleted: true };
	},
});

/** IDs of the API are numbers, UIDs are text. */
export function typedId({ field }: Thing, ids: Ids): string | number {
	const id = String(ids[snakeCase(field.name)]);
	return field.name.endsWith('Id') ? Number(id) : id;
}

/** For a send whose end nobody knows: which operation shows whether it was carried out. */
export const lookAt = (operation: string): Hints => ({ unknown: `It was not repeated, because that could do it twice. Look with ${operation}, or in TimelinesAI.` });

/** Changes a thing to what `changes` says. The API ignores fields that it does not know, so these are its own names. */
export const changeOne = (
	thing: Thing,
	method: 'PATCH' | 'PUT',
	words: Words,
	fields: INodeProperties[],
	changes: (item: Item) => IDataObject,
): Operation => ({
	...words,
	endpoints: [`${method} ${thing.path}`],
	effect: 'write',
	fields: [thing.field, ...fields],
	simplify: thing.simplify,
	async execute(item) {
		const body = changes(item);
		return await item.call(`${method} ${thing.path}`, { ids: await idsOf(item, thing), body });
	},
});

/** What is set under Update Fields, by the API's names, with what a field of another shape adds. Nothing at all is an error. */
export function updatesOf(item: Item, fields: ApiField[], more: IDataObject = {}): IDataObject {
	const changes = { ...apiValues(item.collection('updateFields'), fields), ...more };
	if (Object.keys(changes).length === 0) throw item.error('Nothing to update', 'Add at least one field with a value under Update Fields.');
	return changes;
}

/** Get Many of a list that the API gives whole: the limit cuts it here. */
export const wholeList = ({
	endpoints,
	fields = [],
	read,
	...rest
}: Pick<Operation, 'action' | 'description' | 'endpoints' | 'simplify'> & {
	fields?: INodeProperties[];
	/** Reads the list; what it gives where there is none does not matter. */
	read(item: Item): Promise<unknown>;
}): Operation => ({
	value: 'getAll',
	name: 'Get Many',
	...rest,
	endpoints,
	effect: 'read',
	fields: [...returnAllOrLimit, ...fields],
	async execute(item) {
		const limit = limitOf(item);
		return ((await read(item)) as IDataObject[] | undefined ?? []).slice(0, limit);
	},
});
