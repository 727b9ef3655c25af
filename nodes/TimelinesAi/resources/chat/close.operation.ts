import { chatChange } from './makers';

export const close = chatChange(
	{ value: 'close', name: 'Close', action: 'Close a chat', description: 'Mark a chat as done' },
	[],
	() => ({ closed: true }),
);
