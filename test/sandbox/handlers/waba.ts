/** WhatsApp Business API numbers: service windows, templates, analytics. Chats and messages are read as elsewhere. */
import { Reply } from '../api';
import { chatOf, type Context, messageOf, type PublicHandlers } from '../context';
import { ApiError, invalid, notFound } from '../errors';
import { windowClosesAt } from '../views';
import { type Analytics, type Chat, digits, type Message, type WabaAccount, type WabaChat, type WabaTemplate } from '../world';
import { addLabels, PAGE_SIZE, pageOfChats, replaceLabels, several, updateChat } from './chats';
import { storeUpload } from './files';
import { checkPhone, listMessages, react, reactions, statusHistory } from './messages';

type SendCall = Parameters<PublicHandlers['POST /waba/messages']>[0];

const DIMENSIONS = ['COUNTRY', 'PRICING_CATEGORY', 'PRICING_TYPE'];
const DAY_SECONDS = 24 * 3600;

export const wabaHandlers = {
	'GET /waba/accounts': (_call, { world, views }) => ({ waba_accounts: world.wabaAccounts.map((account) => views.wabaAccount(account)) }),
	'GET /waba/accounts/{account_id}': ({ params }, context) => {
		const account = accountOf(Number(params.account_id), context);
		const siblings = context.world.wabaAccounts.filter(({ metaWabaId }) => metaWabaId === account.metaWabaId);
		return {
			...context.views.wabaAccount(account),
			waba_profile: { meta_waba_id: account.metaWabaId, name: account.name, account_ids: siblings.map(({ id }) => id) },
			_note: 'id is the internal account id and is the only value used to address this account. meta_phone_id and meta_waba_id are display-only cross-reference fields.',
		};
	},
	'POST /waba/accounts/{account_id}/analytics': ({ params, body }, context) => {
		const { world } = context;
		const account = accountOf(Number(params.account_id), context);
		if (body.start >= body.end) throw invalid('start must be before end');
		const dimensions = several(body.dimensions ?? '');
		const wrong = dimensions.find((dimension) => !DIMENSIONS.includes(dimension));
		if (wrong) throw invalid(`Unknown dimension "${wrong}": use ${DIMENSIONS.join(', ')}`);
		const request = JSON.stringify([account.id, body.start, body.end, dimensions]);
		let analytics = [...world.analytics.values()].find((known) => known.request === request);
		if (!analytics) {
			const outcome = world.analyticsError ? { error: world.analyticsError } : { result: volumes(account, body.start, Math.min(body.end, world.clock.now() / 1000), dimensions) };
			analytics = { handle: world.ids.uid().replaceAll('-', ''), accountId: account.id, request, pollsLeft: world.analyticsPolls, outcome };
			world.analytics.set(analytics.handle, analytics);
		}
		return new Reply({ status: 202, body: { status: 'ok', data: analyticsStatus(analytics) } });
	},
	'GET /waba/accounts/{account_id}/analytics/{handle_id}': ({ params }, { world }) => {
		const analytics = world.analytics.get(params.handle_id ?? '');
		if (!analytics) throw notFound('Analytics request');
		const status = analyticsStatus(analytics);
		analytics.pollsLeft--;
		return status;
	},

	'GET /waba/chats': ({ query }, context) => {
		const accounts = query.waba_account_id && several(query.waba_account_id);
		const responsible = query.responsible && several(query.responsible.toLowerCase());
		const matching = [...context.world.chats.values()].filter(
			(chat) =>
				chat.platform === 'waba' &&
				(!accounts || accounts.includes(String(chat.account.id))) &&
				(!responsible || (chat.responsible !== null && responsible.includes(chat.responsible.email.toLowerCase()))) &&
				(query.closed === undefined || chat.closed === query.closed) &&
				(query.whatsapp_phone === undefined || digits(chat.phone ?? '') === digits(query.whatsapp_phone)),
		);
		return pageOfChats(matching, query.page ?? 1, query.with_msg ?? false, context);
	},
	'GET /waba/chats/{chat_id}': (call, context) => context.views.chat(chatOf(call, context)),
	'PATCH /waba/chats/{chat_id}': (call, context) => updateChat(call, context),
	'GET /waba/chats/{chat_id}/labels': (call, context) => ({ labels: chatOf(call, context).labels }),
	'POST /waba/chats/{chat_id}/labels': (call, context) => replaceLabels(call, context),
	'PUT /waba/chats/{chat_id}/labels': (call, context) => addLabels(call, context),
	'GET /waba/chats/{chat_id}/messages': (call, context) => listMessages(call, context, call.query.size),
	'POST /waba/chats/{chat_id}/messages': (call, context) => {
		const chat = wabaChat(chatOf(call, context));
		return context.views.message(send(call, context, chat.account, chat, () => chat));
	},
	'POST /waba/messages': (call, context) => {
		const { waba_account_id: accountId, phone } = call.body;
		const missing = [accountId === undefined && 'waba_account_id', phone === undefined && 'phone'].filter((name) => name !== false);
		if (missing.length > 0) throw invalid('Validation error', missing.map((field) => ({ fields: [field], msg: 'Field required' })));
		checkPhone(phone ?? '');
		const account = accountOf(Number(accountId), context);
		const known = context.world.directChat(account, phone ?? '');
		return context.views.message(
			send(call, context, account, known && wabaChat(known), () => wabaChat(context.messenger.chatWith(account, phone ?? '', undefined, 'outgoing'))),
		);
	},

	'GET /waba/messages/{message_uid}': (call, context) => context.views.message(messageOf(call, context)),
	'GET /waba/messages/{message_uid}/status_history': (call, context) => statusHistory(call, context),
	'GET /waba/messages/{message_uid}/reactions': (call, context) => reactions(call, context),
	'PATCH /waba/messages/{message_uid}/reactions': (call, context) => react(call, context),

	'GET /waba/templates': ({ query }, { world, views }) => {
		const newestFirst = [...world.wabaTemplates.values()].sort((a, b) => b.createdAt - a.createdAt || b.id - a.id);
		const end = (query.page ?? 1) * PAGE_SIZE;
		return { has_more_pages: newestFirst.length > end, templates: newestFirst.slice(end - PAGE_SIZE, end).map((template) => views.wabaTemplate(template)) };
	},
	'GET /waba/templates/{template_id}': ({ params }, { world, views }) => {
		const template = world.wabaTemplates.get(Number(params.template_id));
		if (!template) throw notFound('Template');
		const accounts = world.wabaAccounts.filter(({ metaWabaId }) => metaWabaId === template.metaWabaId);
		return { ...views.wabaTemplate(template), accounts: accounts.map(({ id }) => id), components: template.components };
	},
} satisfies Partial<PublicHandlers>;

/** The placeholders of a template by section: `{{1}}` in the order of the numbers, `{{name}}` in that of their first appearance. */
export function placeholders(template: WabaTemplate): { header: string[]; body: string[] } {
	const section = (type: string) => {
		const text = template.components.find((component) => component.type === type)?.text;
		const names = [...new Set([...String(text ?? '').matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map(([, name]) => name ?? ''))];
		return template.parameterFormat === 'POSITIONAL' ? names.sort((a, b) => Number(a) - Number(b)) : names;
	};
	return { header: section('HEADER'), body: section('BODY') };
}

/**
 * Sends free text, a file, or a template, one of them. Free text and files need an open service window, templates an approval
 * and the right number of variables. `chatFor` makes the chat once everything is in order.
 */
function send({ body, upload }: SendCall, context: Context, account: WabaAccount, known: WabaChat | undefined, chatFor: () => WabaChat): Message {
	const { world, messenger } = context;
	const template = 'template' in body ? body.template : undefined;
	const fileUid = 'file_uid' in body ? body.file_uid : undefined;
	if (account.status !== 'active') throw new ApiError('account_inactive', 'The WABA account is not active');
	if (template) {
		if (body.text !== undefined || fileUid !== undefined) throw invalid('template cannot be combined with text, file or file_uid');
		const { found, text } = filled(template, account, context);
		return messenger.send(chatFor, { text, template: found });
	}
	const closesAt = known && windowClosesAt(known);
	if (closesAt === undefined || closesAt <= world.clock.now()) {
		throw new ApiError('service_window_closed', 'The 24-hour customer service window is closed: only template messages can be sent');
	}
	const attachment = upload ? storeUpload(upload, { filename: 'filename' in body ? body.filename : undefined }, context, false) : fileUid !== undefined ? world.file(fileUid) : null;
	return messenger.send(chatFor, { text: body.text, attachment });
}

/** The approved template that is meant, and its text with the variables filled in. */
function filled(
	{ name, language, variables = {} }: { name: string; language: string; variables?: { header?: string[] | undefined; body?: string[] | undefined } | undefined },
	account: WabaAccount,
	{ world }: Context,
): { found: WabaTemplate; text: string } {
	const named = [...world.wabaTemplates.values()].filter((template) => template.name === name && template.language === language);
	const found = named.find((template) => template.metaWabaId === account.metaWabaId);
	if (!found && named.length > 0) throw new ApiError('template_wrong_waba', 'The template belongs to another WABA');
	if (!found) throw notFound('Template');
	if (found.status !== 'APPROVED') throw new ApiError('template_not_approved', `The template is not approved: its status is ${found.status}`);
	const wanted = placeholders(found);
	for (const section of ['header', 'body'] as const) {
		const given = variables[section]?.length ?? 0;
		if (given !== wanted[section].length) {
			throw new ApiError('template_variables_mismatch', `The ${section} of the template takes ${wanted[section].length} variables, ${given} given`);
		}
	}
	const text = String(found.components.find((component) => component.type === 'BODY')?.text ?? '');
	return { found, text: text.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, key: string) => variables.body?.[wanted.body.indexOf(key)] ?? '') };
}

function accountOf(id: number, { world }: Context): WabaAccount {
	const account = world.wabaAccounts.find((candidate) => candidate.id === id);
	if (!account) throw notFound('WABA account');
	return account;
}

/** Below `/waba` only WABA chats are found, which the types cannot know. */
function wabaChat(chat: Chat): WabaChat {
	if (chat.platform !== 'waba') throw notFound('Chat');
	return chat;
}

function analyticsStatus({ handle, pollsLeft, outcome }: Analytics): object {
	if (pollsLeft > 0) return { handle, state: 'pending' };
	return { handle, state: 'result' in outcome ? 'ready' : 'error', ...outcome };
}

/** Made-up volumes in the shape of Meta's two edges: one point a day, and with dimensions one breakdown each. */
function volumes(account: WabaAccount, start: number, end: number, dimensions: string[]): object {
	const days = Math.max(1, Math.min(365, Math.ceil((end - start) / DAY_SECONDS)));
	const points = Array.from({ length: days }, (_, day) => ({ start: start + day * DAY_SECONDS, end: start + (day + 1) * DAY_SECONDS, sent: 10 + day, delivered: 9 + day }));
	const breakdown = {
		...(dimensions.includes('COUNTRY') && { country: 'DE' }),
		...(dimensions.includes('PRICING_CATEGORY') && { pricing_category: 'UTILITY' }),
		...(dimensions.includes('PRICING_TYPE') && { pricing_type: 'REGULAR' }),
	};
	return {
		analytics: { phone_numbers: [digits(account.phone)], granularity: 'DAY', data_points: points },
		pricing_analytics: { data: [{ data_points: points.map((point) => ({ start: point.start, end: point.end, volume: point.delivered, ...breakdown })) }] },
	};
}
