import { wabaChats } from '../../fields/chat';
import { aChat } from '../../fields/chatKind';
import { getOne } from '../makers';

export const get = getOne(
	aChat(wabaChats),
	'Get the name, phone, labels and responsible teammate of a WABA chat, and if free text can be sent: for 24 hours after the contact wrote',
);
