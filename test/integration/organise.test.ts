/** Labels, notes, WhatsApp accounts and the workspace, in real n8n against the sandbox. */
import { by, byId, jsonOf, onlyRequest, routes, run, useSandbox } from './kit';

const sandbox = useSandbox();

describe('labels', () => {
	it('lists them', async () => {
		const chat = sandbox().world.addChat({ labels: ['vip', 'lead'] });

		expect(jsonOf(await run(sandbox(), 'label.getAll', { chatId: byId(chat.id) }))).toEqual([{ chatId: chat.id, labels: ['vip', 'lead'] }]);
	});

	it.each([
		['text with commas', by('name', ' new , vip,, '), ['vip', 'new']],
		['one of the list', by('list', 'new'), ['vip', 'new']],
		['a list from an expression', by('name', '={{ ["new", "hot"] }}'), ['vip', 'new', 'hot']],
		['plain text', 'new', ['vip', 'new']],
	])('adds %s and keeps the others', async (_, labels, expected) => {
		const chat = sandbox().world.addChat({ labels: ['vip'] });

		const [json] = jsonOf(await run(sandbox(), 'label.add', { chatId: byId(chat.id), labels }));

		expect(json).toEqual({ chatId: chat.id, labels: expected });
		expect(routes(sandbox())).toEqual(['PUT /chats/{chat_id}/labels']);
	});

	it('removes some and keeps the others', async () => {
		const chat = sandbox().world.addChat({ labels: ['vip', 'lead', 'new'] });

		const [json] = jsonOf(await run(sandbox(), 'label.remove', { chatId: byId(chat.id), labels: by('name', 'lead, unknown') }));

		expect(json).toEqual({ chatId: chat.id, labels: ['vip', 'new'] });
		expect(onlyRequest(sandbox(), 'POST /chats/{chat_id}/labels').body).toEqual({ labels: ['vip', 'new'] });
	});

	it('writes nothing where there is nothing to remove', async () => {
		const chat = sandbox().world.addChat({ labels: ['vip'] });

		jsonOf(await run(sandbox(), 'label.remove', { chatId: byId(chat.id), labels: by('name', 'lead') }));

		expect(routes(sandbox())).toEqual(['GET /chats/{chat_id}/labels']);
	});

	it('replaces all, and clears with an empty list', async () => {
		const chat = sandbox().world.addChat({ labels: ['vip'] });

		await run(sandbox(), 'label.replace', { chatId: byId(chat.id), labels: by('name', 'lead, new') });
		expect(chat.labels).toEqual(['lead', 'new']);
		await run(sandbox(), 'label.replace', { chatId: byId(chat.id), labels: by('name', '={{ [] }}') });
		expect(chat.labels).toEqual([]);
	});

	it.each([
		['nothing', '={{ $json.nothing }}', 'No label is given'],
		['a label that is too long', 'x'.repeat(65), '“Labels” has 65 characters; at most 64 are allowed'],
	])('refuses %s', async (_, labels, message) => {
		const { error } = await run(sandbox(), 'label.add', { chatId: byId(1), labels: by('name', labels) });

		expect(error?.message).toBe(message);
		expect(sandbox().requests).toEqual([]);
	});
});

describe('notes', () => {
	it.each([true, false])('creates a note (private: %s)', async (isPrivate) => {
		const chat = sandbox().world.addChat();

		const [json] = jsonOf(await run(sandbox(), 'note.create', { chatId: byId(chat.id), text: 'Call back', isPrivate }));

		const note = chat.messages.at(-1);
		expect(note).toMatchObject({ type: 'note', text: 'Call back', isPrivate });
		expect(json).toEqual({ chatId: chat.id, messageUid: note?.uid });
	});

	it('is content with an answer without a UID, which the specification allows', async () => {
		const chat = sandbox().world.addChat();
		sandbox().faults.add({ kind: 'status', status: 200, body: { status: 'ok' }, process: true });

		expect(jsonOf(await run(sandbox(), 'note.create', { chatId: byId(chat.id), text: 'Call back' }))).toEqual([{ chatId: chat.id, messageUid: null }]);
	});

	it('refuses a note that is too long', async () => {
		const { error } = await run(sandbox(), 'note.create', { chatId: byId(1), text: 'x'.repeat(10_001) });

		expect(error?.message).toBe('“Text” has 10001 characters; at most 10000 are allowed');
	});
});

describe('WhatsApp accounts', () => {
	it('lists numbers with their status, up to a limit', async () => {
		sandbox().world.addAccount({ phone: '+302105550099', status: 'disconnected' });

		const json = jsonOf(await run(sandbox(), 'whatsappAccount.getAll', { returnAll: true }));
		const limited = jsonOf(await run(sandbox(), 'whatsappAccount.getAll', { limit: 1 }));

		expect(json.map(({ phone, status }) => [phone, status])).toContainEqual(['+302105550099', 'disconnected']);
		expect(limited).toHaveLength(1);
	});

	it('says which ones the token may use', async () => {
		sandbox().world.addAccount({ visible: false });

		const json = jsonOf(await run(sandbox(), 'whatsappAccount.getAll', { options: { includeVisibility: true } }));

		expect(json.map(({ isVisible }) => isVisible).sort()).toEqual([false, true]);
	});
});

describe('workspace', () => {
	it('says what is left of the quotas', async () => {
		sandbox().world.messagingQuota = { total: 100, used: 30 };
		sandbox().world.seats = { total: 2, used: 3 };

		const [json] = jsonOf(await run(sandbox(), 'workspace.get'));

		expect(json).toMatchObject({ workspaceId: 'acme-inc', name: 'Acme Inc.', plan: 'Business', messagesLeft: 70, seatsLeft: 0 });
	});
});
