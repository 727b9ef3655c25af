import { apiField, apiValues } from '../../../shared/fields/apiFields';
import { collectionOf } from '../../../shared/fields/common';
import { teammateField } from '../../fields/people';
import { chatChange } from './patch';

const fields = [
	apiField('flag', {
		displayName: 'AI Auto-Response',
		name: 'chatgptAutoresponseEnabled',
		description: 'Whether the AI agent of TimelinesAI answers in this chat',
	}),
	apiField('flag', { displayName: 'Closed', name: 'closed', description: 'Whether the chat is closed' }),
	apiField('text', { displayName: 'Name', name: 'name', description: 'The name of the chat, unique in the workspace; at most 256 characters' }, 256),
	apiField('flag', { displayName: 'Read', name: 'read', description: 'Whether the chat is marked as read' }),
	apiField('text', teammateField({
		displayName: 'Responsible',
		name: 'responsible',
		description: 'Who becomes responsible for the chat. To take somebody off, use Unassign.',
	})),
];

export const update = chatChange(
	{ value: 'update', name: 'Update', action: 'Update a chat', description: 'Change the name, responsible teammate or state of a chat; what is not set stays as it is' },
	[collectionOf('updateFields', fields.map(({ property }) => property))],
	(item) => {
		const changes = apiValues(item.collection('updateFields'), fields);
		if (Object.keys(changes).length === 0) throw item.error('Nothing to update', 'Add at least one field with a value under Update Fields.');
		return changes;
	},
);
