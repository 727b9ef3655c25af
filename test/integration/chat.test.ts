/** The chat operations, in real n8n against the sandbox. */
import { by, byId, jsonOf, onlyRequest, routes, run, search, useSandbox } from './kit';

const sandbox = useSandbox();

describe('chat: get', () => {
	it('gives a flat, simplified chat with ISO 8601 times and an absolute URL', async () => {
		const chat = sandbox().world.addChat({ name: 'Dana', phone: '+14155550123', labels: ['vip'] });

		const [json] = jsonOf(await run(sandbox(), 'chat.get', { chatId: byId(chat.id) }));

		expect(json).toMatchObject({ chatId: chat.id, name: 'Dana', phone: '+14155550123', isGroup: false, closed: false, labels: ['vip'], responsible: null });
		expect(json?.chatUrl).toBe(`${sandbox().origin}/chat/${chat.id}/messages/`);
		expect(Object.keys(json ?? {}).length).toBeLessThanOrEqual(10);
	});

	it('gives what the API sent with Output: Raw', async () => {
		const chat = sandbox().world.addChat({ name: 'Dana' });

		const [json] = jsonOf(await run(sandbox(), 'chat.get', { chatId: byId(chat.id), output: 'raw' }));

		expect(json).toMatchObject({ id: chat.id, is_group: false, chat_url: `/chat/${chat.id}/messages/` });
	});

	it('finds the chat by its URL and by the phone number as people write it', async () => {
		const chat = sandbox().world.addChat({ name: 'Dana', phone: '+14155550123' });

		const byUrl = await run(sandbox(), 'chat.get', { chatId: by('url', `https://app.timelines.ai/chat/${chat.id}/messages/`) });
		const byPhone = await run(sandbox(), 'chat.get', { chatId: by('phone', '+1 (415) 555-0123') });

		expect([...jsonOf(byUrl), ...jsonOf(byPhone)].map(({ chatId }) => chatId)).toEqual([chat.id, chat.id]);
		expect(onlyRequest(sandbox(), 'GET /chats').query).toEqual({ phone: '+14155550123' });
	});
});
