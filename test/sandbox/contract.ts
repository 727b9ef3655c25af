/** The Public API's contract as data: one entry an endpoint, with what its query and its body may hold. */
import { z } from 'zod';
import { eventTypes } from './eventTypes';

export interface EndpointSpec {
	query?: z.AnyZodObject;
	/** The JSON body. */
	body?: z.AnyZodObject;
	/** A JSON body may be left out altogether. */
	bodyOptional?: boolean;
	/** A `text/plain` body does as well, and counts as this field. */
	textBody?: string;
	/** The fields of a multipart body, beside its one part named `file`. */
	upload?: z.AnyZodObject;
	/** Unknown body fields are refused instead of ignored. */
	closed?: boolean;
}

/** Text of at most so many characters (not UTF-16 units). */
const text = (max: number, min = 0) =>
	z
		.string()
		.refine((value) => [...value].length <= max, `String should have at most ${max} characters`)
		.refine((value) => value.length >= min, `String should have at least ${min} character`);

const flag = z.enum(['true', 'false'], { message: 'Value should be a valid boolean' }).transform((value) => value === 'true');
const page = z
	.string()
	.regex(/^[1-9]\d*$/, 'Value should be an integer greater than 0')
	.transform(Number);
const moment = z.string().regex(/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/, 'Value should be a date or datetime in ISO format');
/** A phone number in a query: a `+` that was not percent-encoded arrives as a blank. */
const phoneInQuery = z.string().regex(/^[^ ]/, 'Phone number starts with a blank: "+" has to be percent-encoded');
const object = <S extends z.ZodRawShape>(shape: S) => z.object(shape);

const chatFiltersV2 = object({
	label: z.string(),
	whatsapp_account_id: z.string(),
	group: flag,
	responsible: z.string(),
	name: z.string(),
	read: flag,
	closed: flag,
	chatgpt_autoresponse_enabled: flag,
	page,
	created_after: moment,
	created_before: moment,
	whatsapp_phone: phoneInQuery,
	with_msg: flag,
}).partial();
const chatFilters = chatFiltersV2.extend({ phone: phoneInQuery.optional() });

const historyFilters = object({
	from_me: flag,
	after: moment,
	before: moment,
	after_message: z.string(),
	before_message: z.string(),
	sorting_order: z.enum(['asc', 'desc']),
}).partial();

const chatDetails = object({
	name: text(256),
	responsible: z.string(),
	closed: z.boolean(),
	read: z.boolean(),
	chatgpt_autoresponse_enabled: z.boolean(),
}).partial();

const message = object({
	text: text(2000),
	file_uid: z.string(),
	label: text(64),
	chat_name: text(256),
	attachment_template_id: z.number().int(),
}).partial();
const replyTo = { reply_to: z.string().nullable().optional() };
const sender = { whatsapp_account_phone: z.string().optional() };
const messageToPhone = message.extend({ phone: z.string(), ...sender });

const labels = object({ labels: z.array(text(64)) });
const reaction = object({ reaction: text(50) });
const fileForm = object({ filename: text(1024), content_type: text(140) }).partial();
/** One schema of the specification for both uploads, though a caption means something only beside a message. */
const uploadForm = fileForm.extend({ caption: text(2000).optional() });

const wabaMessage = object({
	text: z.string(),
	file_uid: z.string(),
	template: object({
		name: z.string(),
		language: z.string(),
		variables: object({ header: z.array(z.string()), body: z.array(z.string()) })
			.partial()
			.strict()
			.optional(),
	}).strict(),
	waba_account_id: z.number().int(),
	phone: z.string(),
}).partial();
const wabaForm = object({
	text: z.string(),
	filename: z.string(),
	waba_account_id: z.string().regex(/^\d+$/, 'Value should be a valid integer').transform(Number),
	phone: z.string(),
}).partial();
const invitableRoles = ['admin', 'team_supervisor', 'teammate', 'agent', 'collaborator'];

const eventType = z.enum(eventTypes);
const webhookUrl = text(4096);
const visibility = z.enum(['public', 'private', 'read-only']);
const templateName = text(160, 1);
const templateText = text(4096, 1);
const teamTitle = z.string().nullable().optional();

export const publicContract = {
	'GET /chats': { query: chatFilters },
	'GET /chats/{chat_id}': {},
	'PATCH /chats/{chat_id}': { body: chatDetails },
	'GET /chats/{chat_id}/messages': { query: historyFilters },
	'POST /chats/{chat_id}/messages': { body: message.extend(replyTo) },
	'POST /chats/{chat_id}/file_message': { upload: uploadForm },
	'POST /chats/{chat_id}/voice_message': { upload: object({}) },
	'GET /chats/{chat_id}/labels': {},
	'POST /chats/{chat_id}/labels': { body: labels },
	'PUT /chats/{chat_id}/labels': { body: labels },
	'POST /chats/{chat_id}/notes': { body: object({ text: text(10_000), is_private: z.boolean().default(true) }), textBody: 'text' },

	'POST /messages': { body: messageToPhone },
	'POST /messages/to_jid': { body: message.extend({ jid: z.string(), ...sender, ...replyTo }) },
	'GET /messages/{message_uid}': {},
	'GET /messages/{message_uid}/status_history': {},
	'GET /messages/{message_uid}/reactions': {},
	'PATCH /messages/{message_uid}/reactions': { body: reaction },

	'GET /files': { query: object({ filename: z.string().optional() }) },
	'POST /files': { body: fileForm.extend({ download_url: z.string() }) },
	'POST /files_upload': { upload: uploadForm },
	'GET /files/{file_uid}': {},
	'DELETE /files/{file_uid}': {},

	'GET /whatsapp_accounts': {},
	'GET /workspace': {},
	'GET /workspace/teammates': {},
	'GET /workspace/teammates/me': {},

	'POST /workspace/invitations': {
		body: object({
			email: text(254).refine((value) => /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(value), 'Value is not a valid email address'),
			first_name: text(150).optional(),
			last_name: text(150).optional(),
			team_title: z.string().optional(),
			role: z
				.string()
				.refine((role) => invitableRoles.includes(role.toLowerCase()), `Role should be one of ${invitableRoles.join(', ')}`)
				.optional(),
		}),
	},
	'DELETE /workspace/invitations/{user_id}': {},

	'GET /webhooks': {},
	'POST /webhooks': { body: object({ event_type: eventType, url: webhookUrl, enabled: z.boolean().optional() }) },
	'GET /webhooks/{webhook_id}': {},
	'PUT /webhooks/{webhook_id}': { body: object({ event_type: eventType, url: webhookUrl, enabled: z.boolean() }).partial() },
	'DELETE /webhooks/{webhook_id}': {},

	'GET /templates': {},
	'POST /templates': { body: object({ name: templateName, text: templateText, visibility: visibility.optional(), team_title: teamTitle }) },
	'GET /templates/{template_id}': {},
	'PATCH /templates/{template_id}': {
		body: object({ name: templateName, text: templateText, visibility }).partial().extend({ team_title: teamTitle }),
	},
	'DELETE /templates/{template_id}': {},
	'POST /templates/{template_id}/track_usage': { body: object({ origin: z.string().optional() }), bodyOptional: true },

	'GET /v2/chats': { query: chatFiltersV2 },
	'GET /v2/chats/{chat_id}/messages': { query: historyFilters },
	'POST /v2/chats/{chat_id}/messages': { body: message },
	'POST /v2/messages': { body: messageToPhone },
	'GET /v2/whatsapp_accounts': {},
	'GET /v2/templates': {},
	'POST /v2/templates': { body: object({ template_id: z.number().int(), origin: z.string() }) },

	'GET /waba/accounts': {},
	'GET /waba/accounts/{account_id}': {},
	'POST /waba/accounts/{account_id}/analytics': {
		body: object({ start: z.number().int(), end: z.number().int(), dimensions: z.string().optional() }),
		closed: true,
	},
	'GET /waba/accounts/{account_id}/analytics/{handle_id}': {},
	'GET /waba/chats': {
		query: object({ waba_account_id: z.string(), responsible: z.string(), closed: flag, whatsapp_phone: phoneInQuery, page, with_msg: flag }).partial(),
	},
	'GET /waba/chats/{chat_id}': {},
	'PATCH /waba/chats/{chat_id}': { body: chatDetails.omit({ chatgpt_autoresponse_enabled: true }), closed: true },
	'GET /waba/chats/{chat_id}/labels': {},
	'POST /waba/chats/{chat_id}/labels': { body: labels },
	'PUT /waba/chats/{chat_id}/labels': { body: labels },
	'GET /waba/chats/{chat_id}/messages': { query: historyFilters.extend({ page: page.optional(), size: page.optional() }) },
	'POST /waba/chats/{chat_id}/messages': { body: wabaMessage, upload: wabaForm },
	'POST /waba/messages': { body: wabaMessage, upload: wabaForm },
	'GET /waba/messages/{message_uid}': {},
	'GET /waba/messages/{message_uid}/status_history': {},
	'GET /waba/messages/{message_uid}/reactions': {},
	'PATCH /waba/messages/{message_uid}/reactions': { body: reaction },
	'GET /waba/templates': { query: object({ page: page.optional() }) },
	'GET /waba/templates/{template_id}': {},
} satisfies Record<string, EndpointSpec>;

export type PublicEndpoint = keyof typeof publicContract;

/** Path parameters that are numbers; all others are any text without a slash. */
const integerParameters = new Set(['chat_id', 'template_id', 'account_id', 'webhook_id', 'user_id']);

type Output<T> = T extends z.ZodTypeAny ? z.output<T> : never;
type QueryOf<S> = S extends { query: infer Q } ? Output<Q> : unknown;
type BodyOf<S> = S extends { body: infer B; upload: infer U }
	? Output<B> | Output<U>
	: S extends { body: infer T } | { upload: infer T }
		? Output<T>
		: unknown;

/** What a handler gets of a request to the endpoint with this entry. */
export interface Call<Query = unknown, Body = unknown> {
	/** Decoded path parameters by name. */
	params: Record<string, string>;
	query: Query;
	body: Body;
	/** The query as it came, for parameters that the server takes without documenting them. */
	rawQuery: Record<string, string>;
	/** The file of a multipart body. */
	upload: Upload | undefined;
	/** The endpoint, as `POST /chats/{chat_id}/labels`. */
	route: string;
}

/** The file of a multipart request, counted and hashed while it streamed through. */
export interface Upload {
	field: string;
	filename: string | undefined;
	mimetype: string;
	size: number;
	sha256: string;
	/** Undefined where it was bigger than what the sandbox keeps. */
	content: Buffer | undefined;
}

/** One handler an endpoint of a contract, with its query and body typed by the entry. */
export type Handlers<C extends Record<string, EndpointSpec>, Context> = {
	[E in keyof C]: (call: Call<QueryOf<C[E]>, BodyOf<C[E]>>, context: Context) => unknown;
};

/** Where a path leads: an endpoint with its parameters, a path with other methods only, or nowhere. */
export type Found = { route: string; params: Record<string, string> } | { allowed: string[] } | undefined;

/** Makes the router of a contract. Paths are as sent: encoded, without the API's root. */
export function router(contract: Record<string, EndpointSpec>): (method: string, path: string) => Found {
	const routes = Object.keys(contract).map((route) => {
		const [method = '', template = ''] = route.split(' ');
		const names: string[] = [];
		const pattern = template.replace(/\{(\w+)\}/g, (_, name: string) => {
			names.push(name);
			return integerParameters.has(name) ? '(\\d+)' : '([^/]+)';
		});
		return { route, method, names, pattern: new RegExp(`^${pattern}$`) };
	});
	return (method, path) => {
		const allowed: string[] = [];
		for (const route of routes) {
			const match = route.pattern.exec(path);
			if (!match) continue;
			if (route.method === method) {
				return { route: route.route, params: Object.fromEntries(route.names.map((name, index) => [name, decode(match[index + 1] ?? '')])) };
			}
			allowed.push(route.method);
		}
		return allowed.length > 0 ? { allowed } : undefined;
	};
}

function decode(segment: string): string {
	try {
		return decodeURIComponent(segment);
	} catch {
		return segment;
	}
}
