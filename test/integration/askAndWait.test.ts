/** Send and Wait for Response, and Wait for Reply, in real n8n against the sandbox. */
import { type INodeParameters } from 'n8n-workflow';
import { followLink, letWaitPass, type NodeRun } from '../harness';
import { byId, jsonOf, onlyRequest, runSetup, run, useSandbox } from './kit';

const sandbox = useSandbox();

/** Asks in a chat and gives what came of it: the waiting execution and the link in the message. */
async function ask(parameters: INodeParameters = {}, more: Partial<NodeRun> = {}) {
	const chat = sandbox().world.addChat();
	const setup = { ...runSetup(sandbox(), 'message.sendAndWait', { chatId: byId(chat.id), message: 'Ship it?', ...parameters }), ...more };
	const waiting = await run(sandbox(), 'message.sendAndWait', setup.parameters, more);
	const text = chat.messages.at(-1)?.text ?? '';
	return { chat, setup, waiting, text, url: /https?:\S+$/.exec(text)?.[0] ?? '' };
}

const form = (fields: Record<string, string>) => ({
	method: 'POST' as const,
	headers: { 'content-type': 'application/x-www-form-urlencoded' },
	body: new URLSearchParams(fields).toString(),
});

const double = { approvalOptions: { values: { approvalType: 'double', approveLabel: 'Yes <b>', disapproveLabel: 'No' } } };

describe('send and wait: asking', () => {
	it('sends the question with a link and lets the workflow wait', async () => {
		const { waiting, text, url } = await ask();

		expect(waiting.status).toBe('waiting');
		expect(text).toBe(`Ship it?\n\nPlease answer here:\n${url}`);
		expect(new URL(url).searchParams.get('signature')).toBeTruthy();
	});

	it('waits for ever by default, and as long as the limit says', async () => {
		const forever = await ask();
		const limited = await ask({ options: { limitWaitTime: { values: { resumeAmount: 2, resumeUnit: 'hours' } }, linkText: 'Here:' } });

		expect(forever.waiting.waitTill?.getUTCFullYear()).toBe(3000);
		expect(Number(limited.waiting.waitTill) - Date.now()).toBeLessThanOrEqual(2 * 3_600_000);
		expect(limited.text).toContain('\n\nHere:\n');
	});

	it('goes on with its input when the limit has passed', async () => {
		const { setup, waiting } = await ask({ options: { limitWaitTime: { values: { resumeAmount: 1, resumeUnit: 'minutes' } } } }, { items: [{ order: 7 }] });

		const result = await letWaitPass(setup, waiting);

		expect(jsonOf(result)).toEqual([{ order: 7 }]);
	});

	it('takes no earlier answer for one to this question when the limit has passed', async () => {
		const input = { order: 7, approved: true, data: { approved: true, text: 'Dana' } };
		const { setup, waiting, url } = await ask({ message: '=Sure, {{ $json.data.text }}?' }, { items: [input] });

		const { body } = await followLink(setup, waiting, { url });
		const result = await letWaitPass(setup, waiting);

		expect(body).toContain('Sure, Dana?');
		expect(jsonOf(result)).toEqual([{ order: 7 }]);
		const [before] = Object.values(waiting.run.data.resultData.runData);
		expect(before?.[0]?.data?.main?.[0]?.[0]?.json).toEqual(input);
	});

	it.each<[string, INodeParameters, NodeRun['items'], string]>([
		['several questions at once', {}, [{}, {}], 'Only one question can be asked at a time'],
		['an empty question', { message: '={{ $json.nothing }}' }, [{}], '“Message” is empty'],
		['too long a question', { message: 'x'.repeat(2000) }, [{}], 'a message has at most 2000'],
		['a form without fields', { responseType: 'customForm' }, [{}], 'A form has between 1 and 50 fields'],
		['a dropdown without choices', { responseType: 'customForm', formFields: { values: [{ label: 'When', type: 'dropdown' }] } }, [{}], 'The dropdown “When” has no choices'],
		['two fields of one name', { responseType: 'customForm', formFields: { values: [{ label: 'A' }, { label: 'A' }] } }, [{}], 'Two fields are called “A”'],
	])('sends nothing for %s', async (_, parameters, items, message) => {
		const { waiting } = await ask(parameters, { items });

		expect(waiting.error?.message).toContain(message);
		expect(sandbox().requests).toEqual([]);
	});
});

describe('send and wait: the page', () => {
	it('shows the question escaped, with a strict content policy, and decides nothing by being opened', async () => {
		const { setup, waiting, url } = await ask({ message: '<script>alert(1)</script>', ...double });

		const { status, headers, body, resumed } = await followLink(setup, waiting, { url });

		expect(status).toBe(200);
		expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
		expect(body).toContain('Yes &lt;b&gt;');
		expect(body).not.toContain('<script');
		expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
		expect(headers['referrer-policy']).toBe('no-referrer');
		expect(resumed).toBeUndefined();
	});

	it.each([['approve', true], ['decline', false]])('lets the workflow go on after “%s”', async (decision, approved) => {
		const { setup, waiting, url } = await ask(double);

		const { status, body, resumed } = await followLink(setup, waiting, { url, ...form({ decision }) });

		expect(status).toBe(200);
		expect(body).toContain('Thank you');
		expect(resumed?.items.map(({ json }) => json)).toEqual([{ data: { approved, respondedAt: expect.any(String) } }]);
	});

	it('does not know a button that it does not have', async () => {
		const { setup, waiting, url } = await ask();

		for (const fields of [{ decision: 'decline' }, {}] as Array<Record<string, string>>) {
			const { status, resumed } = await followLink(setup, waiting, { url, ...form(fields) });
			expect([status, resumed]).toEqual([422, undefined]);
		}
	});

	it('is not there without a valid signature', async () => {
		const { setup, waiting, url } = await ask();

		const { status, resumed } = await followLink(setup, waiting, { url: url.replace(/signature=\w{4}/, 'signature=0000'), ...form({ decision: 'approve' }) });

		expect([status, resumed]).toEqual([401, undefined]);
	});

	it('answers no other question of the same execution', async () => {
		const { setup, waiting, url } = await ask(double);
		const { contextData } = waiting.run.data.executionData ?? {};
		Object.assign(contextData?.[`node:${waiting.workflow.nodes.at(-1)?.name}`] ?? {}, { turn: '1' });

		for (const request of [{ url }, { url, ...form({ decision: 'approve' }) }]) {
			const { status, body, resumed } = await followLink(setup, waiting, request);
			expect([status, resumed]).toEqual([409, undefined]);
			expect(body).toContain('This question has been answered already');
		}
	});

	it('takes a free text', async () => {
		const { setup, waiting, url } = await ask({ responseType: 'freeText' });

		const empty = await followLink(setup, waiting, { url, ...form({ decision: 'submit', 'field-0': ' ' }) });
		const { resumed } = await followLink(setup, waiting, { url, ...form({ decision: 'submit', 'field-0': 'Tomorrow, please' }) });

		expect([empty.status, empty.resumed]).toEqual([422, undefined]);
		expect(resumed?.items[0]?.json.data).toMatchObject({ text: 'Tomorrow, please' });
	});

	const fields = [
		{ label: '__proto__', type: 'text' },
		{ label: 'Pieces', type: 'number', required: true },
		{ label: 'Email', type: 'email' },
		{ label: 'Day', type: 'date' },
		{ label: 'When', type: 'dropdown', choices: 'Morning, Evening' },
		{ label: 'Why', type: 'textarea' },
	];

	it('takes a form, each answer under its label', async () => {
		const { setup, waiting, url } = await ask({ responseType: 'customForm', formFields: { values: fields } });

		const page = await followLink(setup, waiting, { url });
		const { resumed } = await followLink(setup, waiting, { url, ...form({
			decision: 'submit', 'field-0': 'x', 'field-1': '12', 'field-2': 'd@acme.example', 'field-3': '2026-05-18', 'field-4': 'Evening', 'field-5': '',
		}) });

		for (const type of ['type="text"', 'type="number"', 'type="email"', 'type="date"', '<select', '<textarea']) expect(page.body).toContain(type);
		const data = resumed?.items[0]?.json.data as object;
		expect(Object.entries(data).slice(0, 6)).toEqual([['__proto__', 'x'], ['Pieces', 12], ['Email', 'd@acme.example'], ['Day', '2026-05-18'], ['When', 'Evening'], ['Why', null]]);
		expect(({} as Record<string, unknown>).x).toBeUndefined();
	});

	it('says what is wrong with a form and keeps what was entered', async () => {
		const { setup, waiting, url } = await ask({ responseType: 'customForm', formFields: { values: fields } });

		const { status, body, resumed } = await followLink(setup, waiting, { url, ...form({
			decision: 'submit', 'field-0': '"><b>', 'field-1': 'many', 'field-2': 'nobody', 'field-3': '2026-99-99', 'field-4': 'Noon', 'field-5': 'x'.repeat(10_001),
		}) });

		expect([status, resumed]).toEqual([422, undefined]);
		for (const problem of ['a number', 'an email address', 'a date', 'one of the list', 'at most 10000 characters']) expect(body).toContain(problem);
		expect(body).toContain('value="&quot;&gt;&lt;b&gt;"');
	});
});

describe('wait for reply', () => {
	it('gives what the contact writes after a message', async () => {
		const { world } = sandbox();
		const chat = world.addChat({ name: 'Dana' });
		world.addMessage(chat, { text: 'Before' });
		const question = world.addMessage(chat, { text: 'Open?', fromMe: true });
		world.addMessage(chat, { text: 'A note', type: 'note' });
		world.addMessage(chat, { text: 'Yes' });

		const [json] = jsonOf(await run(sandbox(), 'message.waitForReply', { chatId: byId(chat.id), afterMessage: question.uid }));

		expect(json).toMatchObject({ replied: true, text: 'Yes', senderName: 'Dana' });
		expect(onlyRequest(sandbox(), 'GET /chats/{chat_id}/messages').query).toEqual({ from_me: 'false', sorting_order: 'asc', after_message: question.uid });
	});

	it.each([true, false])('waits for what is written from now on (chat with a history: %s)', async (history) => {
		const { world } = sandbox();
		const chat = world.addChat();
		if (history) world.addMessage(chat, { text: 'Before' });

		const waiting = run(sandbox(), 'message.waitForReply', { chatId: byId(chat.id), waitLimit: 30 });
		while (sandbox().requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
		sandbox().customerWrites({ chatId: chat.id, text: 'Now' });

		expect(jsonOf(await waiting)).toMatchObject([{ replied: true, text: 'Now' }]);
	});

	it('says so when nobody replies', async () => {
		const chat = sandbox().world.addChat();

		const [json] = jsonOf(await run(sandbox(), 'message.waitForReply', { chatId: byId(chat.id), waitLimit: 1 }));

		expect(json).toEqual({ replied: false, chatId: chat.id, afterMessage: null, waitedSeconds: 1 });
	});

	it('ends at once when the execution is cancelled', async () => {
		const chat = sandbox().world.addChat();
		const cancel = new AbortController();
		const waiting = run(sandbox(), 'message.waitForReply', { chatId: byId(chat.id), waitLimit: 3600 }, { signal: cancel.signal });
		while (sandbox().requests.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));

		cancel.abort();

		expect((await waiting).status).toBe('canceled');
	});
});
