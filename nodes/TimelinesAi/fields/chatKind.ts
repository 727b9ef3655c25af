/** The two kinds of chats that the API has: of linked WhatsApp numbers and of WABA numbers. Their operations differ in the path only. */
import type { INodeProperties } from 'n8n-workflow';
import type { Item } from '../../shared/operation/item';
import type { Simplify } from '../../shared/operation/types';
import type { Thing } from '../resources/makers';

export interface ChatKind {
	/** What the endpoints begin with: `/chats` or `/waba/chats`. */
	chats: '/chats' | '/waba/chats';
	messages: '/messages' | '/waba/messages';
	/** What it is called in descriptions: `chat` or `WABA chat`. */
	noun: string;
	/** The field that chooses a chat, named `chatId`. */
	field: INodeProperties;
	simplify: Simplify;
	/** The id of the chat that the user chose with it. */
	idOf(item: Item): Promise<string>;
}

/** A chat of this kind, for the operations that things of many kinds have. */
export const aChat = (kind: ChatKind): Thing => ({ ...kind, path: `${kind.chats}/{chat_id}` });
