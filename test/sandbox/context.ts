/** What the handlers of the Public API work on, and the type that all of them have. */
import { type Call, type Handlers, type publicContract } from './contract';
import { type Events } from './events';
import { type Messenger } from './messenger';
import { type Views } from './views';
import { type Chat, type Message, type Platform, type World } from './world';

export interface Context {
	world: World;
	views: Views;
	events: Events;
	messenger: Messenger;
	/** Which webhook URLs are accepted, see `SandboxOptions`. */
	webhookUrls: 'loopback' | 'public';
}

export type PublicHandlers = Handlers<typeof publicContract, Context>;

/** The endpoints below `/waba` are about WABA chats and messages only, all others about those of linked numbers. */
export const platformOf = ({ route }: Call): Platform => (route.includes(' /waba/') ? 'waba' : 'whatsapp');

/** The chat that the path names; 404 where there is none of that kind. */
export const chatOf = (call: Call, { world }: Context): Chat => world.chat(Number(call.params.chat_id), platformOf(call));

/** The message that the path names; 404 where there is none of that kind. */
export const messageOf = (call: Call, { world }: Context): Message => world.message(call.params.message_uid ?? '', platformOf(call));
