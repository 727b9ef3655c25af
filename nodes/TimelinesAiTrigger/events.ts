/** The events that TimelinesAI tells of, as data: what the panel offers, and which family of payloads each belongs to. */
import type { IDataObject } from 'n8n-workflow';
import { families, type Family } from './families';

/** One event to subscribe to. */
export interface TriggerEvent {
	/** The API's own name, which `event_type` of the payload repeats. */
	value: string;
	/** The name in the list, beginning with what it is about. */
	name: string;
	description: string;
	family: Family;
}

const { message, reaction, call, chat, whatsappAccount, wabaMessage, wabaChat, wabaAccount, wabaTemplate } = families;

/** All 32 events, in the order of the panel. */
export const events: TriggerEvent[] = [
	event('message:received:new', 'Message: Received', 'A contact or a member of a group wrote to one of your WhatsApp numbers', message),
	event('message:sent:new', 'Message: Sent', 'A message left one of your WhatsApp numbers: from TimelinesAI, a phone, or the API', message),
	event('message:new', 'Message: Received or Sent', 'Any message, in either direction', message),
	event('message:reaction', 'Message: Reaction', 'Somebody reacted to a message with an emoji, or took the reaction back', reaction),
	event('call:incoming:missed', 'Call: Missed', 'Nobody answered an incoming WhatsApp call', call),
	event('call:incoming:ended', 'Call: Incoming Call Ended', 'An incoming WhatsApp call was answered or rejected, and is over', call),
	event('call:outgoing:ended', 'Call: Outgoing Call Ended', 'An outgoing WhatsApp call is over, answered or not', call),
	event('chat:new', 'Chat: New', 'A chat appeared, direct or group, whoever began it', chat),
	event('chat:incoming:new', 'Chat: New Incoming', 'A contact wrote to you for the first time', chat),
	event('chat:outgoing:new', 'Chat: New Outgoing', 'Somebody of your team wrote to a contact for the first time', chat),
	event('chat:responsible:assigned', 'Chat: Assigned', 'A teammate became responsible for a chat, or another one did', chat),
	event('chat:responsible:unassigned', 'Chat: Unassigned', 'Nobody is responsible for a chat any more', chat),
	event('whatsapp:account:connected', 'WhatsApp Number: Connected', 'A WhatsApp number was connected or reconnected', whatsappAccount),
	event('whatsapp:account:disconnected', 'WhatsApp Number: Disconnected', 'A WhatsApp number was disconnected for good', whatsappAccount),
	event('whatsapp:account:suspended', 'WhatsApp Number: Suspended', 'Syncing of a WhatsApp number is paused, for example because of the subscription', whatsappAccount),
	event('whatsapp:account:resumed', 'WhatsApp Number: Resumed', 'Syncing of a WhatsApp number goes on again', whatsappAccount),
	event('waba:message:received', 'WABA Message: Received', 'A contact wrote to a WhatsApp Business API number', wabaMessage),
	event('waba:message:delivered', 'WABA Message: Delivered', 'A message of a WhatsApp Business API number reached the contact', wabaMessage),
	event('waba:message:read', 'WABA Message: Read', 'The contact read a message of a WhatsApp Business API number', wabaMessage),
	event('waba:message:failed', 'WABA Message: Failed', 'A message of a WhatsApp Business API number could not be sent', wabaMessage),
	event('waba:chat:incoming', 'WABA Chat: New Incoming', 'A contact wrote to a WhatsApp Business API number for the first time', wabaChat),
	event('waba:chat:outgoing', 'WABA Chat: New Outgoing', 'A chat was begun from a WhatsApp Business API number', wabaChat),
	event('waba:chat:assigned', 'WABA Chat: Assigned', 'A teammate became responsible for a WABA chat', wabaChat),
	event('waba:chat:unassigned', 'WABA Chat: Unassigned', 'Nobody is responsible for a WABA chat any more', wabaChat),
	event('waba:chat:closed', 'WABA Chat: Closed', 'A WABA chat was marked as done', wabaChat),
	event('waba:chat:reopened', 'WABA Chat: Reopened', 'A closed WABA chat is open again', wabaChat),
	event('waba:account:active', 'WABA Number: Active', 'A WhatsApp Business API number became active', wabaAccount),
	event('waba:account:disabled', 'WABA Number: Disabled', 'A WhatsApp Business API number was disabled', wabaAccount),
	event('waba:account:disconnected', 'WABA Number: Disconnected', 'A WhatsApp Business API number was removed', wabaAccount),
	event('waba:template:approved', 'WABA Template: Approved', 'Meta approved a template', wabaTemplate),
	event('waba:template:rejected', 'WABA Template: Rejected', 'Meta rejected a template', wabaTemplate),
	event('waba:template:disabled', 'WABA Template: Disabled', 'Meta disabled a template, or it is about to be deleted', wabaTemplate),
];

const byName = new Map(events.map((one) => [one.value, one]));

/** The event that a payload tells of, or `undefined` where it is none that is known. */
export const eventOf = (payload: IDataObject): TriggerEvent | undefined => byName.get(String(payload.event_type));

function event(value: string, name: string, description: string, family: Family): TriggerEvent {
	return { value, name, description, family };
}
