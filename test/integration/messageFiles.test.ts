/** Files in messages: documents and voice notes that are sent, attachments that are downloaded; in real n8n against the sandbox. */
import { readBinary, withBinary } from '../harness';
import { type LinkedChat } from '../sandbox';
import { byId, explainsRefusals, jsonOf, onlyRequest, refusesBeforeAnyRequest, routes, run, useSandbox } from './kit';

const sandbox = useSandbox();

const fileMessage = 'POST /chats/{chat_id}/file_message';
const voiceMessage = 'POST /chats/{chat_id}/voice_message';
const last = (chat: LinkedChat) => chat.messages.at(-1);

describe('message: send file', () => {
	it('sends a document with its name, its type and a caption', async () => {
		const chat = sandbox().world.addChat();
		const item = await withBinary({ fileName: 'Angebot – 見積.pdf', mimeType: 'application/pdf', content: 'Prices', field: 'offer' });

		const [json] = jsonOf(
			await run(sandbox(), 'message.sendFile', { chatId: byId(chat.id), inputDataFieldName: 'offer', caption: 'As promised 👍' }, { items: [item] }),
		);

		expect(json).toEqual({ messageUid: last(chat)?.uid, chatId: chat.id });
		expect(last(chat)).toMatchObject({ text: 'As promised 👍', attachment: { filename: 'Angebot – 見積.pdf', mimetype: 'application/pdf', content: Buffer.from('Prices') } });
	});

	it('takes another name and type, and waits until it is delivered', async () => {
		const chat = sandbox().world.addChat();
		const item = await withBinary({ fileName: 'a.bin', content: 'Prices' });

		const [json] = jsonOf(
			await run(
				sandbox(),
				'message.sendFile',
				{ chatId: byId(chat.id), options: { filename: 'prices.csv', contentType: 'text/csv', waitUntil: 'delivered' } },
				{ items: [item] },
			),
		);

		expect(json).toMatchObject({ reached: true });
		expect(last(chat)?.attachment).toMatchObject({ filename: 'prices.csv', mimetype: 'text/csv' });
		expect(onlyRequest(sandbox(), fileMessage).body).toMatchObject({ fields: { filename: 'prices.csv', content_type: 'text/csv' } });
	});

	it('says which limit a file is over, and that nothing was sent', async () => {
		const chat = sandbox().world.addChat();
		const item = await withBinary({ fileName: 'film.mp4', mimeType: 'video/mp4', content: Buffer.alloc(17_000_000) });

		const { error } = await run(sandbox(), 'message.sendFile', { chatId: byId(chat.id) }, { items: [item] });

		expect(error).toMatchObject({ httpCode: '413', context: { outcome: 'notProcessed' } });
		expect(error?.description).toContain('“film.mp4” (video/mp4, 17 MB) is over the limit: images, audio and video may have 16 MB.');
		expect(chat.messages).toEqual([]);
	});

	it('does not send it again when the answer is lost', async () => {
		const chat = sandbox().world.addChat();
		const item = await withBinary({ fileName: 'a.pdf', content: 'Prices' });
		sandbox().faults.add({ kind: 'resetAfter', match: fileMessage });

		const { error } = await run(sandbox(), 'message.sendFile', { chatId: byId(chat.id) }, { items: [item], retryOnFail: { maxTries: 3, waitBetweenTries: 1 } });

		expect(error?.context).toMatchObject({ outcome: 'unknown' });
		expect(chat.messages).toHaveLength(1);
	});
});

describe('message: send voice note', () => {
	it.each([
		['memo.ogg', 'audio/ogg', 'memo.ogg'],
		['memo.oga', 'application/octet-stream', 'memo.oga'],
		['memo.MP3', 'audio/mpeg', 'memo.MP3'],
		['memo', 'audio/ogg; codecs=opus', 'memo.ogg'],
		['memo', 'audio/mpeg', 'memo.mp3'],
	])('sends %s (%s)', async (fileName, mimeType, sentAs) => {
		const chat = sandbox().world.addChat();
		const item = await withBinary({ fileName, mimeType, content: 'Hear, hear' });

		const [json] = jsonOf(await run(sandbox(), 'message.sendVoice', { chatId: byId(chat.id) }, { items: [item] }));

		expect(json).toEqual({ messageUid: last(chat)?.uid, chatId: chat.id });
		expect(onlyRequest(sandbox(), voiceMessage).body).toMatchObject({ fields: {}, file: { filename: sentAs, size: 10 } });
	});

	it.each([
		['memo.wav', 'audio/wav'],
		['memo.m4a', 'audio/mp4'],
		['photo.png', 'image/png'],
	])('refuses %s before anything is uploaded, and names the types that work', async (fileName, mimeType) => {
		const item = await withBinary({ fileName, mimeType, content: 'x' });

		const { error } = await run(sandbox(), 'message.sendVoice', { chatId: byId(1) }, { items: [item] });

		expect(error?.message).toBe(`“${fileName}” (${mimeType}) cannot be a voice note`);
		expect(error?.description).toContain('OGG, OGA or MP3');
		expect(sandbox().requests).toEqual([]);
	});
});

describe('attachments of messages', () => {
	const attached = { options: { downloadAttachment: true } };

	it('are put into the output field with the message, without taking the token along', async () => {
		const { world } = sandbox();
		const attachment = world.addFile({ filename: 'Foto № 1.png', mimetype: 'image/png', content: 'Pixels', listed: false });
		const message = world.addMessage(world.addChat(), { attachment });

		const { items } = await run(sandbox(), 'message.get', { messageUid: message.uid, options: { downloadAttachment: true, outputDataFieldName: 'photo' } });

		expect(items[0]?.json).toMatchObject({ messageUid: message.uid });
		expect(await readBinary(items[0], 'photo')).toEqual({ content: Buffer.from('Pixels'), fileName: 'Foto № 1.png', mimeType: 'image/png' });
		expect(sandbox().downloads.map(({ headers }) => headers.authorization)).toEqual([undefined]);
	});

	it('are left where they are unless they are asked for', async () => {
		const { world } = sandbox();
		const message = world.addMessage(world.addChat(), { attachment: world.addFile() });

		const { items } = await run(sandbox(), 'message.get', { messageUid: message.uid });

		expect(items[0]?.binary).toBeUndefined();
		expect(sandbox().downloads).toEqual([]);
	});

	it('come with each message of a history that has one, in the order of the history', async () => {
		const { world } = sandbox();
		const chat = world.addChat();
		const messages = world.addHistory(chat, 12);
		for (const [index, message] of messages.entries()) if (index % 2 === 0) message.attachment = world.addFile({ filename: `${index}.txt`, content: `File ${index}` });

		const result = await run(sandbox(), 'message.getAll', { chatId: byId(chat.id), options: { downloadAttachment: true, sortingOrder: 'asc' } });

		expect(jsonOf(result).map(({ messageUid }) => messageUid)).toEqual(messages.map(({ uid }) => uid));
		expect(result.items.map(({ binary }) => binary?.data?.fileName)).toEqual(messages.map((_, index) => (index % 2 === 0 ? `${index}.txt` : undefined)));
		expect((await readBinary(result.items[4])).content.toString()).toBe('File 4');
		// The links of the history are fresh enough, so no message is read again.
		expect(routes(sandbox())).toEqual(['GET /chats/{chat_id}/messages']);
	});

	it('come by a new link where that of the history has expired', async () => {
		const { world, faults } = sandbox();
		const chat = world.addChat();
		const { uid } = world.addMessage(chat, { attachment: world.addFile({ content: 'Pixels' }) });
		faults.add({ kind: 'status', status: 403, match: 'GET /att/{file_uid}', times: 1 });

		const { items } = await run(sandbox(), 'message.getAll', { chatId: byId(chat.id), ...attached });

		expect((await readBinary(items[0])).content.toString()).toBe('Pixels');
		expect(sandbox().requests.map(({ path }) => path)).toEqual([`/chats/${chat.id}/messages`, `/messages/${uid}`]);
	});

	it('of WABA messages too', async () => {
		const { world } = sandbox();
		const chat = world.addWabaChat();
		const message = world.addMessage(chat, { attachment: world.addFile({ content: 'Pixels' }) });

		const one = await run(sandbox(), 'wabaMessage.get', { messageUid: message.uid, ...attached });
		const all = await run(sandbox(), 'wabaMessage.getAll', { chatId: byId(chat.id), ...attached });

		for (const { items } of [one, all]) expect((await readBinary(items[0])).content.toString()).toBe('Pixels');
	});

	it('that are gone are named', async () => {
		const { world, faults } = sandbox();
		const message = world.addMessage(world.addChat(), { attachment: world.addFile({ filename: 'old.pdf' }) });
		faults.add({ kind: 'status', status: 404, match: 'GET /att/{file_uid}' });

		const { error } = await run(sandbox(), 'message.get', { messageUid: message.uid, ...attached });

		expect(error).toMatchObject({ message: 'The file “old.pdf” could not be downloaded', httpCode: '404', context: { itemIndex: 0 } });
	});
});

describe('refusals', () => {
	const missing = { chatId: byId(4711) };

	explainsRefusals(sandbox, [
		['message.get', 'GET /messages/{message_uid}', { messageUid: 'no-such-message', options: { downloadAttachment: true } }],
		['message.getAll', 'GET /chats/{chat_id}/messages', missing],
	]);

	it.each([
		['message.sendFile', fileMessage, '403', 'permission_denied'],
		['message.sendVoice', voiceMessage, '403', 'permission_denied'],
		['message.sendFile', fileMessage, '404', 'not_found'],
		['message.sendVoice', voiceMessage, '404', 'not_found'],
	])('%s explains a refusal of %s: %s', async (operation, route, httpCode, errorCode) => {
		if (httpCode === '403') sandbox().world.permissions.set(route, 'permission_denied');
		const item = await withBinary({ fileName: 'memo.ogg', content: 'x' });

		const { error } = await run(sandbox(), operation, missing, { items: [item] });

		expect(error).toMatchObject({ httpCode, context: { errorCode, itemIndex: 0, outcome: 'notProcessed' } });
	});

	refusesBeforeAnyRequest(sandbox, [
		['message.sendFile', missing, 'This item has no file in the input field “data”'],
		['message.sendVoice', { ...missing, inputDataFieldName: '={{ $json.nothing }}' }, '“Input Data Field Name” is empty'],
	]);

	it('refuses a caption that is too long before anything is uploaded', async () => {
		const item = await withBinary({ fileName: 'a.pdf', content: 'x' });

		const { error } = await run(sandbox(), 'message.sendFile', { ...missing, caption: 'x'.repeat(2001) }, { items: [item] });

		expect(error?.message).toBe('“Caption” has 2001 characters; at most 2000 are allowed');
		expect(sandbox().requests).toEqual([]);
	});
});
