/** The message operations, in real n8n against the sandbox. */
import { withBinary } from '../harness';
import { by, byId, jsonOf, onlyRequest, routes, run, useSandbox } from './kit';

const sandbox = useSandbox();

const uuid = '00000000-0000-4000-8000-000000000000';

describe('message: send', () => {
	it('answers in a chat and gives the UID of the queued message', async () => {
		const chat = sandbox().world.addChat();

		const [json] = jsonOf(await run(sandbox(), 'message.send', { chatId: byId(chat.id), text: 'Hello\nDana 👋' }));

		const sent = chat.messages.at(-1);
		expect(sent).toMatchObject({ text: 'Hello\nDana 👋', fromMe: true, origin: 'Public API' });
		expect(json).toEqual({ messageUid: sent?.uid, chatId: chat.id });
		expect(onlyRequest(sandbox(), 'POST /chats/{chat_id}/messages').body).toEqual({ text: 'Hello\nDana 👋' });
	});

	it('writes to a phone number from a chosen number, and labels the chat', async () => {
		const { world } = sandbox();
		const support = world.addAccount({ phone: '+302105550077' });
		world.addAccount({ phone: '+302105550088' });

		jsonOf(await run(sandbox(), 'message.send', {
			sendTo: 'phone',
			phone: '+1 (415) 555-0123',
			text: 'Hello',
			options: { whatsappAccountPhone: by('list', support.phone), label: by('name', 'lead') },
		}));

		expect(onlyRequest(sandbox(), 'POST /messages').body).toEqual({
			phone: '+14155550123',
			text: 'Hello',
			whatsapp_account_phone: '+302105550077',
			label: 'lead',
		});
		const [chat] = [...world.chats.values()];
		expect(chat).toMatchObject({ phone: '+14155550123', labels: ['lead'], account: support });
	});

	it('writes to a JID, as a reply', async () => {
		const { world } = sandbox();
		const chat = world.addChat({ phone: '+14155550123' });
		const question = world.addMessage(chat, { text: 'Open today?' });

		jsonOf(await run(sandbox(), 'message.send', { sendTo: 'jid', jid: chat.jid, text: 'Yes', options: { replyTo: question.uid } }));

		expect(onlyRequest(sandbox(), 'POST /messages/to_jid').body).toEqual({ jid: chat.jid, text: 'Yes', reply_to: question.uid });
		expect(chat.messages.at(-1)).toMatchObject({ text: 'Yes', replyTo: question.uid });
	});

	it('finds the one chat of exactly that name, also among several pages and with a comma in it', async () => {
		const { world } = sandbox();
		world.addChats(60, (index) => ({ name: `Acme, Inc. ${index}` }));
		const chat = world.addChat({ name: 'Acme, Inc.' });

		jsonOf(await run(sandbox(), 'message.send', { sendTo: 'chatName', chatName: 'Acme, Inc.', text: 'Hello' }));

		expect(chat.messages.at(-1)?.text).toBe('Hello');
	});

	it('sends nothing when no chat or several chats have the name', async () => {
		sandbox().world.addChat({ name: 'Dana' });
		sandbox().world.addChat({ name: 'Dana' });

		const none = await run(sandbox(), 'message.send', { sendTo: 'chatName', chatName: 'Dan', text: 'Hello' });
		const several = await run(sandbox(), 'message.send', { sendTo: 'chatName', chatName: 'Dana', text: 'Hello' });

		expect(none.error?.message).toBe('There is no chat with the name “Dan”');
		expect(several.error?.message).toContain('There are 2 chats with the name “Dana”');
		expect(routes(sandbox())).toEqual(['GET /chats', 'GET /chats']);
	});

	describe('attachments', () => {
		it.each(['memory', 'filesystem'] as const)('uploads a file from the input data (%s) and sends it with the text', async (binaryMode) => {
			const chat = sandbox().world.addChat();
			const content = Buffer.from('%PDF-1.7 Übergrößenträger');
			const item = await withBinary({ content, fileName: 'Angebot “Größe”.pdf', mimeType: 'application/pdf' }, {}, binaryMode);

			jsonOf(await run(sandbox(), 'message.send', { chatId: byId(chat.id), text: 'Our offer', attachment: 'data' }, { items: [item], binaryMode }));

			expect(chat.messages.at(-1)?.attachment).toMatchObject({ filename: 'Angebot “Größe”.pdf', mimetype: 'application/pdf', content });
			expect(routes(sandbox())).toEqual(['POST /files_upload', 'POST /chats/{chat_id}/messages']);
		});

		it('sends a file from a URL', async () => {
			const chat = sandbox().world.addChat();

			jsonOf(await run(sandbox(), 'message.send', { chatId: byId(chat.id), attachment: 'url', fileUrl: 'https://acme.example/brochure.pdf' }));

			expect(onlyRequest(sandbox(), 'POST /files').body).toEqual({ download_url: 'https://acme.example/brochure.pdf' });
			expect(onlyRequest(sandbox(), 'POST /chats/{chat_id}/messages').body).toEqual({ file_uid: chat.messages.at(-1)?.attachment?.uid });
		});

		it('sends an uploaded file and an attachment template', async () => {
			const { world } = sandbox();
			const chat = world.addChat();
			const file = world.addFile();
			world.attachmentTemplates.set(123, world.addFile({ filename: 'menu.pdf' }));

			jsonOf(await run(sandbox(), 'message.send', { chatId: byId(chat.id), attachment: 'file', fileUid: by('list', file.uid) }));
			jsonOf(await run(sandbox(), 'message.send', { chatId: byId(chat.id), attachment: 'template', attachmentTemplateId: byId(123) }));

			expect(sandbox().requests.map(({ body }) => body)).toEqual([{ file_uid: file.uid }, { attachment_template_id: 123 }]);
		});

		it.each([
			['data', { inputDataFieldName: 'invoice' }, 'This item has no file in the input field “invoice”'],
			['url', { fileUrl: 'brochure.pdf' }, '“brochure.pdf” is not a URL of a file'],
			['file', { fileUid: by('uid', '={{ $json.nothing }}') }, 'No file is chosen'],
			['template', { attachmentTemplateId: by('id', '={{ $json.nothing }}') }, 'No attachment template is chosen'],
		])('sends nothing when the %s is not there', async (attachment, parameters, message) => {
			const chat = sandbox().world.addChat();

			const { error } = await run(sandbox(), 'message.send', { chatId: byId(chat.id), text: 'Hi', attachment, ...parameters });

			expect(error?.message).toBe(message);
			expect(sandbox().requests).toEqual([]);
		});
	});

	describe('what is checked before anything is sent', () => {
		it.each([
			['an empty message', { text: ' ' }, 'The message is empty'],
			['too long a text', { text: 'x'.repeat(2001) }, '“Text” has 2001 characters; a message has at most 2000'],
			['a NUL character', { text: '={{ "a" + String.fromCharCode(0) }}' }, '“Text” contains the NUL character'],
			['an object as text', { text: '={{ ({ a: 1 }) }}' }, '“Text” must be text, not an object'],
			['two labels', { text: 'Hi', options: { label: by('name', 'a, b') } }, 'A message can add one label only'],
			['a broken phone number', { sendTo: 'phone', phone: 'Dana', text: 'Hi' }, '“Dana” in “Phone Number” is not a phone number'],
			['a broken sender', { sendTo: 'phone', phone: '+14155550123', text: 'Hi', options: { whatsappAccountPhone: by('phone', 'office') } }, '“office” in “Send From” is not a phone number'],
			['a broken JID', { sendTo: 'jid', jid: 'Dana', text: 'Hi' }, '“Dana” is not a JID'],
			['a wait without end', { text: 'Hi', options: { waitUntil: 'read', waitLimit: 99_999 } }, '“Wait Limit” must be a whole number between 1 and 3600'],
		])('%s', async (_, parameters, message) => {
			const chat = sandbox().world.addChat();

			const { error } = await run(sandbox(), 'message.send', { chatId: byId(chat.id), ...parameters });

			expect(error?.message).toBe(message);
			expect(sandbox().requests).toEqual([]);
		});

		it('counts an emoji as one character, as the API does', async () => {
			const chat = sandbox().world.addChat();

			jsonOf(await run(sandbox(), 'message.send', { chatId: byId(chat.id), text: '👋'.repeat(2000) }));

			expect(chat.messages).toHaveLength(1);
		});
	});

	it('sends a long text in parts, in order, with the attachment and the label on the first', async () => {
		const { world } = sandbox();
		const chat = world.addChat();
		const file = world.addFile();
		const paragraphs = ['a', 'b', 'c'].map((letter) => `${letter.repeat(900)}.`);

		const [json] = jsonOf(await run(sandbox(), 'message.send', {
			chatId: byId(chat.id),
			text: paragraphs.join('\n\n'),
			attachment: 'file',
			fileUid: by('uid', file.uid),
			options: { splitLongText: true, label: by('name', 'news') },
		}));

		expect(sandbox().requests.map(({ body }) => body)).toEqual([
			{ text: paragraphs.slice(0, 2).join('\n\n'), file_uid: file.uid, label: 'news' },
			{ text: paragraphs[2] },
		]);
		expect(json?.messageUids).toEqual(chat.messages.map(({ uid }) => uid));
	});

	describe('waiting for delivery', () => {
		it.each(['sent', 'delivered', 'read'] as const)('waits until the message is %s', async (waitUntil) => {
			const chat = sandbox().world.addChat();

			const [json] = jsonOf(await run(sandbox(), 'message.send', { chatId: byId(chat.id), text: 'Hi', options: { waitUntil } }));

			expect(json).toMatchObject({ messageUid: chat.messages.at(-1)?.uid, reached: true });
			expect(['Sent', 'Delivered', 'Read']).toContain(json?.status);
		});

		it('goes on with the status so far when time is up', async () => {
			const chat = sandbox().world.addChat({ phone: '+14155550001' });

			const [json] = jsonOf(await run(sandbox(), 'message.send', { chatId: byId(chat.id), text: 'Hi', options: { waitUntil: 'read', waitLimit: 1 } }));

			expect(json).toMatchObject({ status: 'Delivered', reached: false });
		});

		it('makes a failed message an error of its item, and does not send it again', async () => {
			const [good, bad] = [sandbox().world.addChat(), sandbox().world.addChat({ phone: '+14155550000' })];

			const result = await run(sandbox(), 'message.send', { chatId: byId('={{ $json.id }}'), text: 'Hi', options: { waitUntil: 'delivered' } }, {
				items: [{ id: good.id }, { id: bad.id }],
				onError: 'continueErrorOutput',
				retryOnFail: { maxTries: 2, waitBetweenTries: 1 },
			});

			expect(result.outputs.map((items) => items.length)).toEqual([1, 1]);
			expect(result.outputs[1]?.[0]?.json.error).toContain('WhatsApp did not take the message');
			expect(result.outputs[1]?.[0]?.json.details).toMatchObject({ outcome: 'undelivered' });
			expect(bad.messages).toHaveLength(1);
		});

		it('does not mind that a queued message is not found for a moment', async () => {
			const chat = sandbox().world.addChat();
			sandbox().faults.add({ match: 'GET /messages/{message_uid}', kind: 'status', status: 404, body: { status: 'error', message: 'Not found' }, times: 1 });

			const [json] = jsonOf(await run(sandbox(), 'message.send', { chatId: byId(chat.id), text: 'Hi', options: { waitUntil: 'sent' } }));

			expect(json?.reached).toBe(true);
		});
	});
});

describe('message: get', () => {
	it('gives a message with its direction, status and ISO 8601 time', async () => {
		const { world } = sandbox();
		const message = world.addMessage(world.addChat({ name: 'Dana', phone: '+14155550123' }), { text: 'Hello' });

		const [json] = jsonOf(await run(sandbox(), 'message.get', { messageUid: message.uid }));

		expect(json).toMatchObject({ messageUid: message.uid, chatId: message.chat.id, direction: 'received', senderName: 'Dana', senderPhone: '+14155550123', text: 'Hello' });
		expect(json?.sentAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/);
	});

	it('explains a message that is not there', async () => {
		const { error } = await run(sandbox(), 'message.get', { messageUid: uuid });

		expect(error).toMatchObject({ name: 'NodeApiError', httpCode: '404', context: { itemIndex: 0, errorCode: 'not_found' } });
		expect(error?.description).toContain('Check the ID');
	});
});

describe('message: get many', () => {
	it('returns the whole history by cursor, newest first', async () => {
		const chat = sandbox().world.addChat();
		const history = sandbox().world.addHistory(chat, 120);

		const json = jsonOf(await run(sandbox(), 'message.getAll', { chatId: byId(chat.id), returnAll: true }));

		expect(json.map(({ messageUid }) => messageUid)).toEqual(history.map(({ uid }) => uid).reverse());
		expect(routes(sandbox())).toHaveLength(3);
	});

	it('returns it oldest first, up to a limit', async () => {
		const chat = sandbox().world.addChat();
		const history = sandbox().world.addHistory(chat, 120);

		const json = jsonOf(await run(sandbox(), 'message.getAll', { chatId: byId(chat.id), limit: 70, options: { sortingOrder: 'asc' } }));

		expect(json.map(({ messageUid }) => messageUid)).toEqual(history.slice(0, 70).map(({ uid }) => uid));
	});

	it('sends every filter, and reads with the rights of the token from v2', async () => {
		const chat = sandbox().world.addChat();
		const [first, second] = sandbox().world.addHistory(chat, 2);

		await run(sandbox(), 'message.getAll', {
			chatId: byId(chat.id),
			filters: { fromMe: false, after: '2026-01-01T00:00:00Z', before: '2100-01-01', afterMessage: first?.uid, beforeMessage: second?.uid },
			options: { onlyVisible: true },
		}, { timezone: 'UTC' });

		expect(onlyRequest(sandbox(), 'GET /v2/chats/{chat_id}/messages').query).toEqual({
			from_me: 'false',
			after: '2026-01-01T00:00:00Z',
			before: '2100-01-01T00:00:00Z',
			after_message: first?.uid,
			before_message: second?.uid,
		});
	});
});

describe('message: status history', () => {
	it('gives each step with its time', async () => {
		const { world } = sandbox();
		const chat = world.addChat();
		const { json: [sent] } = { json: jsonOf(await run(sandbox(), 'message.send', { chatId: byId(chat.id), text: 'Hi' })) };
		await sandbox().settled();

		const steps = jsonOf(await run(sandbox(), 'message.getStatusHistory', { messageUid: sent?.messageUid as string }));

		expect(steps.map(({ status }) => status)).toEqual(['Sending', 'Sent', 'Delivered', 'Read']);
		expect(steps.every(({ messageUid }) => messageUid === sent?.messageUid)).toBe(true);
	});

	it('gives nothing for a message that has none yet', async () => {
		const { world } = sandbox();
		const message = world.addMessage(world.addChat());

		expect(jsonOf(await run(sandbox(), 'message.getStatusHistory', { messageUid: message.uid }))).toEqual([]);
	});
});
