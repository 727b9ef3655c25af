/** Everything that the action node can do: add a resource here and it is described, run and listed in the docs. */
import type { ActionNode } from '../../shared/operation/types';
import { chat } from './chat';
import { label } from './label';
import { message } from './message';
import { note } from './note';
import { whatsappAccount } from './whatsappAccount';
import { workspace } from './workspace';

export const timelinesAi: ActionNode = {
	credential: 'timelinesAiApi',
	defaultResource: 'message',
	resources: [chat, label, message, note, whatsappAccount, workspace],
};
