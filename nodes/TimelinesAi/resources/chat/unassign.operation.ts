import { chatChange } from './makers';

export const unassign = chatChange(
	{ value: 'unassign', name: 'Unassign', action: 'Unassign a chat', description: 'Take the responsible teammate off a chat' },
	[],
	() => ({ responsible: '' }),
);
