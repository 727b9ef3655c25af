/** The sandbox itself, where others rely on details of it. */
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { eventTypes, generatedSha256, type Sandbox, startSandbox } from '../sandbox';
import { createHash } from 'node:crypto';

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox({ speed: { sentMs: 5, deliveredMs: 5, readMs: 5 }, webhooks: { retryDelayMs: 5 } });
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.close());

interface Answered {
	status: number;
	headers: Headers;
	text: string;
	// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read into the API's answers
	json: any;
}

/** One request to the sandbox's API with its token. */
async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answered> {
	const response = await fetch(`${sandbox.apiUrl}${path}`, {
		method,
		headers: { authorization: `Bearer ${sandbox.token}`, ...(body !== undefined && !(body instanceof FormData) && { 'content-type': 'application/json' }), ...headers },
		...(body !== undefined && { body: body instanceof FormData ? body : JSON.stringify(body) }),
	});
	const text = await response.text();
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch {
		json = undefined;
	}
	return { status: response.status, headers: response.headers, text, json };
}

const breaches = () => sandbox.breaches.map(({ kind, message }) => `${kind}: ${message}`);

/** A receiver of webhooks that answers as it is told, and remembers the bodies. */
async function receiver(answer: (body: { event_type: string }, count: number) => number | 'never' = () => 200) {
	const received: Array<{ event_type: string; message?: { message_uid: string } }> = [];
	const server: Server = createServer((incoming: IncomingMessage, response) => {
		let text = '';
		incoming.on('data', (chunk: Buffer) => (text += chunk.toString()));
		incoming.on('end', () => {
			const body = JSON.parse(text) as { event_type: string };
			received.push(body);
			const status = answer(body, received.length);
			if (status !== 'never') response.writeHead(status).end();
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
		received,
		async close() {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

describe('The contract', () => {
	it('is kept by a plain list of chats, in the real shapes', async () => {
		const chat = sandbox.world.addChat({ name: 'Anna', phone: '+4915112345671', labels: ['VIP'] });
		sandbox.world.addMessage(chat, { at: Date.UTC(2026, 4, 18, 7, 44, 21) });
		const { status, json } = await call('GET', '/chats?label=VIP&closed=false');
		expect(status).toBe(200);
		expect(json).toMatchObject({
			status: 'ok',
			data: {
				has_more_pages: false,
				chats: [{ id: chat.id, phone: '+4915112345671', jid: '4915112345671@s.whatsapp.net', labels: ['VIP'], chat_url: `/chat/${chat.id}/messages/`, last_message_timestamp: '2026-05-18 10:44:21 +0300' }],
			},
		});
		expect(breaches()).toEqual([]);
	});

	it.each([
		['an unknown query parameter', 'GET', '/chats?limit=10', undefined, 200, 'unknown_field: GET /chats: query field "limit" is unknown'],
		['an empty query parameter', 'GET', '/chats?label=', undefined, 200, 'wrong_value: GET /chats: query parameter "label" is empty: what is not set is not sent'],
		['a wrong boolean', 'GET', '/chats?closed=yes', undefined, 400, 'wrong_value: GET /chats: query field "closed": Value should be a valid boolean'],
		['a phone with an unencoded plus', 'GET', '/chats?phone=+49151', undefined, 400, 'wrong_value: GET /chats: query field "phone": Phone number starts with a blank: "+" has to be percent-encoded'],
		['an unknown PATCH field', 'PATCH', '/chats/1', { responsible_email: 'a@b.c' }, 200, 'unknown_field: PATCH /chats/1: body field "responsible_email" is unknown'],
		['a field of the wrong type', 'PATCH', '/chats/1', { closed: 'true' }, 400, 'wrong_value: PATCH /chats/1: body field "closed": Expected boolean, received string'],
		['a trailing slash', 'GET', '/chats/', undefined, 404, 'unknown_endpoint: GET /chats/: there is no path with a trailing slash'],
		['a missing path part', 'GET', '/messages//reactions', undefined, 404, 'unknown_endpoint: GET /messages//reactions: there is no such endpoint'],
		['an id that is no number', 'GET', '/chats/abc', undefined, 404, 'unknown_endpoint: GET /chats/abc: there is no such endpoint'],
		['a wrong method', 'PUT', '/chats/1', { name: 'x' }, 405, 'method_not_allowed: PUT /chats/1: only GET, PATCH exist here'],
		['a NUL character', 'POST', '/chats/1/notes', { text: 'a\0b' }, 400, 'nul_character: POST /chats/1/notes: in the body'],
		['a body where none belongs', 'DELETE', '/webhooks/1', {}, 404, 'body: DELETE /webhooks/1: this endpoint takes no body'],
		['a body that is no object', 'POST', '/messages', [], 400, 'body: POST /messages: the body is not a JSON object'],
	])('is broken by %s', async (_what, method, path, body, status, breach) => {
		sandbox.world.addChat({ id: 1 });
		const answer = await call(method, path, body);
		expect(answer.status).toBe(status);
		expect(breaches()).toEqual([breach]);
	});

	it('answers a trailing slash with a page of HTML, and a long text with the field', async () => {
		expect((await call('GET', '/workspace/')).headers.get('content-type')).toContain('text/html');
		const { status, json } = await call('POST', '/messages', { phone: '+491', text: '😀'.repeat(2001) });
		expect(status).toBe(400);
		expect(json).toEqual({
			status: 'error',
			message: 'Validation error',
			error_code: 'validation_error',
			errors: [{ fields: ['text'], msg: 'String should have at most 2000 characters' }],
		});
	});

	it('counts characters and not UTF-16 units', async () => {
		expect((await call('POST', '/messages', { phone: '+4915112345671', text: '😀'.repeat(2000) })).status).toBe(200);
		expect(breaches()).toEqual([]);
	});

	it('tells a missing from a wrong token, and only the first one is a breach', async () => {
		const wrong = await call('GET', '/workspace', undefined, { authorization: 'Bearer stranger' });
		expect([wrong.status, wrong.json.error_code]).toEqual([401, 'invalid_token']);
		expect(breaches()).toEqual([]);
		const missing = await call('GET', '/workspace', undefined, { authorization: 'stranger' });
		expect([missing.status, missing.json.error_code]).toEqual([401, 'missing_credentials']);
		expect(breaches()).toEqual(['authorization: GET /workspace: the Authorization header is not "Bearer TOKEN"']);
	});

	it('refuses what the token may not do', async () => {
		sandbox.world.permissions.set('POST /webhooks', 'insufficient_scope');
		const { status, json } = await call('POST', '/webhooks', { event_type: 'message:new', url: 'https://n8n.example.com/hook' });
		expect([status, json.error_code]).toEqual([403, 'insufficient_scope']);
		expect((await call('GET', '/webhooks')).status).toBe(200);
	});
});

describe('Messages', () => {
	it('move from Sending to Read, cost credits, and are told to subscribers', async () => {
		const hook = await receiver();
		sandbox.world.addWebhook({ eventType: 'message:new', url: hook.url });
		const file = sandbox.world.addFile();
		const { json } = await call('POST', '/messages', { phone: '4915112345671', text: 'Hello', file_uid: file.uid });
		const uid: string = json.data.message_uid;
		expect((await call('GET', `/messages/${uid}/status_history`)).json.data).toEqual([]);
		await sandbox.settled();
		const message = (await call('GET', `/messages/${uid}`)).json.data;
		expect(message).toMatchObject({ status: 'Read', from_me: true, origin: 'Public API', text: 'Hello', attachment_filename: 'document.pdf' });
		const history = (await call('GET', `/messages/${uid}/status_history`)).json.data as Array<{ status: string }>;
		expect(history.map(({ status }) => status)).toEqual(['Sending', 'Sent', 'Delivered', 'Read']);
		expect(sandbox.world.messagingQuota.used).toBe(2);
		expect(hook.received.map((body) => body.message?.message_uid)).toEqual([uid]);
		await hook.close();
	});

	it('fail for numbers that end in 000, and give their credits back', async () => {
		const { json } = await call('POST', '/messages', { phone: '+4915112345000', text: 'Hello' });
		await sandbox.settled();
		expect((await call('GET', `/messages/${json.data.message_uid}`)).json.data.status).toBe('Failed');
		expect(sandbox.world.messagingQuota.used).toBe(0);
	});

	it('are refused for a malformed phone, an empty message and an empty quota', async () => {
		expect((await call('POST', '/messages', { phone: '+49 151-12', text: 'x' })).json.message).toBe('Wrong phone number "+49 151-12"');
		expect((await call('POST', '/messages', { phone: '+4915112345671' })).status).toBe(400);
		sandbox.world.messagingQuota.total = 0;
		const full = await call('POST', '/messages', { phone: '+4915112345671', text: 'x' });
		expect([full.status, full.json.error_code]).toEqual([429, 'quota_exceeded']);
		expect(sandbox.world.chats.size).toBe(0);
	});

	it('come in pages of 50, newest first, and a cursor leads on', async () => {
		const chat = sandbox.world.addChat();
		const messages = sandbox.world.addHistory(chat, 120);
		const first = (await call('GET', `/chats/${chat.id}/messages`)).json.data;
		expect(first.has_more_pages).toBe(true);
		expect(first.messages).toHaveLength(50);
		expect(first.messages[0].uid).toBe(messages[119]?.uid);
		const last = (await call('GET', `/chats/${chat.id}/messages?before_message=${messages[20]?.uid}`)).json.data;
		expect([last.has_more_pages, last.messages.length, last.messages[19].uid]).toEqual([false, 20, messages[0]?.uid]);
	});
});

describe('Files', () => {
	it('take a non-ASCII name and an override, and come back byte for byte from another host', async () => {
		const form = new FormData();
		form.append('file', new Blob(['Grüße'], { type: 'text/plain' }), 'grüße.txt');
		form.append('filename', '日本語.txt');
		const uploaded = (await call('POST', '/files_upload', form)).json.data;
		expect(uploaded).toMatchObject({ filename: '日本語.txt', mimetype: 'text/plain', size: 7 });
		expect(sandbox.requests.at(-1)?.body).toMatchObject({ fields: { filename: '日本語.txt' }, file: { filename: 'grüße.txt', size: 7, sha256: createHash('sha256').update('Grüße').digest('hex') } });
		const url: string = uploaded.temporary_download_url;
		expect(new URL(url).origin).not.toBe(sandbox.origin);
		expect(await (await fetch(url)).text()).toBe('Grüße');
		expect(breaches()).toEqual([]);
		await fetch(url, { headers: { authorization: `Bearer ${sandbox.token}` } });
		expect(sandbox.breaches.map(({ kind }) => kind)).toEqual(['token_leaked']);
	});

	it('have links that expire after 15 minutes', async () => {
		const file = sandbox.world.addFile({ content: 'hello' });
		const url: string = (await call('GET', `/files/${file.uid}`)).json.data.temporary_download_url;
		sandbox.world.clock.advance(14 * 60_000);
		expect((await fetch(url)).status).toBe(200);
		sandbox.world.clock.advance(2 * 60_000);
		expect((await fetch(url)).status).toBe(403);
	});

	it('are generated when they are big, the same bytes each time', async () => {
		const file = sandbox.world.addFile({ size: 1_000_001 });
		const url: string = (await call('GET', `/files/${file.uid}`)).json.data.temporary_download_url;
		const bytes = Buffer.from(await (await fetch(url)).arrayBuffer());
		expect([bytes.length, createHash('sha256').update(bytes).digest('hex')]).toEqual([1_000_001, file.sha256]);
		expect(file.sha256).toBe(generatedSha256(file.uid, 1_000_001));
	});

	it('above the limit of their kind are a 413', async () => {
		const form = new FormData();
		form.append('file', new Blob([Buffer.alloc(16 * 1024 * 1024 + 1)], { type: 'image/png' }), 'big.png');
		const { status, json } = await call('POST', '/files_upload', form);
		expect([status, json.message]).toEqual([413, 'Payload is too large: at most 16 MB for image/png']);
	});
});

describe('Webhooks', () => {
	const subscribe = async (url: string, event = 'message:received:new') => (await call('POST', '/webhooks', { event_type: event, url })).json.data;

	it('are created once for an event and a URL: re-enabled, and restored with the same id', async () => {
		const first = await subscribe('https://n8n.example.com/hook');
		expect(first).toMatchObject({ enabled: true, errors_counter: 0, event_type: 'message:received:new' });
		await call('PUT', `/webhooks/${first.id}`, { enabled: false });
		expect(await subscribe('https://n8n.example.com/hook')).toMatchObject({ id: first.id, enabled: true });
		expect((await call('DELETE', `/webhooks/${first.id}`)).status).toBe(200);
		expect((await call('GET', `/webhooks/${first.id}`)).status).toBe(404);
		expect(await subscribe('https://n8n.example.com/hook')).toMatchObject({ id: first.id, enabled: true });
	});

	it('are limited to ten, and to public HTTPS or loopback', async () => {
		for (let index = 0; index < 10; index++) await subscribe(`https://n8n.example.com/${index}`);
		expect((await call('POST', '/webhooks', { event_type: 'message:new', url: 'https://n8n.example.com/11' })).status).toBe(400);
		expect((await call('POST', '/webhooks', { event_type: 'message:new', url: 'http://n8n.example.com/hook' })).json.errors).toEqual([
			{ fields: ['url'], msg: 'URL must be a publicly accessible HTTPS address' },
		]);
	});

	it('are delivered up to three times until one 2xx', async () => {
		const hook = await receiver((_body, count) => (count < 3 ? 500 : 204));
		const { id } = await subscribe(hook.url);
		sandbox.customerWrites({ phone: '+4915112345671', text: 'Hi' });
		await sandbox.settled();
		expect(sandbox.deliveries.map(({ attempt, status }) => [attempt, status])).toEqual([[1, 500], [2, 500], [3, 204]]);
		expect(new Set(hook.received.map((body) => JSON.stringify(body))).size).toBe(1);
		expect(sandbox.world.webhooks.get(id)?.errorsCounter).toBe(0);
		await hook.close();
	});

	it('give up after three attempts, count the failure, and stay enabled', async () => {
		const hook = await receiver(() => 'never');
		const { id } = await subscribe(hook.url);
		sandbox.customerWrites({ phone: '+4915112345671', text: 'Hi' });
		await sandbox.settled();
		expect(sandbox.deliveries.map(({ attempt, status }) => [attempt, status])).toEqual([[1, undefined], [2, undefined], [3, undefined]]);
		expect((await call('GET', `/webhooks/${id}`)).json.data).toMatchObject({ enabled: true, errors_counter: 1 });
		await hook.close();
	});

	it('tell of a new chat and its message in their own shapes', async () => {
		const hook = await receiver();
		for (const event of ['message:new', 'chat:new', 'chat:incoming:new']) await subscribe(hook.url, event);
		sandbox.customerWrites({ phone: '+4915112345671', name: 'Anna', text: 'Hi' });
		await sandbox.settled();
		const byEvent = Object.fromEntries(hook.received.map((body) => [body.event_type, body]));
		expect(byEvent['message:new']).toMatchObject({ chat: { full_name: 'Anna', chat_id: 1_000_001, is_group: false, phone: '+4915112345671' }, message: { direction: 'received', text: 'Hi' } });
		expect(byEvent['chat:new']).toMatchObject({ chat: { id: 1_000_001, name: 'Anna' } });
		expect(Object.keys(byEvent).sort()).toEqual(['chat:incoming:new', 'chat:new', 'message:new']);
		await hook.close();
	});

	it('can be duplicated, reordered and lost, repeatably', async () => {
		const run = async () => {
			await sandbox.reset();
			const hook = await receiver();
			await subscribe(hook.url);
			sandbox.misdeliver({ duplicate: 0.5, drop: 0.2 }, 7);
			for (let index = 0; index < 40; index++) sandbox.customerWrites({ phone: '+4915112345671', text: String(index) });
			await sandbox.settled();
			await hook.close();
			const counts = new Map<number, number>();
			for (const { id } of sandbox.deliveries.filter(({ attempt }) => attempt === 1)) counts.set(id, (counts.get(id) ?? 0) + 1);
			return [counts.size, [...counts.values()].filter((count) => count === 2).length];
		};
		const [arrived = 0, twice = 0] = await run();
		expect(arrived).toBeLessThan(40);
		expect(twice).toBeGreaterThan(5);
		expect(await run()).toEqual([arrived, twice]);
	});
});

describe('WABA', () => {
	const text = { text: 'Hello' };

	it('takes free text while the service window is open, and only templates afterwards', async () => {
		const chat = sandbox.world.addWabaChat();
		sandbox.customerWrites({ chatId: chat.id, text: 'Where is my order?' });
		expect((await call('GET', `/waba/chats/${chat.id}`)).json.data.service_window_is_open).toBe(true);
		expect((await call('POST', `/waba/chats/${chat.id}/messages`, text)).json.data).toMatchObject({ text: 'Hello', status: 'Sending', from_me: true });
		sandbox.world.clock.advance(25 * 3_600_000);
		const late = await call('POST', `/waba/chats/${chat.id}/messages`, text);
		expect([late.status, late.json.error_code]).toEqual([409, 'service_window_closed']);
		expect((await call('GET', `/waba/chats/${chat.id}`)).json.data).toMatchObject({ service_window_is_open: false, service_window_expires_at: null });
		sandbox.world.addWabaTemplate();
		const template = { name: 'order_update', language: 'en_US', variables: { body: ['Dana', 'A-1027'] } };
		expect((await call('POST', `/waba/chats/${chat.id}/messages`, { template })).json.data.text).toBe('Hello Dana, your order A-1027 is on its way.');
	});

	it('refuses templates that do not fit', async () => {
		const account = sandbox.world.addWabaAccount();
		sandbox.world.addWabaTemplate();
		sandbox.world.addWabaTemplate({ name: 'rejected', status: 'REJECTED' });
		sandbox.world.addWabaTemplate({ name: 'foreign', metaWabaId: '1' });
		const refusal = async (name: string, body: string[], more = {}) => {
			const template = { name, language: 'en_US', variables: { body } };
			const { status, json } = await call('POST', '/waba/messages', { waba_account_id: account.id, phone: '+15550101234', template, ...more });
			return [status, json.error_code];
		};
		expect(await refusal('order_update', ['Dana'])).toEqual([422, 'template_variables_mismatch']);
		expect(await refusal('rejected', [])).toEqual([409, 'template_not_approved']);
		expect(await refusal('foreign', [])).toEqual([409, 'template_wrong_waba']);
		expect(await refusal('unknown', [])).toEqual([404, 'not_found']);
		expect(await refusal('order_update', ['Dana', 'A-1027'], text)).toEqual([400, 'validation_error']);
		expect(sandbox.world.chats.size).toBe(0);
	});

	it('sends a file as multipart, and tells its own events', async () => {
		const hook = await receiver();
		for (const eventType of ['waba:message:delivered', 'waba:message:read', 'message:new']) sandbox.world.addWebhook({ eventType, url: hook.url });
		const chat = sandbox.world.addWabaChat();
		sandbox.world.addMessage(chat);
		const form = new FormData();
		form.append('file', new Blob(['%PDF'], { type: 'application/pdf' }), 'offer.pdf');
		form.append('text', 'Our offer');
		expect((await call('POST', `/waba/chats/${chat.id}/messages`, form)).json.data).toMatchObject({ text: 'Our offer', attachment_filename: 'offer.pdf' });
		await sandbox.settled();
		expect(hook.received.map((body) => body.event_type).sort()).toEqual(['waba:message:delivered', 'waba:message:read']);
		expect(breaches()).toEqual([]);
		await hook.close();
	});

	it('has its chats apart from the others', async () => {
		const linked = sandbox.world.addChat();
		const waba = sandbox.world.addWabaChat();
		expect((await call('GET', '/chats')).json.data.chats.map(({ id }: { id: number }) => id)).toEqual([linked.id]);
		expect((await call('GET', `/chats/${waba.id}`)).status).toBe(404);
		expect((await call('GET', `/waba/chats/${linked.id}`)).status).toBe(404);
	});

	it('takes a few polls for analytics', async () => {
		const { id } = sandbox.world.addWabaAccount();
		const asked = await call('POST', `/waba/accounts/${id}/analytics`, { start: 1_751_328_000, end: 1_751_500_800, dimensions: 'COUNTRY' });
		expect([asked.status, asked.json.data.state]).toEqual([202, 'pending']);
		const poll = async () => (await call('GET', `/waba/accounts/${id}/analytics/${asked.json.data.handle}`)).json.data;
		expect([(await poll()).state, (await poll()).state]).toEqual(['pending', 'pending']);
		expect(await poll()).toMatchObject({ state: 'ready', result: { analytics: { granularity: 'DAY' } } });
	});
});

describe('Events', () => {
	it('of all 32 kinds can be sent, and changed on the way', async () => {
		const hook = await receiver();
		for (const eventType of eventTypes) sandbox.world.addWebhook({ eventType, url: hook.url });
		for (const eventType of eventTypes) sandbox.emit(eventType);
		const changed = sandbox.emit('message:received:new', { message: { text: 'Changed' } });
		await sandbox.settled();
		expect(new Set(hook.received.map((body) => body.event_type))).toEqual(new Set(eventTypes));
		expect(hook.received).toHaveLength(33);
		expect(changed).toMatchObject({ chat: { is_group: false }, message: { text: 'Changed', direction: 'received' } });
		await hook.close();
	});
});

describe('Faults', () => {
	const send = () => call('POST', '/messages', { phone: '+4915112345671', text: 'Hi' });
	const messagesSent = () => sandbox.world.messages.size;

	it('reset the connection before or after the message is taken', async () => {
		sandbox.faults.add({ match: 'POST /messages', kind: 'resetBefore', times: 1 });
		sandbox.faults.add({ match: 'POST /messages', kind: 'resetAfter', times: 1 });
		await expect(send()).rejects.toThrow();
		expect(messagesSent()).toBe(0);
		await expect(send()).rejects.toThrow();
		expect(messagesSent()).toBe(1);
		expect((await send()).status).toBe(200);
		expect(sandbox.requests.map(({ processed, status, fault }) => [processed, status, fault])).toEqual([
			[false, undefined, 'resetBefore'],
			[true, undefined, 'resetAfter'],
			[true, 200, undefined],
		]);
	});

	it('come in every other kind', async () => {
		sandbox.faults.add({ kind: 'rateLimited', retryAfter: 3, times: 1 });
		sandbox.faults.add({ kind: 'rateLimited', shape: 'alternative', times: 1 });
		sandbox.faults.add({ kind: 'status', status: 503, body: 'Service Unavailable', times: 1 });
		sandbox.faults.add({ kind: 'html', status: 403, times: 1 });
		sandbox.faults.add({ kind: 'truncatedJson', times: 1 });
		sandbox.faults.add({ kind: 'errorWith200', message: 'No such chat', times: 1 });
		sandbox.faults.add({ kind: 'status', status: 504, process: true, times: 1 });
		const limited = await send();
		expect([limited.status, limited.headers.get('retry-after'), limited.json.error_code]).toEqual([429, '3', 'rate_limit_exceeded']);
		const alternative = await send();
		expect([alternative.headers.get('retry-after'), alternative.json.error]).toEqual([null, 'Too Many Requests']);
		expect([(await send()).text, messagesSent()]).toEqual(['Service Unavailable', 0]);
		expect((await send()).headers.get('content-type')).toContain('text/html');
		const truncated = await send();
		expect([truncated.status, truncated.json, messagesSent()]).toEqual([200, undefined, 1]);
		expect((await send()).json).toEqual({ status: 'error', message: 'No such chat' });
		expect([(await send()).status, messagesSent()]).toEqual([504, 2]);
	});

	it('never answer, until the caller gives up', async () => {
		sandbox.faults.add({ match: /^GET \/workspace$/, kind: 'timeout', times: 1 });
		const aborted = fetch(`${sandbox.apiUrl}/workspace`, { headers: { authorization: `Bearer ${sandbox.token}` }, signal: AbortSignal.timeout(50) });
		await expect(aborted).rejects.toThrow();
	});

	it('hit from the second on, or by chance from a seed', async () => {
		sandbox.faults.add({ match: 'GET /webhooks', kind: 'status', status: 500, after: 1, times: 1 });
		expect([(await call('GET', '/webhooks')).status, (await call('GET', '/webhooks')).status, (await call('GET', '/webhooks')).status]).toEqual([200, 500, 200]);
		const run = async () => {
			sandbox.faults.clear();
			sandbox.faults.seed(3);
			sandbox.faults.add({ kind: 'status', status: 500, probability: 0.5 });
			const statuses: number[] = [];
			for (let index = 0; index < 20; index++) statuses.push((await call('GET', '/webhooks')).status);
			return statuses;
		};
		const first = await run();
		expect(new Set(first)).toEqual(new Set([200, 500]));
		expect(await run()).toEqual(first);
	});
});

describe('The phone page', () => {
	const post = (path: string, body: object, headers: Record<string, string> = {}) =>
		fetch(`${sandbox.origin}${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });

	it('loads nothing but itself and the files of its messages', async () => {
		const page = await fetch(`${sandbox.origin}/`);
		expect(page.headers.get('content-security-policy')).toContain(`script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: ${sandbox.filesOrigin};`);
		expect(await page.text()).toContain('data-testid="message-input"');
	});

	it('lets a new customer write, and shows the answer and what the inbox made of it', async () => {
		const { chatId } = (await (await post('/phone/messages', { phone: '+15550101234', name: 'Dana <b>', text: 'Hi' })).json()) as { chatId: number };
		await call('POST', `/chats/${chatId}/messages`, { text: 'Hello Dana', label: 'lead' });
		await call('POST', `/chats/${chatId}/notes`, { text: 'Call back' });
		await sandbox.settled();
		expect(await (await fetch(`${sandbox.origin}/phone/chats/${chatId}`)).json()).toMatchObject({
			name: 'Dana <b>',
			labels: ['lead'],
			closed: false,
			read: false,
			messages: [
				{ from: 'customer', text: 'Hi' },
				{ from: 'workspace', text: 'Hello Dana', status: 'Read' },
				{ from: 'note', text: 'Call back' },
			],
		});
		expect(breaches()).toEqual([]);
	});

	it('tells open pages of a change', async () => {
		const { body } = await fetch(`${sandbox.origin}/phone/events`);
		const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
		expect((await reader?.read())?.value).toBe(': hello\n\n');
		sandbox.customerWrites({ phone: '+15550101234' });
		expect((await reader?.read())?.value).toBe('data: change\n\n');
		await reader?.cancel();
	});

	it('is written to by no other web page', async () => {
		expect((await post('/phone/messages', { phone: '+15550101234', text: 'Hi' }, { origin: 'https://evil.example.com' })).status).toBe(403);
		expect(sandbox.world.chats.size).toBe(0);
	});
});

describe('The rate limit', () => {
	it('queues a burst and refuses what is beyond it', async () => {
		sandbox.setRateLimit({ requestsPerSecond: 20, burst: 3 });
		const statuses = (await Promise.all(Array.from({ length: 8 }, () => call('GET', '/workspace')))).map(({ status }) => status);
		sandbox.setRateLimit(undefined);
		expect(statuses.filter((status) => status === 200)).toHaveLength(4);
		expect(statuses.filter((status) => status === 429)).toHaveLength(4);
	});
});

it('streams a big upload without keeping it', async () => {
	const boundary = 'frontier';
	const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="big.pdf"\r\ncontent-type: application/pdf\r\n\r\n`;
	const piece = Buffer.alloc(1024 * 1024, 'x');
	const hash = createHash('sha256');
	const status = await new Promise<number | undefined>((resolve, reject) => {
		const outgoing = httpRequest(`${sandbox.apiUrl}/files_upload`, {
			method: 'POST',
			headers: { authorization: `Bearer ${sandbox.token}`, 'content-type': `multipart/form-data; boundary=${boundary}` },
		});
		outgoing.on('error', reject).on('response', (response) => {
			response.resume();
			resolve(response.statusCode);
		});
		outgoing.write(head);
		for (let index = 0; index < 8; index++) {
			hash.update(piece);
			outgoing.write(piece);
		}
		outgoing.end(`\r\n--${boundary}--\r\n`);
	});
	expect(status).toBe(200);
	const [file] = [...sandbox.world.files.values()];
	expect(file).toMatchObject({ size: 8 * 1024 * 1024, sha256: hash.digest('hex'), content: undefined });
});
