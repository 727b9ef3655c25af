/** The phone page: a web page like a messenger, on which one writes as a customer and sees what is answered. */
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readMultipart } from '../api';
import { type Context } from '../context';
import { ApiError, invalid, notFound } from '../errors';
import { storeUpload } from '../handlers/files';
import { checkPhone } from '../handlers/messages';
import { lastMessage } from '../views';
import { type Incoming } from '../messenger';
import { type Chat } from '../world';

const ASSETS: Record<string, [file: string, type: string]> = {
	'/': ['index.html', 'text/html; charset=utf-8'],
	'/phone.css': ['phone.css', 'text/css; charset=utf-8'],
	'/phone.js': ['phone.js', 'text/javascript; charset=utf-8'],
};
/** The page shows the latest so many messages and chats. */
const SHOWN = 200;
const KEEP_BYTES = 16 * 1024 * 1024;

/** Serves the page at the origin itself. Gives the function that tells open pages of a change. */
export function servePhonePage(server: FastifyInstance, context: () => Context, filesOrigin: string): () => void {
	const pages = new Set<FastifyReply>();
	let told = false;

	for (const [path, [file, type]] of Object.entries(ASSETS)) {
		const content = readFileSync(join(__dirname, file));
		server.get(path, (_request, reply) => reply.type(type).headers(security(filesOrigin)).send(content));
	}

	server.get('/phone/events', (request, reply) => {
		reply.hijack();
		reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
		reply.raw.write(': hello\n\n');
		pages.add(reply);
		request.raw.on('close', () => pages.delete(reply));
	});

	server.get('/phone/chats', () => {
		const { world } = context();
		const chats = [...world.chats.values()].sort((a, b) => (lastMessage(b)?.at ?? b.createdAt) - (lastMessage(a)?.at ?? a.createdAt));
		return {
			chats: chats.slice(0, SHOWN).map((chat) => ({ id: chat.id, name: chat.name, last: lastMessage(chat)?.text ?? lastMessage(chat)?.attachment?.filename ?? '' })),
			accounts: numbers().map(({ name, phone }) => ({ name, phone })),
		};
	});
	server.get('/phone/chats/:id', (request) => showChat(chatOf(Number((request.params as { id: string }).id)), context()));

	server.get('/phone/attachments/:uid', (request, reply) => {
		const { world, views } = context();
		const file = world.files.get((request.params as { uid: string }).uid);
		if (!file) throw notFound('File');
		return reply.redirect(views.temporaryUrl(file));
	});
	server.post('/phone/messages', sameOrigin, (request) => {
		const { text, ...customer } = customerFields.extend({ text: z.string().min(1) }).parse(JSON.parse(String(request.body)));
		return written({ ...whose(customer), text });
	});
	server.post('/phone/attachments', sameOrigin, async (request) => {
		const { fields, file } = await readMultipart(request, KEEP_BYTES);
		if (!file) throw invalid('There is no file');
		return written({ ...whose(customerFields.parse(fields)), text: null, attachment: storeUpload(file, {}, context(), false) });
	});
	server.post('/phone/reactions', sameOrigin, (request) => {
		const { uid, emoji } = z.object({ uid: z.string(), emoji: z.string() }).parse(JSON.parse(String(request.body)));
		const message = context().world.messages.get(uid);
		if (!message) throw notFound('Message');
		context().messenger.react(message, emoji, customerOf(message.chat));
		return { uid };
	});

	const chatOf = (id: number): Chat => {
		const chat = context().world.chats.get(id);
		if (!chat) throw notFound('Chat');
		return chat;
	};

	/** The chat that the page shows, or the new customer that was typed in. */
	const whose = ({ chatId, phone, name, account }: z.output<typeof customerFields>): Incoming => {
		if (chatId !== undefined) return { chatId: chatOf(Number(chatId)).id };
		checkPhone(phone ?? '');
		return { phone: phone ?? '', ...(name && { name }), account: numbers().find((number) => number.phone === account) ?? context().world.defaultAccount() };
	};
	const written = (incoming: Incoming) => {
		const message = context().messenger.receive(incoming);
		return { chatId: message.chat.id, uid: message.uid };
	};
	const numbers = () => [...context().world.accounts, ...context().world.wabaAccounts];

	return () => {
		if (told || pages.size === 0) return;
		told = true;
		// Several changes in one go are told once.
		setImmediate(() => {
			told = false;
			for (const page of pages) page.raw.write('data: change\n\n');
		});
	};
}

/** The chat as the page shows it: from the customer's side, with what the inbox has made of it. */
function showChat(chat: Chat, { views }: Context): object {
	const window = chat.platform === 'waba' ? views.serviceWindow(chat).service_window_is_open : undefined;
	return {
		id: chat.id,
		name: chat.name,
		phone: chat.phone,
		account: chat.account.phone,
		labels: chat.labels,
		responsible: chat.responsible?.name ?? null,
		closed: chat.closed,
		read: chat.read,
		facts: window === undefined ? [] : [window ? 'service window open' : 'service window closed'],
		messages: chat.messages.slice(-SHOWN).map((message) => ({
			uid: message.uid,
			from: message.type === 'note' ? 'note' : message.fromMe ? 'workspace' : 'customer',
			author: message.type === 'note' ? `Note · ${message.createdBy}` : chat.isGroup && !message.fromMe ? message.author.name : '',
			text: message.text,
			status: message.status,
			time: views.time(message.at).slice(11, 16),
			attachment: message.attachment && {
				filename: message.attachment.filename,
				mimetype: message.attachment.mimetype,
				url: `/phone/attachments/${message.attachment.uid}`,
			},
			reactions: message.reactions.map(({ emoji }) => emoji),
			reacted: message.reactions.some(({ phone }) => phone === customerOf(chat).phone),
		})),
	};
}

const customerOf = (chat: Chat) => ({ name: chat.name, phone: chat.phone ?? '', own: false });

/** The fields that say which customer writes. */
const customerFields = z.object({ chatId: z.string(), phone: z.string(), name: z.string(), account: z.string() }).partial();

/** The page may load itself and the files of its messages, nothing else. */
const security = (filesOrigin: string) => ({
	'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: ${filesOrigin}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
	'x-content-type-options': 'nosniff',
	'referrer-policy': 'no-referrer',
	'cache-control': 'no-store',
});

/** Other web pages that are open in the same browser may not write. */
const sameOrigin = {
	onRequest: (request: FastifyRequest, _reply: FastifyReply, done: (error?: Error) => void) => {
		const { origin, host } = request.headers;
		const stranger = origin !== undefined && origin !== `http://${host}`;
		done(stranger || !/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host ?? '') ? new ApiError('permission_denied', 'Only the phone page itself may write') : undefined);
	},
};
