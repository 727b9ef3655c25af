/** The two kinds of chats that the API has: of linked WhatsApp numbers and of WABA numbers. Their operations differ in the path only. */
import type { INodeProperties } from 'n8n-workflow';
import type { Item } from '../../shared/operation/item';

export interface ChatKind {
	/** What the endpoints begin with: `/chats` or `/waba/chats`. */
	chats: '/chats' | '/waba/chats';
	messages: '/messages' | '/waba/messages';
	/** What it is called in descriptions: `chat` or `WABA chat`. */
	noun: string;
	/** The field that chooses a chat, named `chatId`. */
	field: INodeProperties;
	/** The id of the chat that the user chose with it. */
	idOf(item: Item): Promise<string>;
}
