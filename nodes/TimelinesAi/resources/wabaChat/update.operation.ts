import type { Item } from '../../../shared/operation/item';
import { wabaChats } from '../../fields/chat';
import { updateChat } from '../chat/makers';

export const update = updateChat(wabaChats, [], {
	properties: [
		{
			displayName: 'Unassign',
			name: 'unassign',
			type: 'boolean',
			default: true,
			description: 'Whether to take the responsible teammate off the chat',
		},
	],
	changes: (item: Item) => {
		const fields = item.collection('updateFields');
		if (!fields.flag('unassign')) return {};
		if (fields.locator('responsible', 'email').value !== '') throw item.error('“Responsible” and “Unassign” contradict each other', 'Remove one of them.');
		return { responsible: '' };
	},
});
