/** A sample of every event, in the shapes of the webhook specification, for building a workflow before anything has happened. */
import type { IDataObject, IHookFunctions } from 'n8n-workflow';
import { pause } from '../shared/transport/pause';
import { withoutQuery } from '../shared/trigger/secret';
import type { TriggerEvent } from './events';
import { families, type Family } from './families';

const at = '2026-05-18 10:44:21 +0300';
const contact = { full_name: 'Dana Miller', phone: '+14155550123' };
const agent = { full_name: 'Kate Smith', phone: '+14155550100' };
const messageUid = 'c7ec509d-0171-1ead-a84b-c6943a644768';
const responsible = { responsible_name: 'Kate Smith', responsible_email: 'kate@acme.example' };
const accountId = '14155550100@s.whatsapp.net';

const chatInMessages = {
	full_name: contact.full_name,
	chat_url: 'https://app.timelines.ai/chat/1000001/messages/',
	chat_id: 1000001,
	is_group: false,
	phone: contact.phone,
	...responsible,
};
const { is_group: _, ...typedChat } = { ...chatInMessages, chat_type: 'direct', platform: 'whatsapp', phone: '14155550123' };
const owner = { full_name: 'Kate Smith', email: 'kate@acme.example', phone: agent.phone };
const account = {
	id: accountId,
	phone: agent.phone,
	connected_on: at,
	status: 'active',
	account_name: 'Sales',
	owner_name: 'Kate Smith',
	owner_email: 'kate@acme.example',
};
const wabaIds = { id: 4821, meta_phone_id: '109998887776665', meta_waba_id: '203344556677889' };

/** The payload without its `event_type`, by family. */
const makers = new Map<Family, (event: string) => IDataObject>([
	[
		families.message,
		(event) => ({
			chat: chatInMessages,
			whatsapp_account: owner,
			message: { ...sentOrReceived(event === 'message:sent:new'), origin: event === 'message:sent:new' ? 'Shared Inbox' : 'synced from WhatsApp' },
		}),
	],
	[
		families.reaction,
		() => ({
			chat: typedChat,
			whatsapp_account: { ...owner, whatsapp_account_wid: accountId },
			reaction: { message_uid: messageUid, action: 'set', emoji: '\u{1F44D}', reactor: contact, timestamp: at, reactions: { '\u{1F44D}': 1 } },
		}),
	],
	[
		families.call,
		(event) => {
			const outgoing = event === 'call:outgoing:ended';
			const missed = event === 'call:incoming:missed';
			return {
				chat: typedChat,
				whatsapp_account: { ...owner, whatsapp_account_wid: accountId },
				call_details: {
					duration: missed ? null : 120,
					direction: outgoing ? 'outgoing' : 'incoming',
					is_video: false,
					status: missed ? 'Missed' : outgoing ? 'Ended' : 'Answered',
					timestamp: at,
					message_uid: messageUid,
					caller: outgoing ? agent : contact,
					recipient: outgoing ? contact : agent,
				},
			};
		},
	],
	[
		families.chat,
		(event) => ({
			chat: {
				id: 1000001,
				name: contact.full_name,
				phone: contact.phone,
				jid: '14155550123@s.whatsapp.net',
				is_group: false,
				closed: false,
				read: false,
				labels: ['customer'],
				unattended_customer: false,
				chatgpt_autoresponse_enabled: false,
				whatsapp_account_id: accountId,
				chat_url: chatInMessages.chat_url,
				created_timestamp: at,
				last_message_uid: messageUid,
				last_message_timestamp: at,
				...(event === 'chat:responsible:assigned' && responsible),
				...(event.startsWith('chat:responsible:') && { previous_responsible_name: 'Tom Jones', previous_responsible_email: 'tom@acme.example' }),
			},
			whatsapp_account: account,
		}),
	],
	[
		families.whatsappAccount,
		(event) => ({
			whatsapp_account: {
				...account,
				...(event === 'whatsapp:account:disconnected' && { disconnected_on: at, status: 'disconnected' }),
				...(event === 'whatsapp:account:suspended' && { status: 'suspended' }),
			},
		}),
	],
	[
		families.wabaMessage,
		(event) => {
			const received = event === 'waba:message:received';
			return {
				account: { ...wabaIds, phone: agent.phone, account_name: 'Sales' },
				chat: { id: 90155, waba_account_id: wabaIds.id, closed: false, service_window_is_open: true, service_window_expires_at: '2026-05-19 10:44:21 +0300' },
				message: {
					...sentOrReceived(!received),
					status: received ? 'Delivered' : event.slice('waba:message:'.length).replace(/^./, (letter) => letter.toUpperCase()),
					origin: received ? 'WhatsApp' : 'Shared Inbox',
					...(event === 'waba:message:failed' && {
						failure_reason: { code: 131047, title: 'Re-engagement message', details: 'More than 24 hours have passed since the contact last wrote.' },
					}),
				},
			};
		},
	],
	[
		families.wabaChat,
		(event) => ({
			chat: { id: 90155, waba_account_id: wabaIds.id },
			account: wabaIds,
			...(event === 'waba:chat:assigned' && { responsible: { name: 'Kate Smith', email: 'kate@acme.example' } }),
		}),
	],
	[
		families.wabaAccount,
		(event) => ({
			account: {
				...wabaIds,
				display_phone_number: '+1 415 555 0100',
				state: event === 'waba:account:disconnected' ? 'removed' : event.slice('waba:account:'.length),
			},
		}),
	],
	[
		families.wabaTemplate,
		(event) => ({
			template: {
				id: 501,
				name: 'order_confirmation',
				status: event.slice('waba:template:'.length).toUpperCase(),
				parameter_format: 'NAMED',
				meta_waba_id: wabaIds.meta_waba_id,
				accounts: [wabaIds.id],
			},
		}),
	],
]);

/** The payload of an event as TimelinesAI would send it, with people and numbers that do not exist. */
export function sampleOf({ value, family }: TriggerEvent): IDataObject {
	return { event_type: value, ...makers.get(family)?.(value) };
}

/**
 * Sends a payload to the trigger's own test webhook. n8n listens there a moment after the hook that calls this has returned, so it
 * is tried for some seconds. Never rejects: nobody waits for it.
 *
 * @param url with the secret
 */
export async function deliverSample({ helpers, logger }: IHookFunctions, url: string, payload: IDataObject): Promise<void> {
	let reason = '';
	for (let attempt = 1; attempt <= 5; attempt++) {
		await pause(1_000);
		try {
			await helpers.httpRequest({ method: 'POST', url, body: payload, json: true });
			return;
		} catch (error) {
			reason = (error as Error).message;
		}
	}
	logger.warn(`The sample event could not be delivered: n8n does not reach its own webhook at ${withoutQuery(url)} (${reason})`);
}

function sentOrReceived(sent: boolean): IDataObject {
	return {
		text: sent ? 'Your order A-1027 is on its way.' : 'Hello! Where is my order A-1027?',
		direction: sent ? 'sent' : 'received',
		timestamp: at,
		received_timestamp: at,
		message_uid: messageUid,
		sender: sent ? agent : contact,
		recipient: sent ? contact : agent,
		attachments: [],
	};
}
