/** Everything that the action node can do: add a resource here and it is described, run and listed in the docs. */
import type { ActionNode } from '../../shared/operation/types';
import { chat } from './chat';
import { file } from './file';
import { label } from './label';
import { message } from './message';
import { note } from './note';
import { reaction } from './reaction';
import { teammate } from './teammate';
import { template } from './template';
import { wabaAccount } from './wabaAccount';
import { wabaChat } from './wabaChat';
import { wabaLabel } from './wabaLabel';
import { wabaMessage } from './wabaMessage';
import { wabaReaction } from './wabaReaction';
import { wabaTemplate } from './wabaTemplate';
import { webhook } from './webhook';
import { whatsappAccount } from './whatsappAccount';
import { workspace } from './workspace';

export const timelinesAi: ActionNode = {
	credential: 'timelinesAiApi',
	defaultResource: 'message',
	resources: [
		chat,
		file,
		label,
		message,
		note,
		reaction,
		teammate,
		template,
		wabaAccount,
		wabaChat,
		wabaLabel,
		wabaMessage,
		wabaReaction,
		wabaTemplate,
		webhook,
		whatsappAccount,
		workspace,
	],
};
