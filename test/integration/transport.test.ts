/** How requests behave when the network or the API misbehaves: nothing sent twice, nothing lost, errors that say what to do. */
import { testCredential } from '../harness';
import { TimelinesAiApi } from '../../credentials/TimelinesAiApi.credentials';
import { startSandbox } from '../sandbox';
import { by, byId, credentialsOf, jsonOf, routes, run, useSandbox } from './kit';

const sandbox = useSandbox();

const sendHi = { chatId: byId('={{ $json.id }}'), text: 'Hi' };

describe('a read', () => {
	it.each([
		['5xx', { kind: 'status', status: 503 }],
		['a reset connection', { kind: 'resetBefore' }],
		['HTML in place of an answer', { kind: 'html' }],
		['an answer cut off', { kind: 'truncatedJson' }],
		['an empty answer', { kind: 'status', status: 200 }],
		['an answer without data', { kind: 'status', status: 200, body: { status: 'ok', data: {} } }],
		['a 403 of the network in front', { kind: 'html', status: 403 }],
		['a rate limit without Retry-After', { kind: 'rateLimited' }],
		['a rate limit with Retry-After', { kind: 'rateLimited', retryAfter: 0, shape: 'alternative' }],
		['a rate limit until a date', { kind: 'rateLimited', retryAfter: new Date(0).toUTCString() }],
	] as const)('is repeated after %s', async (_, fault) => {
		const chat = sandbox().world.addChat();
		sandbox().faults.add({ ...fault, times: 1 });

		const [json] = jsonOf(await run(sandbox(), 'chat.get', { chatId: byId(chat.id) }));

		expect(json?.chatId).toBe(chat.id);
		expect(sandbox().requests).toHaveLength(2);
	});

	it('is given up after five attempts, with an error that says what to do', async () => {
		sandbox().faults.add({ kind: 'status', status: 500, body: { status: 'error', message: 'Internal error.', error_code: 'internal_error' } });

		const { error } = await run(sandbox(), 'chat.get', { chatId: byId(1) });

		expect(error).toMatchObject({ message: 'Internal error', httpCode: '500', context: { itemIndex: 0, outcome: 'notProcessed' } });
		expect(error?.description).toContain('Try again in some minutes.');
		expect(error?.description).toContain('GET /chats/{chat_id}');
		expect(sandbox().requests).toHaveLength(5);
	});
});

describe('a change that may be repeated', () => {
	it('is repeated when its answer is lost', async () => {
		const chat = sandbox().world.addChat();
		sandbox().faults.add({ kind: 'resetAfter', times: 1 });

		const [json] = jsonOf(await run(sandbox(), 'chat.close', { chatId: byId(chat.id) }));

		expect(json?.closed).toBe(true);
		expect(sandbox().requests).toHaveLength(2);
	});
});

describe('a send', () => {
	it.each([
		['5xx', { kind: 'status', status: 502 }, 'TimelinesAI answered with HTTP 502'],
		['a connection that breaks before', { kind: 'resetBefore' }, 'The connection to TimelinesAI broke off'],
		['a connection that breaks after', { kind: 'resetAfter' }, 'The connection to TimelinesAI broke off'],
		['an answer cut off', { kind: 'truncatedJson' }, 'The answer is not in the form of the TimelinesAI API'],
		['an empty answer', { kind: 'status', status: 200, process: true }, 'The answer is not in the form of the TimelinesAI API'],
		['an answer without a UID', { kind: 'status', status: 200, body: { status: 'ok', data: {} }, process: true }, 'The answer is not in the form of the TimelinesAI API'],
	] as const)('is never repeated after %s, neither by us nor by Retry On Fail', async (_, fault, message) => {
		const chat = sandbox().world.addChat();
		sandbox().faults.add({ ...fault, times: 1 });

		const result = await run(sandbox(), 'message.send', sendHi, { items: [{ id: chat.id }], retryOnFail: { maxTries: 3, waitBetweenTries: 1 } });

		expect(result.attempts).toBe(3);
		expect(routes(sandbox())).toHaveLength(1);
		expect(result.error?.message).toBe('An earlier attempt of this execution may have sent this already');
		expect(result.error?.context).toMatchObject({ outcome: 'unknown', itemIndex: 0 });

		const first = await run(sandbox(), 'message.send', sendHi, { items: [{ id: sandbox().world.addChat().id }] });
		expect(first.error).toBeUndefined();

		sandbox().faults.add({ ...fault, times: 1 });
		const plain = await run(sandbox(), 'message.send', sendHi, { items: [{ id: chat.id }] });
		expect(plain.error?.message).toBe(`${message}: it is unknown whether this was carried out`);
		expect(plain.error?.description).toContain('could send it twice');
	});

	it('waits for the rate limit and is sent once', async () => {
		const chat = sandbox().world.addChat();
		sandbox().faults.add({ kind: 'rateLimited', retryAfter: 0, times: 3 });

		jsonOf(await run(sandbox(), 'message.send', sendHi, { items: [{ id: chat.id }] }));

		expect(chat.messages).toHaveLength(1);
		expect(sandbox().requests).toHaveLength(4);
	});

	it('is an error at once when the quota is used up', async () => {
		const chat = sandbox().world.addChat();
		sandbox().faults.add({ kind: 'quotaExceeded' });

		const { error } = await run(sandbox(), 'message.send', sendHi, { items: [{ id: chat.id }] });

		expect(error).toMatchObject({ httpCode: '429', context: { errorCode: 'quota_exceeded', outcome: 'notProcessed' } });
		expect(error?.description).toContain('Workspace: Get');
		expect(sandbox().requests).toHaveLength(1);
	});

	it('is repeated when nothing was reached, and then explains what to check', async () => {
		const gone = await startSandbox();
		await gone.close();

		const { error } = await run({ ...sandbox(), ...gone, token: gone.token } as never, 'message.send', sendHi, { items: [{ id: 1 }], credentials: credentialsOf(gone) });

		expect(error).toMatchObject({ message: 'TimelinesAI cannot be reached', context: { outcome: 'notProcessed' } });
		expect(error?.description).toContain('Check the Base URL');
	});

	it('is not repeated for the items that an earlier attempt has sent', async () => {
		const chats = [1, 2, 3].map(() => sandbox().world.addChat());
		sandbox().faults.add({ kind: 'errorWith200', message: 'Not now', match: 'POST /chats/{chat_id}/messages', after: 2, times: 1 });

		const result = await run(sandbox(), 'message.send', sendHi, { items: chats.map(({ id }) => ({ id })), retryOnFail: { maxTries: 2, waitBetweenTries: 1 } });

		expect(jsonOf(result).map(({ messageUid }) => messageUid)).toEqual(chats.map(({ messages }) => messages[0]?.uid));
		expect(chats.map(({ messages }) => messages.length)).toEqual([1, 1, 1]);
		expect(result.attempts).toBe(2);
	});

	it('is not repeated for the items sent when a failed execution is retried', async () => {
		const chats = [1, 2].map(() => sandbox().world.addChat());
		sandbox().faults.add({ kind: 'errorWith200', match: 'POST /chats/{chat_id}/messages', after: 1, times: 1 });
		const items = chats.map(({ id }) => ({ id }));

		const failed = await run(sandbox(), 'message.send', sendHi, { items });
		const retried = await run(sandbox(), 'message.send', sendHi, { items, retryOf: failed });

		expect(failed.error?.message).toBeDefined();
		expect(jsonOf(retried)).toHaveLength(2);
		expect(chats.map(({ messages }) => messages.length)).toEqual([1, 1]);
	});

	it('that may have gone out is no less unknown when the next attempt fails before it', async () => {
		const chat = sandbox().world.addChat({ phone: '+14155550123' });
		sandbox().faults.add({ kind: 'resetAfter', match: 'POST /chats/{chat_id}/messages', times: 1 });
		sandbox().faults.add({ kind: 'quotaExceeded', match: 'GET /chats', after: 1 });

		const result = await run(sandbox(), 'message.send', { chatId: by('phone', '+14155550123'), text: 'Hi' }, { retryOnFail: { maxTries: 2, waitBetweenTries: 1 } });

		expect(result.error?.context).toMatchObject({ outcome: 'unknown' });
		expect(result.error?.description).toContain('POST /chats/{chat_id}/messages');
		expect(chat.messages).toHaveLength(1);
	});

	it('is not made in another way when the workflow is changed and the failed execution retried', async () => {
		const chats = [1, 2].map(() => sandbox().world.addChat());
		sandbox().faults.add({ kind: 'errorWith200', match: 'POST /chats/{chat_id}/messages', after: 1, times: 1 });
		const items = chats.map(({ id, jid }) => ({ id, jid }));

		const failed = await run(sandbox(), 'message.send', sendHi, { items });
		const node = failed.run.data.executionData?.nodeExecutionStack[0]?.node;
		Object.assign(node?.parameters ?? {}, { sendTo: 'jid', jid: '={{ $json.jid }}' });
		const { error } = await run(sandbox(), 'message.send', sendHi, { items, retryOf: failed });

		expect(error).toMatchObject({
			message: 'An earlier attempt of this execution has sent this already, in another way',
			context: { itemIndex: 0, outcome: 'partlyProcessed', messageUids: [chats[0]?.messages[0]?.uid] },
		});
		expect(chats.map(({ messages }) => messages.length)).toEqual([1, 0]);
	});

	it('of several parts says which of them are out when one is refused', async () => {
		const chat = sandbox().world.addChat();
		sandbox().faults.add({ kind: 'quotaExceeded', match: 'POST /chats/{chat_id}/messages', after: 1, times: 1 });
		const parameters = { chatId: byId(chat.id), text: 'Long. '.repeat(600), options: { splitLongText: true } };

		const failed = await run(sandbox(), 'message.send', parameters);
		const [first] = chat.messages;
		const retried = await run(sandbox(), 'message.send', parameters, { retryOf: failed });

		expect(failed.error?.context).toMatchObject({ outcome: 'partlyProcessed', messageUids: [first?.uid] });
		expect(failed.error?.description).toContain(`Sent before that: ${first?.uid}.`);
		expect(jsonOf(retried)[0]?.messageUids).toEqual(chat.messages.map(({ uid }) => uid));
		expect(chat.messages).toHaveLength(2);
	});

	it('that went out says so when its status cannot be read', async () => {
		const chat = sandbox().world.addChat();
		sandbox().faults.add({ kind: 'quotaExceeded', match: 'GET /messages/{message_uid}' });

		const { items } = await run(sandbox(), 'message.send', { chatId: byId(chat.id), text: 'Hi', options: { waitUntil: 'delivered' } }, { continueOnFail: true });

		expect(items[0]?.json.details).toMatchObject({ outcome: 'partlyProcessed', messageUids: [chat.messages[0]?.uid], errorCode: 'quota_exceeded' });
	});

	it('with a file goes out only when the file is there', async () => {
		const chat = sandbox().world.addChat();
		sandbox().faults.add({ kind: 'status', status: 200, body: { status: 'ok', data: {} }, match: 'POST /files' });

		const { error } = await run(sandbox(), 'message.send', { chatId: byId(chat.id), text: 'See the file', attachment: 'url', fileUrl: 'https://acme.example/a.pdf' });

		expect(error?.context).toMatchObject({ outcome: 'unknown' });
		expect(chat.messages).toEqual([]);
	});

	it('that cannot be right says that nothing has happened', async () => {
		const { items } = await run(sandbox(), 'message.send', { chatId: byId(1), text: '' }, { continueOnFail: true });

		expect(items[0]?.json.details).toMatchObject({ outcome: 'notProcessed' });
	});

	it('is sent again in the next round of a loop', async () => {
		const chat = sandbox().world.addChat();

		const first = await run(sandbox(), 'message.send', sendHi, { items: [{ id: chat.id }] });
		const second = await run(sandbox(), 'message.send', sendHi, { items: [{ id: chat.id }], after: first });

		expect(jsonOf(second)[0]?.messageUid).not.toBe(jsonOf(first)[0]?.messageUid);
		expect(chat.messages).toHaveLength(2);
	});
});

describe('items', () => {
	it('stay in order though reads run a few at a time', async () => {
		const chats = sandbox().world.addChats(20);
		sandbox().faults.add({ kind: 'slow', ms: 30, times: 3 });

		const result = await run(sandbox(), 'chat.get', { chatId: byId('={{ $json.id }}') }, { items: chats.map(({ id }) => ({ id })) });

		expect(jsonOf(result).map(({ chatId }) => chatId)).toEqual(chats.map(({ id }) => id));
		expect(result.items.map(({ pairedItem }) => pairedItem)).toEqual(chats.map((_, item) => ({ item })));
	});

	it('that fail become error items with Continue, and say which one it was without', async () => {
		const chat = sandbox().world.addChat();
		const items = [{ id: 999 }, { id: chat.id }];

		const continued = await run(sandbox(), 'message.send', sendHi, { items, continueOnFail: true });
		const stopped = await run(sandbox(), 'message.send', sendHi, { items: [...items].reverse() });

		expect(continued.items.map(({ json }) => json)).toEqual([
			{
				error: 'Chat not found',
				details: { httpCode: '404', errorCode: 'not_found', outcome: 'notProcessed', description: expect.stringContaining('Check the ID') },
			},
			expect.objectContaining({ chatId: chat.id }),
		]);
		expect(continued.items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(stopped.error?.context).toMatchObject({ itemIndex: 1 });
	});

	it('that fail go to the error output', async () => {
		const chat = sandbox().world.addChat();

		const { outputs } = await run(sandbox(), 'chat.get', { chatId: byId('={{ $json.id }}') }, { items: [{ id: 999 }, { id: chat.id }], onError: 'continueErrorOutput' });

		expect(outputs.map((items) => items.map(({ json }) => json.chatId ?? json.error))).toEqual([[chat.id], [expect.any(String)]]);
	});

	it('are not begun after one has failed', async () => {
		const { error } = await run(sandbox(), 'chat.get', { chatId: byId('={{ $json.id }}') }, { items: Array.from({ length: 50 }, () => ({ id: 999 })) });

		expect(error?.httpCode).toBe('404');
		expect(sandbox().requests.length).toBeLessThan(10);
	});
});

describe('a cancelled execution', () => {
	it.each([
		['while it waits for the rate limit', { kind: 'rateLimited', retryAfter: 60 }],
		['while a request is under way', { kind: 'timeout' }],
	] as const)('ends at once %s', async (_, fault) => {
		sandbox().faults.add(fault);
		const cancel = new AbortController();
		const running = run(sandbox(), 'chat.get', { chatId: byId(1) }, { signal: cancel.signal });
		while (sandbox().requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));

		cancel.abort();

		expect((await running).status).toBe('canceled');
		expect(sandbox().requests).toHaveLength(1);
	});
});

describe('errors', () => {
	it.each([
		['a wrong token', () => { sandbox().world.token = 'another'; }, '401', 'Check the API token in the credential'],
		['a wrong token, in plain text', () => { sandbox().world.token = 'another'; sandbox().world.plainText401 = true; }, '401', 'Check the API token in the credential'],
		['a missing right', () => { sandbox().world.permissions.set('*', 'permission_denied'); }, '403', 'has no right to do this'],
		['a plan without it', () => { sandbox().world.permissions.set('*', 'plan_feature_unavailable'); }, '403', 'The plan of this workspace does not include this'],
	])('explain %s', async (_, given, httpCode, hint) => {
		const { token } = sandbox();
		given();

		const { error } = await run(sandbox(), 'workspace.get', {}, { credentials: credentialsOf({ token, apiUrl: sandbox().apiUrl }) });

		expect(error).toMatchObject({ name: 'NodeApiError', httpCode });
		expect(error?.description).toContain(hint);
		expect(JSON.stringify(error)).not.toContain(token);
		sandbox().breaches.splice(0);
	});

	it('name the field that the API complains about', async () => {
		const chat = sandbox().world.addChat();
		sandbox().faults.add({ kind: 'status', status: 400, body: { status: 'error', message: 'Validation failed', error_code: 'validation_error', errors: [{ fields: ['text'], msg: 'is too rude' }] } });

		const { error } = await run(sandbox(), 'message.send', sendHi, { items: [{ id: chat.id }] });

		expect(error?.message).toBe('Validation failed');
		expect(error?.description).toContain('text: is too rude. Correct the value of that field.');
	});

	it('show a redirect, which the token does not follow', async () => {
		sandbox().faults.add({ kind: 'redirect', location: `${sandbox().filesOrigin}/elsewhere` });

		const { error } = await run(sandbox(), 'workspace.get');

		expect(error?.message).toBe('The Base URL redirects to another address (HTTP 302)');
		expect(sandbox().downloads).toEqual([]);
	});

	it.each(['', 'app.timelines.ai', 'ftp://app.timelines.ai'])('refuse “%s” as a Base URL', async (baseUrl) => {
		const { error } = await run(sandbox(), 'workspace.get', {}, { credentials: { timelinesAiApi: { apiToken: sandbox().token, baseUrl } } });

		expect(error?.message).toBe('The Base URL in the credential is not a URL');
	});

	it('say which operation there is not', async () => {
		const { error } = await run(sandbox(), 'chat.explode');

		expect(error?.message).toContain('explode');
	});
});

describe('the base URL', () => {
	it('may end with a slash, which the API would not accept', async () => {
		const { token, apiUrl } = sandbox();

		const result = await run(sandbox(), 'workspace.get', {}, { credentials: { timelinesAiApi: { apiToken: token, baseUrl: ` ${apiUrl}/ ` } } });

		expect(jsonOf(result)).toHaveLength(1);
	});
});

describe('the credential test', () => {
	const test = async (data: { apiToken?: string; baseUrl?: string } = {}) =>
		await testCredential({ type: new TimelinesAiApi(), data: { apiToken: sandbox().token, baseUrl: sandbox().apiUrl, ...data } });
	const forgetBreaches = () => sandbox().breaches.splice(0);

	it('passes, also with a slash at the end of the URL and with blanks around the token', async () => {
		expect(await test()).toMatchObject({ status: 'OK' });
		expect(await test({ baseUrl: `${sandbox().apiUrl}/` })).toMatchObject({ status: 'OK' });
		expect(await test({ apiToken: ` ${sandbox().token}\n` })).toMatchObject({ status: 'OK' });
	});

	it('tells a wrong token', async () => {
		expect(await test({ apiToken: 'wrong' })).toMatchObject({ status: 'Error', message: expect.stringContaining('The API token is wrong') });
		forgetBreaches();
	});

	it('tells a plan without API access', async () => {
		sandbox().world.permissions.set('*', 'plan_feature_unavailable');

		expect(await test()).toMatchObject({ status: 'Error', message: expect.stringContaining('it has no access') });
	});

	it.each([
		['a path without API', () => `${sandbox().origin}/nothing`],
		['a page that is no API', () => sandbox().origin],
	])('tells a wrong URL: %s', async (_, url) => {
		sandbox().faults.add({ match: ({ path }) => path === '/workspace' && url() === sandbox().origin, kind: 'html', status: 200 });

		expect(await test({ baseUrl: url() })).toMatchObject({ status: 'Error', message: expect.stringContaining('The Base URL is wrong') });
		forgetBreaches();
	});

	it('tells a failure that comes as HTTP 200', async () => {
		sandbox().faults.add({ kind: 'errorWith200' });

		expect(await test()).toMatchObject({ status: 'Error', message: expect.stringContaining('TimelinesAI refused the request') });
	});
});
