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

describe('choosing a chat', () => {
	it('says so when no chat, or several chats, have the phone number', async () => {
		const { world } = sandbox();
		const second = world.addAccount({ phone: '+302105550099' });
		const ids = [world.addChat({ phone: '+14155550123' }), world.addChat({ phone: '+14155550123', account: second })].map(({ id }) => id);

		const none = await run(sandbox(), 'chat.get', { chatId: by('phone', '+14155550999') });
		const several = await run(sandbox(), 'chat.get', { chatId: by('phone', '+14155550123') });

		expect(none.error?.message).toBe('There is no chat with the phone number +14155550999');
		expect(several.error?.message).toContain('There are 2 chats with the phone number +14155550123');
		for (const id of ids) expect(several.error?.message).toContain(String(id));
	});

	it.each([
		['nothing', byId('={{ $json.nothing }}'), 'No chat is chosen'],
		['a path', byId('1/../../workspace'), '“1/../../workspace” is not a valid chat ID: it must be a whole number'],
		['another URL', by('url', 'https://app.timelines.ai/settings/'), 'is not the URL of a chat'],
		['words', by('phone', 'call me'), '“call me” is not a phone number'],
	])('refuses %s without a request', async (_, chatId, message) => {
		const { error } = await run(sandbox(), 'chat.get', { chatId });

		expect(error?.message).toContain(message);
		expect(error?.context).toMatchObject({ itemIndex: 0 });
		expect(sandbox().requests).toEqual([]);
	});

	it('takes the id from each item, as a number or as text', async () => {
		const [first, second] = sandbox().world.addChats(2);

		const result = await run(sandbox(), 'chat.get', { chatId: byId('={{ $json.id }}') }, { items: [{ id: first?.id }, { id: String(second?.id) }] });

		expect(jsonOf(result).map(({ chatId }) => chatId)).toEqual([first?.id, second?.id]);
		expect(result.items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
	});
});

describe('chat: changes', () => {
	it.each([
		['chat.close', { closed: true }],
		['chat.reopen', { closed: false }],
		['chat.unassign', { responsible: '' }],
	])('%s sends exactly %j', async (operation, body) => {
		const { world } = sandbox();
		const chat = world.addChat({ responsible: world.me, closed: operation === 'chat.reopen' });

		await run(sandbox(), operation, { chatId: byId(chat.id) });

		expect(onlyRequest(sandbox(), 'PATCH /chats/{chat_id}').body).toEqual(body);
	});

	it('assigns to a teammate, and shows who is responsible now', async () => {
		const { world } = sandbox();
		const chat = world.addChat();
		const { email } = world.addTeammate({ email: 'omar@acme.example' });

		const [json] = jsonOf(await run(sandbox(), 'chat.assign', { chatId: byId(chat.id), responsible: by('email', email) }));

		expect(json?.responsible).toBe('omar@acme.example');
		expect(chat.responsible?.email).toBe('omar@acme.example');
	});

	it('does not unassign when the teammate comes out empty', async () => {
		const chat = sandbox().world.addChat({ responsible: sandbox().world.me });

		const { error } = await run(sandbox(), 'chat.assign', { chatId: byId(chat.id), responsible: by('email', '={{ $json.nothing }}') });

		expect(error?.message).toBe('No teammate is chosen');
		expect(chat.responsible).not.toBeNull();
	});

	it('updates only what is set', async () => {
		const chat = sandbox().world.addChat({ name: 'Dana', read: true });

		await run(sandbox(), 'chat.update', { chatId: byId(chat.id), updateFields: { name: 'Dana Scully', read: false, responsible: by('email', '') } });

		expect(onlyRequest(sandbox(), 'PATCH /chats/{chat_id}').body).toEqual({ name: 'Dana Scully', read: false });
		expect(chat).toMatchObject({ name: 'Dana Scully', read: false });
	});

	it('refuses an update of nothing, and a name that is too long', async () => {
		const chat = sandbox().world.addChat();

		const nothing = await run(sandbox(), 'chat.update', { chatId: byId(chat.id) });
		const long = await run(sandbox(), 'chat.update', { chatId: byId(chat.id), updateFields: { name: 'x'.repeat(257) } });

		expect(nothing.error?.message).toBe('Nothing to update');
		expect(long.error?.message).toBe('“Name” has 257 characters; at most 256 are allowed');
		expect(sandbox().requests).toEqual([]);
	});
});

describe('chat: get many', () => {
	it('gives one page by default, newest activity first', async () => {
		const chats = sandbox().world.addChats(60);

		const json = jsonOf(await run(sandbox(), 'chat.getAll'));

		expect(json.map(({ chatId }) => chatId)).toEqual(chats.slice(0, 50).map(({ id }) => id));
		expect(routes(sandbox())).toEqual(['GET /chats']);
	});

	it('returns all of several pages, complete and in order, with at most four requests beyond the last page', async () => {
		const chats = sandbox().world.addChats(330);

		const json = jsonOf(await run(sandbox(), 'chat.getAll', { returnAll: true }));

		expect(json.map(({ chatId }) => chatId)).toEqual(chats.map(({ id }) => id));
		expect(sandbox().requests.length).toBeLessThanOrEqual(7 + 4);
	});

	it('asks for no page that a limit does not need', async () => {
		sandbox().world.addChats(330);

		const json = jsonOf(await run(sandbox(), 'chat.getAll', { limit: 120 }));

		expect(json).toHaveLength(120);
		expect(sandbox().requests.map(({ query }) => query.page)).toEqual(['1', '2', '3']);
	});

	it('misses none and gives none twice when chats move to the top meanwhile', async () => {
		const { world } = sandbox();
		const chats = world.addChats(330);
		// Whenever a page has been read, the last chat of the list gets a message.
		const movers = [...chats].reverse();
		sandbox().faults.add({ kind: 'slow', ms: 5, match: ({ route }) => {
			const chat = movers.shift();
			if (route === 'GET /chats' && chat && movers.length > 320) world.addMessage(chat, { text: 'Me again' });
			return false;
		} });

		const json = jsonOf(await run(sandbox(), 'chat.getAll', { returnAll: true }));

		const ids = json.map(({ chatId }) => chatId);
		expect(new Set(ids).size).toBe(ids.length);
		expect(new Set(ids)).toEqual(new Set(chats.map(({ id }) => id)));
	});

	it('sends every filter under its own name, and only those that are set', async () => {
		await run(sandbox(), 'chat.getAll', {
			filters: {
				closed: false,
				group: false,
				read: true,
				chatgptAutoresponseEnabled: false,
				createdAfter: '2026-01-02T03:04:05',
				createdBefore: '2026-02-03T00:00:00Z',
				label: by('name', 'vip, lead'),
				name: 'Acme',
				phone: '+1 415 555 0123',
				responsible: by('list', 'kate.smith@acme.example'),
				whatsappAccountId: by('list', '302105550010@s.whatsapp.net'),
				whatsappPhone: '+14155550123, 14155550124',
			},
			options: { withMsg: true },
		}, { timezone: 'Europe/Athens' });

		expect(onlyRequest(sandbox(), 'GET /chats').query).toEqual({
			closed: 'false',
			group: 'false',
			read: 'true',
			chatgpt_autoresponse_enabled: 'false',
			created_after: '2026-01-02T03:04:05+02:00',
			created_before: '2026-02-03T00:00:00Z',
			label: 'vip,lead',
			name: 'Acme',
			phone: '+14155550123',
			responsible: 'kate.smith@acme.example',
			whatsapp_account_id: '302105550010@s.whatsapp.net',
			whatsapp_phone: '+14155550123,+14155550124',
			with_msg: 'true',
			page: '1',
		});
	});

	it('reads what the token may see from v2, which has no filter by phone', async () => {
		const { world } = sandbox();
		const chat = world.addChat();
		const hidden = world.addAccount({ phone: '+302105550099', visible: false });
		world.addChat({ account: hidden });

		const visible = jsonOf(await run(sandbox(), 'chat.getAll', { options: { onlyVisible: true, withMsg: true } }));
		const refused = await run(sandbox(), 'chat.getAll', { filters: { phone: '+14155550123' }, options: { onlyVisible: true } });

		expect(visible.map(({ chatId }) => chatId)).toEqual([chat.id]);
		expect(refused.error?.message).toBe('The filter “Phone” does not work with “Only Visible to Me”');
	});

	it('adds the text of the last message where it is asked for', async () => {
		const chat = sandbox().world.addChat();
		sandbox().world.addMessage(chat, { text: 'See you' });

		const [json] = jsonOf(await run(sandbox(), 'chat.getAll', { options: { withMsg: true } }));

		expect(json?.lastMessageText).toBe('See you');
	});

	it.each([
		[{ filters: { createdAfter: 'soon' } }, '“Created After” is not a date'],
		[{ filters: { phone: 'Dana' } }, '“Dana” in “Phone” is not a phone number'],
		[{ filters: { closed: 'perhaps' } }, '“Closed” must be true or false'],
		[{ limit: 0 }, '“Limit” must be a whole number from 1'],
		[{ limit: 'ten' }, '“Limit” must be a whole number from 1'],
		[{ output: 'xml' }, '“Output” must be one of: simplified, raw'],
	])('explains what is wrong with %j', async (parameters, message) => {
		const { error } = await run(sandbox(), 'chat.getAll', parameters as never);

		expect(error?.message).toBe(message);
	});
});

describe('lists in the editor', () => {
	it('finds chats page by page, by name and by digits of the phone number', async () => {
		const { world } = sandbox();
		world.addChats(60);
		const dana = world.addChat({ name: 'Dana', phone: '+14155550123' });

		const first = await search(sandbox(), 'searchChats');
		const second = await search(sandbox(), 'searchChats', '', String(first.paginationToken));
		const byName = await search(sandbox(), 'searchChats', 'dan');
		const byDigits = await search(sandbox(), 'searchChats', '555 0123');

		expect([first.results.length, second.results.length, second.paginationToken]).toEqual([50, 11, undefined]);
		const found = { name: 'Dana (+14155550123)', value: String(dana.id), url: `${sandbox().origin}/chat/${dana.id}/messages/` };
		expect(byName.results).toEqual([found]);
		expect(byDigits.results).toEqual([found]);
	});

	it('finds the labels that chats carry', async () => {
		sandbox().world.addChat({ labels: ['vip', 'lead'] });
		sandbox().world.addChat({ labels: ['vip'] });

		expect((await search(sandbox(), 'searchLabels')).results.map(({ value }) => value)).toEqual(['lead', 'vip']);
		expect((await search(sandbox(), 'searchLabels', 'VI')).results.map(({ value }) => value)).toEqual(['vip']);
	});

	it('finds teammates, senders, WhatsApp accounts and files', async () => {
		const { world } = sandbox();
		world.addTeammate({ name: 'Omar', email: 'omar@acme.example' });
		world.addAccount({ phone: '+302105550099', name: 'Sales', status: 'disconnected' });
		const file = world.addFile({ filename: 'Preis­liste.pdf' });

		expect((await search(sandbox(), 'searchTeammates', 'omar')).results).toEqual([{ name: 'Omar (omar@acme.example)', value: 'omar@acme.example' }]);
		expect((await search(sandbox(), 'searchSenders', '0099')).results).toEqual([{ name: '+302105550099 (Sales, disconnected)', value: '+302105550099' }]);
		expect((await search(sandbox(), 'searchWhatsappAccounts', '0099')).results[0]?.value).toBe('302105550099@s.whatsapp.net');
		expect((await search(sandbox(), 'searchFiles', 'pdf')).results).toEqual([{ name: 'Preis­liste.pdf (application/pdf)', value: file.uid }]);
	});

	it('finds the templates that have an attachment', async () => {
		const { world } = sandbox();
		const brochure = world.addTemplate({ name: 'Brochure', attachment: world.addFile({ filename: 'brochure.pdf' }) });
		world.addTemplate({ name: 'Greeting' });

		expect((await search(sandbox(), 'searchAttachmentTemplates')).results).toEqual([{ name: 'Brochure (brochure.pdf)', value: String(brochure.id) }]);
	});
});
