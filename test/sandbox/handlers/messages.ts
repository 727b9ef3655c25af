/** Sending and reading messages; the reading endpoints serve WABA messages as well. */
import { type Call, type Upload } from '../contract';
import { chatOf, type Context, messageOf, type PublicHandlers } from '../context';
import { ApiError, invalid, notFound } from '../errors';
import { type Message, type StoredFile } from '../world';
import { storeUpload } from './files';
import { PAGE_SIZE } from './chats';

type SendBody = Parameters<PublicHandlers['POST /chats/{chat_id}/messages']>[0]['body'];
type PhoneBody = Parameters<PublicHandlers['POST /messages']>[0]['body'];

interface HistoryFilters {
	from_me?: boolean | undefined;
	after?: string | undefined;
	before?: string | undefined;
	after_message?: string | undefined;
	before_message?: string | undefined;
	sorting_order?: 'asc' | 'desc' | undefined;
}

export const messageHandlers = {
	'GET /chats/{chat_id}/messages': (call, context) => listMessages(call, context),
	'GET /v2/chats/{chat_id}/messages': (call, context) => listMessages(call, context),
	'POST /chats/{chat_id}/messages': (call, context) => sent(context.messenger.send(chatOf(call, context), draft(call.body, context))),
	'POST /v2/chats/{chat_id}/messages': (call, context) => sent(context.messenger.send(chatOf(call, context), draft(call.body, context))),
	'POST /messages': ({ body }, context) => sendToPhone(body, context),
	'POST /v2/messages': ({ body }, context) => sendToPhone(body, context),
	'POST /messages/to_jid': ({ body }, context) => {
		const { world, messenger } = context;
		const account = senderOf(body.whatsapp_account_phone, context);
		const known = [...world.chats.values()].find((chat) => chat.account === account && chat.platform === 'whatsapp' && chat.jid === body.jid);
		const phone = /^(\d{5,15})@s\.whatsapp\.net$/.exec(body.jid)?.[1];
		if (!known && !phone) throw body.jid.endsWith('@g.us') ? notFound('Chat') : invalid(`Wrong jid "${body.jid}"`);
		return sent(messenger.send(() => known ?? messenger.chatWith(account, phone ?? '', body.chat_name, 'outgoing'), draft(body, context)));
	},
	'POST /chats/{chat_id}/file_message': (call, context) => {
		const attachment = storeUpload(upload(call), call.body, context, false);
		return sent(context.messenger.send(chatOf(call, context), { text: call.body.caption, attachment }));
	},
	'POST /chats/{chat_id}/voice_message': (call, context) => {
		const voice = upload(call);
		if (!/\.(ogg|oga|mp3)$/i.test(voice.filename ?? '') && !/^audio\/(ogg|mpeg|mp3)\b/.test(voice.mimetype)) {
			throw invalid('Unsupported audio format: use OGG, OGA or MP3', [{ fields: ['file'], msg: 'Unsupported file type' }]);
		}
		return sent(context.messenger.send(chatOf(call, context), { attachment: storeUpload(voice, {}, context, false) }));
	},
	'GET /messages/{message_uid}': (call, context) => context.views.message(messageOf(call, context)),
	'GET /messages/{message_uid}/status_history': (call, context) => statusHistory(call, context),
	'GET /messages/{message_uid}/reactions': (call, context) => reactions(call, context),
	'PATCH /messages/{message_uid}/reactions': (call, context) => react(call, context),
} satisfies Partial<PublicHandlers>;

/**
 * One page of a chat's history. `page` is taken although only WABA documents it; the documented way on is the cursor
 * `before_message` / `after_message`.
 */
export function listMessages(call: Call<HistoryFilters>, context: Context, size = PAGE_SIZE): object {
	const { world, views } = context;
	const { from_me, after, before, after_message, before_message, sorting_order } = call.query;
	const history = chatOf(call, context).messages;
	const place = (uid: string) => {
		const found = history.findIndex((message) => message.uid === uid);
		if (found < 0) throw notFound('Message');
		return found;
	};
	const since = after === undefined ? undefined : world.clock.parse(after)?.from;
	const until = before === undefined ? undefined : world.clock.parse(before)?.to;
	const matching = history
		.slice(after_message === undefined ? 0 : place(after_message) + 1, before_message === undefined ? undefined : place(before_message))
		.filter(
			(message) =>
				(from_me === undefined || message.fromMe === from_me) && (since === undefined || message.at >= since) && (until === undefined || message.at <= until),
		);
	if (sorting_order !== 'asc') matching.reverse();
	const page = /^[1-9]\d*$/.test(call.rawQuery.page ?? '') ? Number(call.rawQuery.page) : 1;
	return {
		has_more_pages: matching.length > page * size,
		messages: matching.slice((page - 1) * size, page * size).map((message) => views.message(message)),
	};
}

export const statusHistory = (call: Call, context: Context) => context.views.statusHistory(messageOf(call, context).statusHistory);

export const reactions = (call: Call, context: Context) => context.views.reactions(messageOf(call, context).reactions);

/** Sets the one reaction of the chat's own number, or with an empty text clears it. */
export function react(call: Call<unknown, { reaction: string }>, context: Context): object {
	const message = messageOf(call, context);
	const { account } = message.chat;
	if ('canReact' in account && !account.canReact) throw new ApiError('not_supported', 'Reactions are not supported for this WhatsApp account');
	if (message.chat.platform === 'waba' && account.status !== 'active') throw new ApiError('account_inactive', 'The WABA account is not active');
	context.messenger.react(message, call.body.reaction);
	return sent(message);
}

const sent = (message: Message) => ({ message_uid: message.uid });

function sendToPhone(body: PhoneBody, context: Context): object {
	const account = senderOf(body.whatsapp_account_phone, context);
	checkPhone(body.phone);
	const { messenger } = context;
	return sent(messenger.send(() => messenger.chatWith(account, body.phone, body.chat_name, 'outgoing'), draft(body, context)));
}

/** Blanks, dashes, brackets and anything else but digits after an optional `+` make a phone number wrong. */
export function checkPhone(phone: string): void {
	if (!/^\+?\d{5,15}$/.test(phone)) throw invalid(`Wrong phone number "${phone}"`);
}

function senderOf(phone: string | undefined, { world }: Context) {
	return phone === undefined ? world.defaultAccount() : world.accountByPhone(phone);
}

/** What the body of the three sending endpoints asks for. */
function draft(body: SendBody, context: Context) {
	return { text: body.text, attachment: attachmentOf(body, context), label: body.label, replyTo: body.reply_to };
}

function attachmentOf({ file_uid, attachment_template_id }: SendBody, { world }: Context): StoredFile | null {
	if (file_uid !== undefined && attachment_template_id !== undefined) throw invalid('Use either file_uid or attachment_template_id');
	if (file_uid !== undefined) return world.file(file_uid);
	if (attachment_template_id === undefined) return null;
	const file = world.attachmentTemplates.get(attachment_template_id);
	if (!file) throw notFound('Attachment template');
	return file;
}

/** The file of a multipart call; the contract check has made sure that there is one. */
export function upload(call: Call): Upload {
	if (!call.upload) throw invalid('Validation error', [{ fields: ['file'], msg: 'Field required' }]);
	return call.upload;
}
