import { apiField, apiValues } from '../../../shared/fields/apiFields';
import { collectionOf, limitOf, returnAllOrLimit } from '../../../shared/fields/common';
import type { Operation } from '../../../shared/operation/types';
import { simplifyChat } from '../../../shared/output/simplify';
import { readPages } from '../../../shared/transport/pages';
import { accountField, labelsField, teammateField } from '../../fields/people';
import { chatsPage } from './list';

const filters = [
	apiField('flag', {
		displayName: 'AI Auto-Response',
		name: 'chatgptAutoresponseEnabled',
		description: 'Whether the AI agent of TimelinesAI answers in the chat',
	}),
	apiField('flag', { displayName: 'Closed', name: 'closed', description: 'Whether the chat is closed; off finds open chats' }),
	apiField('moment', { displayName: 'Created After', name: 'createdAfter' }),
	apiField('moment', { displayName: 'Created Before', name: 'createdBefore' }),
	apiField('flag', { displayName: 'Group', name: 'group', description: 'Whether the chat is a group; off finds direct chats' }),
	apiField('list', labelsField({ displayName: 'Label', name: 'label', description: 'Chats with at least one of these labels' })),
	apiField('text', {
		displayName: 'Name',
		name: 'name',
		placeholder: 'e.g. Acme',
		description: 'Chats whose name contains this; several alternatives with commas between',
	}),
	apiField('phone', {
		displayName: 'Phone',
		name: 'phone',
		placeholder: 'e.g. +14155550123',
		description: 'The direct chat with exactly this phone number',
	}),
	apiField('flag', { displayName: 'Read', name: 'read', description: 'Whether the chat is read; off finds chats with unread messages' }),
	apiField('list', teammateField({ displayName: 'Responsible', name: 'responsible', description: 'Chats that this teammate is responsible for' })),
	apiField('list', accountField({ displayName: 'WhatsApp Account', name: 'whatsappAccountId', description: 'Chats of this WhatsApp number' })),
	apiField('phone', {
		displayName: 'WhatsApp Phone',
		name: 'whatsappPhone',
		placeholder: 'e.g. +14155550123, +14155550124',
		description: 'Direct chats with these phone numbers and groups that they are members of',
	}),
];

export const getAll: Operation = {
	value: 'getAll',
	name: 'Get Many',
	action: 'Get many chats',
	description: 'Get the chats of the workspace, those with the newest messages first',
	endpoints: ['GET /chats', 'GET /v2/chats'],
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
			{
				displayName: 'Only Visible to Me',
				name: 'onlyVisible',
				type: 'boolean',
				default: true,
				description: 'Whether to give only the chats that the teammate may see whom the API token belongs to',
			},
		]),
	],
	simplify: simplifyChat,
	async execute(item) {
		const options = item.collection('options');
		const query = { ...apiValues(item.collection('filters'), filters), with_msg: options.flag('withMsg') };
		const onlyVisible = options.flag('onlyVisible');
		if (onlyVisible && 'phone' in query) {
			throw item.error('The filter “Phone” does not work with “Only Visible to Me”', 'Use the filter “WhatsApp Phone” in its place.');
		}
		const endpoint = onlyVisible ? 'GET /v2/chats' : 'GET /chats';
		return await readPages((page) => chatsPage(item, endpoint, { ...query, page }), (chat) => chat.id, limitOf(item));
	},
};
