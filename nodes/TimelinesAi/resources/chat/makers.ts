/** The operations on chats that both kinds of chats have: a list with filters, and changes. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { apiField, apiValues, type ApiField } from '../../../shared/fields/apiFields';
import { collectionOf, limitOf, returnAllOrLimit } from '../../../shared/fields/common';
import type { Item } from '../../../shared/operation/item';
import type { Operation } from '../../../shared/operation/types';
import { readPages } from '../../../shared/transport/pages';
import { linkedChats } from '../../fields/chat';
import { aChat, type ChatKind } from '../../fields/chatKind';
import { teammateField } from '../../fields/people';
import { changeOne, updatesOf } from '../makers';
import { chatIdentity, chatsPage } from './list';

/** Filters that both kinds have. */
const filtersOfAnyKind = [
	apiField('flag', { displayName: 'Closed', name: 'closed', description: 'Whether the chat is closed; off finds open chats' }),
	apiField('list', teammateField({ displayName: 'Responsible', name: 'responsible', description: 'Chats that this teammate is responsible for' })),
];

/**
 * Get Many of chats. `ownFilters` are those that only this kind of chat has. Where the API has an endpoint `v2` that keeps to the
 * rights of the token's teammate, an option uses it; that one has no filter by `phone`.
 */
export const getChats = (kind: ChatKind, description: string, ownFilters: ApiField[], v2?: string): Operation => {
	const v1 = `GET ${kind.chats}`;
	const filters = [...filtersOfAnyKind, ...ownFilters];
	return {
		value: 'getAll',
		name: 'Get Many',
		action: `Get many ${kind.noun}s`,
		description,
		endpoints: v2 ? [v1, v2] : [v1],
		effect: 'read',
		fields: [
			...returnAllOrLimit,
			collectionOf('filters', filters.map(({ property }) => property)),
			collectionOf('options', [
				{
					displayName: 'Include Last Message',
					name: 'withMsg',
					type: 'boolean',
					default: true,
					description: 'Whether to give the last message of each chat',
				},
				...(v2
					? [
							{
								displayName: 'Only Visible to Me',
								name: 'onlyVisible',
								type: 'boolean' as const,
								default: true,
								description: 'Whether to give only the chats that the teammate may see whom the API token belongs to',
							},
						]
					: []),
			]),
		],
		simplify: kind.simplify,
		async execute(item) {
			const options = item.collection('options');
			const query = { ...apiValues(item.collection('filters'), filters), with_msg: options.flag('withMsg') };
			const onlyVisible = v2 !== undefined && options.flag('onlyVisible');
			if (onlyVisible && 'phone' in query) {
				throw item.error('The filter “Phone” does not work with “Only Visible to Me”', 'Use the filter “WhatsApp Phone” in its place.');
			}
			return await readPages((page) => chatsPage(item, onlyVisible ? v2 : v1, { ...query, page }), chatIdentity, limitOf(item));
		},
	};
};

/** An operation that changes a chat of a linked number to what `changes` says. */
export const chatChange = (
	words: Pick<Operation, 'value' | 'name' | 'action' | 'description'>,
	fields: Operation['fields'],
	changes: (item: Item) => IDataObject,
): Operation => changeOne(aChat(linkedChats), 'PATCH', words, fields, changes);

/** What can be changed of both kinds. */
const updateFieldsOfAnyKind = [
	apiField('flag', { displayName: 'Closed', name: 'closed', description: 'Whether the chat is closed' }),
	apiField('text', { displayName: 'Name', name: 'name', description: 'The name of the chat, unique in the workspace; at most 256 characters' }, 256),
	apiField('flag', { displayName: 'Read', name: 'read', description: 'Whether the chat is marked as read' }),
	apiField('text', teammateField({ displayName: 'Responsible', name: 'responsible', description: 'Who becomes responsible for the chat. To take somebody off, use Unassign.' })),
];

/** Update of a chat: only what is set is sent. `ownFields` are those that only this kind of chat has. */
export const updateChat = (
	kind: ChatKind,
	ownFields: ApiField[],
	/** Fields that are sent in another shape, and how. */
	more: { properties: INodeProperties[]; changes(item: Item): IDataObject } = { properties: [], changes: () => ({}) },
): Operation => {
	const fields = [...updateFieldsOfAnyKind, ...ownFields];
	return changeOne(
		aChat(kind),
		'PATCH',
		{
			value: 'update',
			name: 'Update',
			action: `Update a ${kind.noun}`,
			description: `Change the name, responsible teammate or state of a ${kind.noun}; what is not set stays as it is`,
		},
		[collectionOf('updateFields', [...fields.map(({ property }) => property), ...more.properties])],
		(item) => updatesOf(item, fields, more.changes(item)),
	);
};
