import { teammateField } from '../../fields/people';
import { chatChange } from './makers';

export const assign = chatChange(
	{ value: 'assign', name: 'Assign', action: 'Assign a chat to a teammate', description: 'Make a teammate responsible for a chat' },
	[teammateField({ displayName: 'Teammate', name: 'responsible', required: true, description: 'Who becomes responsible for the chat' })],
	(item) => {
		const { value: responsible } = item.locator('responsible', 'email');
		// An empty address would unassign the chat.
		if (responsible === '') throw item.error('No teammate is chosen', 'Choose one from the list, or use Unassign to take the responsible teammate off.');
		return { responsible };
	},
);
