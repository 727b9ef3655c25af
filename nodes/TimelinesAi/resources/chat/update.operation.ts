import { apiField } from '../../../shared/fields/apiFields';
import { linkedChats } from '../../fields/chat';
import { updateChat } from './makers';

export const update = updateChat(linkedChats, [
	apiField('flag', {
		displayName: 'AI Auto-Response',
		name: 'chatgptAutoresponseEnabled',
		description: 'Whether the AI agent of TimelinesAI answers in this chat',
	}),
]);
