import { chatChange } from './makers';

export const reopen = chatChange(
	{ value: 'reopen', name: 'Reopen', action: 'Reopen a chat', description: 'Put a closed chat back among the open ones' },
	[],
	() => ({ closed: false }),
);
