/** The label operations of any kind of chat. `POST` replaces the whole set, `PUT` adds; there is no removal in the API. */
import type { IDataObject } from 'n8n-workflow';
import type { Item } from '../../../shared/operation/item';
import type { Operation } from '../../../shared/operation/types';
import { labelNames } from '../../../shared/output/formats';
import type { ChatKind } from '../../fields/chatKind';
import { labelsField } from '../../fields/people';

const maxLabel = 64;

const labels = (description: string, required = true) => labelsField({ displayName: 'Labels', name: 'labels', required, description });

/** What every label operation gives: the chat's labels as they are now. */
const result = (chatId: string, data: IDataObject): IDataObject => ({ chatId: Number(chatId), labels: labelNames(data.labels) });

function chosenLabels(item: Item): string[] {
	const chosen = item.list('labels', { max: maxLabel });
	if (chosen.length === 0) throw item.error('No label is given', 'Choose a label, or type names with commas between.');
	return chosen;
}

export const getLabels = ({ chats, noun, field, idOf }: ChatKind): Operation => ({
	value: 'getAll',
	name: 'Get Many',
	action: `Get the labels of a ${noun}`,
	description: `Get the labels of a ${noun} as one list`,
	endpoints: [`GET ${chats}/{chat_id}/labels`],
	effect: 'read',
	fields: [field],
	async execute(item) {
		const chatId = await idOf(item);
		return result(chatId, await item.call(`GET ${chats}/{chat_id}/labels`, { ids: { chat_id: chatId } }));
	},
});

export const addLabels = ({ chats, noun, field, idOf }: ChatKind): Operation => ({
	value: 'add',
	name: 'Add',
	action: `Add labels to a ${noun}`,
	description: `Add labels to a ${noun} and keep those that it has`,
	endpoints: [`PUT ${chats}/{chat_id}/labels`],
	effect: 'write',
	fields: [field, labels('What to add. Labels that the workspace does not have yet are created.')],
	async execute(item) {
		const body = { labels: chosenLabels(item) };
		const chatId = await idOf(item);
		return result(chatId, await item.call(`PUT ${chats}/{chat_id}/labels`, { ids: { chat_id: chatId }, body }));
	},
});

export const removeLabels = ({ chats, noun, field, idOf }: ChatKind): Operation => ({
	value: 'remove',
	name: 'Remove',
	action: `Remove labels from a ${noun}`,
	description: `Take labels off a ${noun} and keep the others`,
	endpoints: [`GET ${chats}/{chat_id}/labels`, `POST ${chats}/{chat_id}/labels`],
	effect: 'write',
	fields: [field, labels('What to take off. Labels that the chat does not have are ignored.')],
	async execute(item) {
		const unwanted = new Set(chosenLabels(item));
		const chatId = await idOf(item);
		const ids = { chat_id: chatId };
		const current = await item.call(`GET ${chats}/{chat_id}/labels`, { ids });
		const names = labelNames(current.labels);
		const kept = names.filter((name) => !unwanted.has(name));
		if (kept.length === names.length) return result(chatId, current);
		return result(chatId, await item.call(`POST ${chats}/{chat_id}/labels`, { ids, body: { labels: kept } }));
	},
});

export const replaceLabels = ({ chats, noun, field, idOf }: ChatKind): Operation => ({
	value: 'replace',
	name: 'Replace All',
	action: `Replace the labels of a ${noun}`,
	description: `Give a ${noun} exactly these labels`,
	endpoints: [`POST ${chats}/{chat_id}/labels`],
	effect: 'write',
	fields: [field, labels('The labels that the chat has afterwards. Empty takes all of them off.', false)],
	async execute(item) {
		const body = { labels: item.list('labels', { max: maxLabel }) };
		const chatId = await idOf(item);
		return result(chatId, await item.call(`POST ${chats}/{chat_id}/labels`, { ids: { chat_id: chatId }, body }));
	},
});
