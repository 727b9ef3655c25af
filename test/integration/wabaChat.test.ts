/** WABA accounts, chats, labels and templates, in real n8n against the sandbox. */
import { by, byId, explainsRefusals, jsonOf, onlyRequest, refusesBeforeAnyRequest, routes, run, search, useSandbox } from './kit';

const sandbox = useSandbox();

const HOUR = 3_600_000;
const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);

describe('wabaAccount', () => {
	it('gives one with its profile, and lists all', async () => {
		const { world } = sandbox();
		const [first, second] = [world.addWabaAccount({ phone: '+15550101234' }), world.addWabaAccount({ status: 'disabled' })];

		const [one] = jsonOf(await run(sandbox(), 'wabaAccount.get', { accountId: byId(first.id) }));
		const all = jsonOf(await run(sandbox(), 'wabaAccount.getAll', { returnAll: true }));

		expect(one).toEqual({
			wabaAccountId: first.id,
			phone: '+1 555 010 1234',
			status: 'active',
			ownerName: 'Kate Smith',
			ownerEmail: 'kate.smith@acme.example',
			connectedAt: isoTime,
			metaPhoneId: first.metaPhoneId,
			metaWabaId: first.metaWabaId,
			profileName: 'Acme Support',
			accountIds: [first.id, second.id],
		});
		expect(all.map(({ wabaAccountId, status }) => [wabaAccountId, status])).toEqual([[first.id, 'active'], [second.id, 'disabled']]);
		expect((await search(sandbox(), 'searchWabaAccounts', '555 010')).results).toContainEqual({ name: '+1 555 010 1234 (Kate Smith)', value: String(first.id) });
	});

	describe('get analytics', () => {
		const start = '2026-05-01T00:00:00';
		const end = '2026-05-03T00:00:00';
		const requestRoute = 'POST /waba/accounts/{account_id}/analytics';
		const pollRoute = 'GET /waba/accounts/{account_id}/analytics/{handle_id}';

		it('asks in UNIX seconds, waits until the figures are ready and gives them', async () => {
			const { id } = sandbox().world.addWabaAccount();

			const [json] = jsonOf(
				await run(sandbox(), 'wabaAccount.getAnalytics', { accountId: byId(id), start, end, options: { dimensions: ['COUNTRY', 'PRICING_TYPE'] } }, { timezone: 'Europe/Athens' }),
			);

			expect(onlyRequest(sandbox(), requestRoute).body).toEqual({
				start: Date.UTC(2026, 3, 30, 21) / 1000,
				end: Date.UTC(2026, 4, 2, 21) / 1000,
				dimensions: 'COUNTRY,PRICING_TYPE',
			});
			expect(routes(sandbox())).toEqual([requestRoute, pollRoute, pollRoute, pollRoute]);
			expect(json).toMatchObject({
				wabaAccountId: id,
				analytics: { data_points: [{ sent: 10, delivered: 9 }, { sent: 11, delivered: 10 }] },
				pricing_analytics: { data: [{ data_points: [{ volume: 9, country: 'DE', pricing_type: 'REGULAR' }, { volume: 10 }] }] },
			});
		});

		it('needs no wait for what is ready, and takes now for the end', async () => {
			const { world } = sandbox();
			world.analyticsPolls = 0;

			jsonOf(await run(sandbox(), 'wabaAccount.getAnalytics', { accountId: byId(world.addWabaAccount().id), start }));

			const { start: from, end: until } = onlyRequest(sandbox(), requestRoute).body as { start: number; end: number };
			expect(until).toBeGreaterThan(from);
			expect(Math.abs(until - Date.now() / 1000)).toBeLessThan(60);
		});

		it('says why the figures cannot be had, and when they take too long', async () => {
			const { world } = sandbox();
			const accountId = byId(world.addWabaAccount().id);
			world.analyticsPolls = 1_000;
			const late = await run(sandbox(), 'wabaAccount.getAnalytics', { accountId, start, end, options: { waitLimit: 1 } });
			world.analyticsPolls = 1;
			world.analyticsError = { code: 100, message: 'Invalid parameter' };
			const failed = await run(sandbox(), 'wabaAccount.getAnalytics', { accountId, start, end: '2026-05-04' });

			expect(late.error).toMatchObject({ message: 'The analytics were not ready within 1 s', description: expect.stringContaining('run the node again with the same range') });
			expect(failed.error).toMatchObject({ message: 'The analytics failed: Invalid parameter', description: 'Meta’s error code is 100.' });
		});

		it('ends at once when the execution is stopped', async () => {
			const { world } = sandbox();
			world.analyticsPolls = 1_000;
			const stop = new AbortController();
			sandbox().faults.add({ kind: 'slow', ms: 1, match: ({ route }) => {
				if (route === pollRoute) stop.abort();
				return false;
			} });

			const { status } = await run(sandbox(), 'wabaAccount.getAnalytics', { accountId: byId(world.addWabaAccount().id), start, end }, { signal: stop.signal });

			expect(status).toBe('canceled');
			onlyRequest(sandbox(), pollRoute);
		});
	});
});

describe('wabaChat', () => {
	it('shows whether the service window is open, and until when', async () => {
		const { world } = sandbox();
		const chat = world.addWabaChat({ name: 'Dana', phone: '+14155550123', labels: ['vip'] });
		const get = async () => jsonOf(await run(sandbox(), 'wabaChat.get', { chatId: byId(chat.id) }))[0];

		expect(await get()).toMatchObject({ serviceWindowIsOpen: null, serviceWindowExpiresAt: null });
		world.addMessage(chat, { text: 'Hello' });
		expect(await get()).toEqual({
			chatId: chat.id,
			name: 'Dana',
			phone: '+14155550123',
			closed: false,
			labels: ['vip'],
			responsible: null,
			wabaAccountId: chat.account.id,
			serviceWindowIsOpen: true,
			serviceWindowExpiresAt: isoTime,
			lastMessageText: 'Hello',
		});
		world.clock.advance(25 * HOUR);
		expect(await get()).toMatchObject({ serviceWindowIsOpen: false, serviceWindowExpiresAt: null });
	});

	it('is found by URL and by phone number too', async () => {
		const chat = sandbox().world.addWabaChat({ phone: '+14155550123' });

		for (const chatId of [by('url', `https://app.timelines.ai/chat/${chat.id}/messages/`), by('phone', '+1 (415) 555-0123')]) {
			expect(jsonOf(await run(sandbox(), 'wabaChat.get', { chatId }))).toMatchObject([{ chatId: chat.id }]);
		}
		expect(onlyRequest(sandbox(), 'GET /waba/chats').query).toEqual({ whatsapp_phone: '+14155550123' });
	});

	it('lists all pages, and sends every filter that is set', async () => {
		const { world } = sandbox();
		for (let index = 0; index < 120; index++) world.addWabaChat();

		const all = jsonOf(await run(sandbox(), 'wabaChat.getAll', { returnAll: true }));
		await run(sandbox(), 'wabaChat.getAll', {
			filters: { closed: true, responsible: by('list', 'kate.smith@acme.example'), wabaAccountId: by('id', '4021'), whatsappPhone: '+1 415 555 0123' },
			options: { withMsg: true },
		});

		expect(new Set(all.map(({ chatId }) => chatId)).size).toBe(120);
		expect(sandbox().requests.at(-1)?.query).toEqual({
			closed: 'true',
			responsible: 'kate.smith@acme.example',
			waba_account_id: '4021',
			whatsapp_phone: '+14155550123',
			with_msg: 'true',
			page: '1',
		});
	});

	it.each([
		[{ name: 'Dana Scully', closed: true, read: false }, { name: 'Dana Scully', closed: true, read: false }],
		[{ responsible: by('email', 'kate.smith@acme.example') }, { responsible: 'kate.smith@acme.example' }],
		[{ unassign: true }, { responsible: '' }],
		[{ unassign: false, read: true }, { read: true }],
	])('updates %j and sends nothing else', async (updateFields, body) => {
		const chat = sandbox().world.addWabaChat();

		jsonOf(await run(sandbox(), 'wabaChat.update', { chatId: byId(chat.id), updateFields }));

		expect(onlyRequest(sandbox(), 'PATCH /waba/chats/{chat_id}').body).toEqual(body);
	});

	it('is found in the list of the editor by phone number, and by name on whatever page it is', async () => {
		const { world } = sandbox();
		const dana = world.addWabaChat({ name: 'Dana', phone: '+14155550123' });
		for (let index = 0; index < 60; index++) world.addMessage(world.addWabaChat({ name: `Chat ${index}` }));

		const result = { name: 'Dana (+14155550123)', value: String(dana.id), url: `${sandbox().origin}/chat/${dana.id}/messages/` };
		expect((await search(sandbox(), 'searchWabaChats', 'dan')).results).toEqual([result]);
		expect((await search(sandbox(), 'searchWabaChats', '+1 415 555 0123')).results).toEqual([result]);
		const { results, paginationToken } = await search(sandbox(), 'searchWabaChats');
		expect(results).toHaveLength(50);
		expect((await search(sandbox(), 'searchWabaChats', '', paginationToken as string)).results).toHaveLength(11);
	});
});

describe('wabaLabel', () => {
	it.each([
		['add', 'vip', ['lead', 'old', 'vip']],
		['remove', 'old, unknown', ['lead']],
		['replace', 'vip', ['vip']],
		['replace', '', []],
	])('%s "%s" leaves %j', async (operation, labels, left) => {
		const chat = sandbox().world.addWabaChat({ labels: ['lead', 'old'] });

		const [json] = jsonOf(await run(sandbox(), `wabaLabel.${operation}`, { chatId: byId(chat.id), labels: by('name', labels) }));

		expect(json).toEqual({ chatId: chat.id, labels: left });
		expect(chat.labels).toEqual(left);
	});

	it('lists them, and writes nothing where nothing changes', async () => {
		const chat = sandbox().world.addWabaChat({ labels: ['lead'] });

		expect(jsonOf(await run(sandbox(), 'wabaLabel.getAll', { chatId: byId(chat.id) }))).toEqual([{ chatId: chat.id, labels: ['lead'] }]);
		await run(sandbox(), 'wabaLabel.remove', { chatId: byId(chat.id), labels: by('name', 'vip') });

		expect(new Set(routes(sandbox()))).toEqual(new Set(['GET /waba/chats/{chat_id}/labels']));
	});
});

describe('wabaTemplate', () => {
	it('gives one with its components and accounts, and lists all pages', async () => {
		const { world } = sandbox();
		const account = world.addWabaAccount();
		const template = world.addWabaTemplate();
		for (let index = 0; index < 60; index++) world.addWabaTemplate({ name: `template_${index}` });

		const [one] = jsonOf(await run(sandbox(), 'wabaTemplate.get', { templateId: byId(template.id) }));
		const all = jsonOf(await run(sandbox(), 'wabaTemplate.getAll', { returnAll: true }));
		const some = jsonOf(await run(sandbox(), 'wabaTemplate.getAll', { limit: 3 }));

		expect(one).toEqual({
			templateId: template.id,
			name: 'order_update',
			language: 'en_US',
			status: 'APPROVED',
			category: 'UTILITY',
			parameterFormat: 'POSITIONAL',
			metaTemplateId: template.metaId,
			metaWabaId: account.metaWabaId,
			accountIds: [account.id],
			components: template.components,
		});
		expect([all.length, some.length]).toEqual([61, 3]);
		expect(all[0]).not.toHaveProperty('components');
	});
});

describe('refusals', () => {
	const account = { accountId: byId(4711) };
	const chat = { chatId: byId(4711) };
	const labels = by('name', 'vip');

	explainsRefusals(sandbox, [
		['wabaAccount.get', 'GET /waba/accounts/{account_id}', account],
		['wabaAccount.getAnalytics', 'POST /waba/accounts/{account_id}/analytics', { ...account, start: '2026-05-01' }],
		['wabaAccount.getAll', 'GET /waba/accounts'],
		['wabaChat.get', 'GET /waba/chats/{chat_id}', chat],
		['wabaChat.update', 'PATCH /waba/chats/{chat_id}', { ...chat, updateFields: { read: true } }],
		['wabaChat.getAll', 'GET /waba/chats'],
		['wabaLabel.getAll', 'GET /waba/chats/{chat_id}/labels', chat],
		['wabaLabel.add', 'PUT /waba/chats/{chat_id}/labels', { ...chat, labels }],
		['wabaLabel.remove', 'GET /waba/chats/{chat_id}/labels', { ...chat, labels }],
		['wabaLabel.replace', 'POST /waba/chats/{chat_id}/labels', { ...chat, labels }],
		['wabaTemplate.get', 'GET /waba/templates/{template_id}', { templateId: byId(4711) }],
		['wabaTemplate.getAll', 'GET /waba/templates'],
	]);

	refusesBeforeAnyRequest(sandbox, [
		['wabaAccount.get', { accountId: byId('x') }, '“x” is not a valid account ID: it must be a whole number'],
		['wabaAccount.getAnalytics', { ...account, start: '={{ $json.nothing }}' }, '“Start” is empty'],
		['wabaAccount.getAnalytics', { ...account, start: 'soon' }, '“Start” is not a date'],
		['wabaAccount.getAnalytics', { ...account, start: '2026-05-02', end: '2026-05-01' }, '“Start” is not before “End”'],
		['wabaAccount.getAnalytics', { ...account, start: '2026-05-01', options: { dimensions: '={{ ["MOON"] }}' } }, '“MOON” is not a dimension'],
		['wabaChat.get', { chatId: byId('={{ $json.nothing }}') }, 'No chat is chosen'],
		['wabaChat.update', chat, 'Nothing to update'],
		['wabaChat.update', { ...chat, updateFields: { unassign: true, responsible: by('email', 'kate.smith@acme.example') } }, '“Responsible” and “Unassign” contradict each other'],
		['wabaChat.getAll', { filters: { whatsappPhone: 'Dana' } }, '“Dana” in “WhatsApp Phone” is not a phone number'],
		['wabaLabel.add', { ...chat, labels: by('name', '={{ $json.nothing }}') }, 'No label is given'],
		['wabaTemplate.get', { templateId: byId('={{ $json.nothing }}') }, 'No WABA template is chosen'],
	]);
});
