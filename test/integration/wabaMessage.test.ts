/** WABA messages: text, files and templates whose variables the panel shows as fields; in real n8n against the sandbox. */
import { type INodeParameters } from 'n8n-workflow';
import { withBinary } from '../harness';
import { type WabaChat, type WabaTemplate } from '../sandbox';
import { by, byId, explainsRefusals, form, jsonOf, onlyRequest, refusesBeforeAnyRequest, routes, run, search, useSandbox } from './kit';

const sandbox = useSandbox();

const HOUR = 3_600_000;
const toChat = 'POST /waba/chats/{chat_id}/messages';
const toPhone = 'POST /waba/messages';

/** A chat whose contact has just written, so that free text goes through. */
function openChat(): WabaChat {
	const chat = sandbox().world.addWabaChat({ name: 'Dana', phone: '+14155550123' });
	sandbox().world.addMessage(chat, { text: 'Hello' });
	return chat;
}

const last = (chat: WabaChat) => chat.messages.at(-1);

const named: Partial<WabaTemplate> = {
	name: 'order_named',
	parameterFormat: 'NAMED',
	components: [
		{ type: 'HEADER', format: 'TEXT', text: 'News for {{first_name}}', example: { header_text_named_params: [{ param_name: 'first_name', example: 'Dana' }] } },
		{
			type: 'BODY',
			text: 'Your order {{order}} of {{day}} is on its way, {{first_name}}.',
			example: { body_text_named_params: [{ param_name: 'order', example: 'A-1027' }, { param_name: 'day', example: 'Monday' }, { param_name: 'first_name', example: 'Dana' }] },
		},
		{ type: 'FOOTER', text: 'Acme Inc.' },
	],
};

const positional: Partial<WabaTemplate> = {
	name: 'order_positional',
	components: [
		{ type: 'HEADER', format: 'TEXT', text: 'News for {{1}}', example: { header_text: ['Dana'] } },
		{ type: 'BODY', text: 'Order {{2}} is on its way, {{1}}.', example: { body_text: [['Dana', 'A-1027']] } },
	],
};

/** Template Variables as the editor stores them. */
const filled = (value: Record<string, string>): INodeParameters => ({
	templateVariables: { mappingMode: 'defineBelow', value, matchingColumns: [], schema: [], attemptToConvertTypes: false, convertFieldsToString: false },
});

describe('wabaMessage: send', () => {
	it('sends free text while the service window is open', async () => {
		const chat = openChat();

		const [json] = jsonOf(await run(sandbox(), 'wabaMessage.send', { chatId: byId(chat.id), text: 'Hello Dana 👋' }));

		expect(json).toEqual({ messageUid: last(chat)?.uid, chatId: chat.id, status: 'Sending', text: 'Hello Dana 👋', sentAt: expect.stringMatching(/T.*[+-]\d\d:\d\d$/) });
		expect(onlyRequest(sandbox(), toChat).body).toEqual({ text: 'Hello Dana 👋' });
	});

	it('points to templates when the service window is closed', async () => {
		const chat = openChat();
		sandbox().world.clock.advance(25 * HOUR);

		const { error } = await run(sandbox(), 'wabaMessage.send', { chatId: byId(chat.id), text: 'Hello' });

		expect(error).toMatchObject({ httpCode: '409', context: { errorCode: 'service_window_closed', outcome: 'notProcessed' } });
		expect(error?.message).toContain('service window is closed');
		expect(error?.description).toContain('More than 24 hours have passed since the contact last wrote. Only an approved template goes through now: set Content to Template.');
		expect(chat.messages).toHaveLength(1);
	});

	it('writes to a phone number from the chosen account', async () => {
		const chat = openChat();

		const [json] = jsonOf(
			await run(sandbox(), 'wabaMessage.send', { sendTo: 'phone', wabaAccountId: by('list', String(chat.account.id)), phone: '+1 (415) 555-0123', text: 'Hello' }),
		);

		expect(json).toMatchObject({ chatId: chat.id });
		expect(onlyRequest(sandbox(), toPhone).body).toEqual({ waba_account_id: chat.account.id, phone: '+14155550123', text: 'Hello' });
	});

	it.each([
		['a chat', toChat, (chat: WabaChat) => ({ chatId: byId(chat.id) }), {}],
		[
			'a phone number',
			toPhone,
			(chat: WabaChat) => ({ sendTo: 'phone', phone: '+14155550123', wabaAccountId: byId(chat.account.id) }),
			{ phone: '+14155550123', waba_account_id: '4021' },
		],
	])('streams a file from the input data to %s', async (_, route, target, fields) => {
		const chat = openChat();
		const item = await withBinary({ fileName: 'Angebot – 見積.pdf', mimeType: 'application/pdf', content: 'Prices' });

		jsonOf(await run(sandbox(), 'wabaMessage.send', { ...target(chat), content: 'data', caption: 'As promised' }, { items: [item] }));

		expect(onlyRequest(sandbox(), route).body).toMatchObject({ fields: { ...fields, text: 'As promised', filename: 'Angebot – 見積.pdf' }, file: { size: 6 } });
		expect(last(chat)).toMatchObject({ text: 'As promised', attachment: { filename: 'Angebot – 見積.pdf', mimetype: 'application/pdf', content: Buffer.from('Prices') } });
	});

	it('sends an uploaded file, and one from a URL', async () => {
		const chat = openChat();
		const file = sandbox().world.addFile({ filename: 'brochure.pdf' });

		jsonOf(await run(sandbox(), 'wabaMessage.send', { chatId: byId(chat.id), content: 'file', fileUid: by('uid', file.uid), caption: 'Look' }));
		expect(last(chat)).toMatchObject({ text: 'Look', attachment: { filename: 'brochure.pdf' } });
		jsonOf(await run(sandbox(), 'wabaMessage.send', { chatId: byId(chat.id), content: 'url', fileUrl: 'https://acme.com/offer.pdf' }));
		expect(last(chat)).toMatchObject({ text: null, attachment: { filename: 'offer.pdf' } });
	});

	it('waits until the message is read, and makes a failed one an error with Meta’s reason', async () => {
		const chat = openChat();
		const [json] = jsonOf(await run(sandbox(), 'wabaMessage.send', { chatId: byId(chat.id), text: 'Hello', options: { waitUntil: 'read' } }));
		sandbox().world.failNext({ title: 'Message undeliverable', details: 'The recipient has blocked you.' });
		const { error } = await run(sandbox(), 'wabaMessage.send', { chatId: byId(chat.id), text: 'Hello', options: { waitUntil: 'read' } });

		expect(json).toMatchObject({ status: 'Read', reached: true });
		expect(error?.message).toBe('WhatsApp did not take the message: Message undeliverable: The recipient has blocked you.');
	});

	it('sends no message twice when the answer is lost, whatever n8n retries', async () => {
		const chat = openChat();
		sandbox().faults.add({ kind: 'resetAfter', match: toChat });

		const { error } = await run(sandbox(), 'wabaMessage.send', { chatId: byId(chat.id), text: 'Hello' }, { retryOnFail: { maxTries: 3, waitBetweenTries: 1 } });

		expect(error?.context).toMatchObject({ outcome: 'unknown' });
		expect(chat.messages).toHaveLength(2);
	});
});

describe('wabaMessage: send a template', () => {
	it.each([
		[
			'named',
			named,
			{ 'header:first_name': 'Dana', 'body:first_name': 'Dana', 'body:order': 'B-7', 'body:day': 'Friday' },
			{ header: ['Dana'], body: ['B-7', 'Friday', 'Dana'] },
			'Your order B-7 of Friday is on its way, Dana.',
		],
		[
			'positional',
			positional,
			{ 'header:1': 'Dana', 'body:1': 'Dana', 'body:2': 'B-7' },
			{ header: ['Dana'], body: ['Dana', 'B-7'] },
			'Order B-7 is on its way, Dana.',
		],
	])('gives %s variables in the template’s order', async (_, given, values, variables, text) => {
		const chat = sandbox().world.addWabaChat();
		const template = sandbox().world.addWabaTemplate(given);

		const [json] = jsonOf(await run(sandbox(), 'wabaMessage.send', { chatId: byId(chat.id), content: 'template', templateId: byId(template.id), ...filled(values) }));

		expect(onlyRequest(sandbox(), toChat).body).toEqual({ template: { name: template.name, language: 'en_US', variables } });
		expect(json).toMatchObject({ text });
	});

	it('reaches a phone number for the first time, with values from each item, and reads the template once', async () => {
		const { world } = sandbox();
		const account = world.addWabaAccount();
		const template = world.addWabaTemplate(positional);

		const result = await run(
			sandbox(),
			'wabaMessage.send',
			{
				sendTo: 'phone',
				wabaAccountId: byId(account.id),
				phone: '={{ $json.phone }}',
				content: 'template',
				templateId: byId(template.id),
				...filled({ 'header:1': '={{ $json.name }}', 'body:1': '={{ $json.name }}', 'body:2': '={{ $json.order }}' }),
			},
			{ items: [{ phone: '+14155550123', name: 'Dana', order: 'A-1' }, { phone: '+14155550124', name: 'Fox', order: 2 }] },
		);

		expect(jsonOf(result).map(({ text }) => text)).toEqual(['Order A-1 is on its way, Dana.', 'Order 2 is on its way, Fox.']);
		expect(routes(sandbox())).toEqual(['GET /waba/templates/{template_id}', toPhone, toPhone]);
	});

	it('reads it again for the next item when it could not be read', async () => {
		const chat = sandbox().world.addWabaChat();
		const template = sandbox().world.addWabaTemplate({ name: 'hello', components: [{ type: 'BODY', text: 'Hello!' }] });
		sandbox().faults.add({ kind: 'status', status: 403, body: { status: 'error', message: 'No' }, match: 'GET /waba/templates/{template_id}', times: 1 });

		const { outputs } = await run(
			sandbox(),
			'wabaMessage.send',
			{ chatId: byId(chat.id), content: 'template', templateId: byId(template.id) },
			{ items: [{}, {}], onError: 'continueErrorOutput' },
		);

		expect(outputs.map((items) => items.map(({ pairedItem }) => pairedItem))).toEqual([[{ item: 1 }], [{ item: 0 }]]);
	});

	it('sends one without variables as it is, also when the service window is closed', async () => {
		const chat = openChat();
		sandbox().world.clock.advance(25 * HOUR);
		const template = sandbox().world.addWabaTemplate({ name: 'hello', components: [{ type: 'HEADER', format: 'IMAGE' }, { type: 'BODY', text: 'Hello!' }] });

		jsonOf(await run(sandbox(), 'wabaMessage.send', { chatId: byId(chat.id), content: 'template', templateId: byId(template.id) }));

		expect(onlyRequest(sandbox(), toChat).body).toEqual({ template: { name: 'hello', language: 'en_US' } });
	});

	it('names the variables that have no value, before anything is sent', async () => {
		const chat = sandbox().world.addWabaChat();
		const template = sandbox().world.addWabaTemplate(named);

		const { error } = await run(
			sandbox(),
			'wabaMessage.send',
			{ chatId: byId(chat.id), content: 'template', templateId: byId(template.id), ...filled({ 'header:first_name': 'Dana', 'body:first_name': 'Dana', 'body:order': '={{ $json.nothing }}' }) },
		);

		expect(error).toMatchObject({ message: 'The template “order_named” needs a value for: Body: order, Body: day', context: { itemIndex: 0 } });
		expect(routes(sandbox())).toEqual(['GET /waba/templates/{template_id}']);
	});

	it.each([
		['is not approved', { status: 'PENDING' }, '409', 'Choose a template that Meta has approved.'],
		['belongs to another business account', { metaWabaId: '999' }, '409', 'Choose a template of the WhatsApp Business account that sends the message.'],
	])('says so when the template %s', async (_, given, httpCode, advice) => {
		const chat = sandbox().world.addWabaChat();
		const template = sandbox().world.addWabaTemplate({ ...given, components: [{ type: 'BODY', text: 'Hello!' }] });

		const { error } = await run(sandbox(), 'wabaMessage.send', { chatId: byId(chat.id), content: 'template', templateId: byId(template.id) });

		expect(error).toMatchObject({ httpCode });
		expect(error?.description).toContain(advice);
	});
});

describe('the form of a template in the editor', () => {
	const panel = (templateId: number | '') => ({ resource: 'wabaMessage', operation: 'send', content: 'template', templateId: by('list', String(templateId)) });

	it.each([
		[
			'named',
			named,
			'News for {{first_name}}\nYour order {{order}} of {{day}} is on its way, {{first_name}}.\nAcme Inc.',
			[
				['header:first_name', 'Header: first_name (e.g. Dana)'],
				['body:order', 'Body: order (e.g. A-1027)'],
				['body:day', 'Body: day (e.g. Monday)'],
				['body:first_name', 'Body: first_name (e.g. Dana)'],
			],
		],
		[
			'positional',
			positional,
			'News for {{1}}\nOrder {{2}} is on its way, {{1}}.',
			[
				['header:1', 'Header: 1 (e.g. Dana)'],
				['body:1', 'Body: 1 (e.g. Dana)'],
				['body:2', 'Body: 2 (e.g. A-1027)'],
			],
		],
	])('has the text to read and a required field for each %s variable', async (_, given, text, variables) => {
		const { id } = sandbox().world.addWabaTemplate(given);

		const { fields } = await form(sandbox(), 'getTemplateVariables', panel(id));

		expect(fields[0]).toMatchObject({ displayName: 'Text of the Template', readOnly: true, required: false, defaultValue: text });
		expect(fields.slice(1).map(({ id: name, displayName }) => [name, displayName])).toEqual(variables);
		expect(fields.slice(1).every(({ required, type }) => required && type === 'string')).toBe(true);
	});

	it('says when there is nothing to fill in, and when no template is chosen yet', async () => {
		const { id } = sandbox().world.addWabaTemplate({ components: [{ type: 'BODY', text: 'Hello!' }] });

		expect(await form(sandbox(), 'getTemplateVariables', panel(id))).toEqual({ fields: [], emptyFieldsNotice: 'This template has no variables: there is nothing to fill in.' });
		expect(await form(sandbox(), 'getTemplateVariables', panel(''))).toEqual({ fields: [], emptyFieldsNotice: 'Choose a template to see its variables.' });
	});

	it('lists the templates that the chosen number or chat may use, approved ones first', async () => {
		const { world } = sandbox();
		const [own, foreign] = [world.addWabaAccount({ metaWabaId: '100' }), world.addWabaAccount({ metaWabaId: '200' })];
		const chat = world.addWabaChat({ account: foreign });
		world.addWabaTemplate({ name: 'ready', metaWabaId: '100', createdAt: 1 });
		world.addWabaTemplate({ name: 'waiting', metaWabaId: '100', status: 'PENDING', createdAt: 2 });
		world.addWabaTemplate({ name: 'foreign', metaWabaId: '200', createdAt: 3 });
		const names = async (parameters: INodeParameters, filter?: string) =>
			(await search(sandbox(), 'searchWabaTemplates', filter, undefined, { resource: 'wabaMessage', operation: 'send', content: 'template', ...parameters })).results.map(({ name }) => name);

		expect(await names({ sendTo: 'phone', wabaAccountId: byId(own.id) })).toEqual(['ready (en_US)', 'waiting (en_US, PENDING)']);
		expect(await names({ sendTo: 'phone', wabaAccountId: byId(own.id) }, 'wait')).toEqual(['waiting (en_US, PENDING)']);
		expect(await names({ sendTo: 'chat', chatId: byId(chat.id) })).toEqual(['foreign (en_US)']);
		expect(await names({ sendTo: 'chat', chatId: by('url', `https://app.timelines.ai/chat/${chat.id}/messages/`) })).toEqual(['foreign (en_US)']);
		expect(await names({ sendTo: 'chat', chatId: byId('') })).toEqual(['foreign (en_US)', 'ready (en_US)', 'waiting (en_US, PENDING)']);
	});
});

describe('wabaMessage: read', () => {
	it('gives one message, and the history by cursor', async () => {
		const { world } = sandbox();
		const chat = world.addWabaChat();
		const messages = world.addHistory(chat, 120);

		const [one] = jsonOf(await run(sandbox(), 'wabaMessage.get', { messageUid: messages[0]?.uid }));
		const all = jsonOf(await run(sandbox(), 'wabaMessage.getAll', { chatId: byId(chat.id), returnAll: true }));
		const received = jsonOf(await run(sandbox(), 'wabaMessage.getAll', { chatId: byId(chat.id), limit: 3, filters: { fromMe: false }, options: { sortingOrder: 'asc' } }));

		expect(one).toMatchObject({ messageUid: messages[0]?.uid, direction: 'received', text: 'Message 1' });
		expect(all.map(({ messageUid }) => messageUid)).toEqual(messages.map(({ uid }) => uid).reverse());
		expect(received.map(({ text }) => text)).toEqual(['Message 1', 'Message 3', 'Message 5']);
	});

	it('gives the delivery history with the reason of a failure', async () => {
		const chat = openChat();
		sandbox().world.failNext({ code: 131047, title: 'Re-engagement message', details: 'More than 24 hours have passed' });
		const [sent] = jsonOf(await run(sandbox(), 'wabaMessage.send', { chatId: byId(chat.id), text: 'Hello' }));
		await sandbox().settled();

		const json = jsonOf(await run(sandbox(), 'wabaMessage.getStatusHistory', { messageUid: String(sent?.messageUid) }));

		expect(json.map(({ status }) => status)).toEqual(['Sending', 'Failed']);
		expect(json[1]).toMatchObject({ failureCode: 131047, failure: 'More than 24 hours have passed' });
	});
});

describe('refusals', () => {
	const chat = { chatId: byId(4711) };
	const phone = { sendTo: 'phone', phone: '+14155550123', wabaAccountId: byId(4711) };
	const message = { messageUid: 'no-such-message' };

	explainsRefusals(sandbox, [
		['wabaMessage.send', toChat, { ...chat, text: 'Hello' }],
		['wabaMessage.send', toPhone, { ...phone, text: 'Hello' }],
		['wabaMessage.send', 'GET /waba/templates/{template_id}', { ...phone, content: 'template', templateId: byId(4711) }],
		['wabaMessage.get', 'GET /waba/messages/{message_uid}', message],
		['wabaMessage.getAll', 'GET /waba/chats/{chat_id}/messages', chat],
		['wabaMessage.getStatusHistory', 'GET /waba/messages/{message_uid}/status_history', message],
	]);

	refusesBeforeAnyRequest(sandbox, [
		['wabaMessage.send', { ...chat, text: '={{ $json.nothing }}' }, '“Text” is empty'],
		['wabaMessage.send', { ...phone, phone: 'Dana', text: 'Hello' }, '“Dana” in “Phone Number” is not a phone number'],
		['wabaMessage.send', { ...phone, wabaAccountId: byId('={{ $json.nothing }}'), text: 'Hello' }, 'No WABA account is chosen'],
		['wabaMessage.send', { ...phone, wabaAccountId: byId('first'), text: 'Hello' }, '“WABA Account ID” must be a whole number from 1'],
		['wabaMessage.send', { ...chat, content: 'data' }, 'This item has no file in the input field “data”'],
		['wabaMessage.send', { ...chat, content: 'file', fileUid: by('uid', '={{ $json.nothing }}') }, 'No file is chosen'],
		['wabaMessage.send', { ...chat, content: 'url', fileUrl: 'offer.pdf' }, '“offer.pdf” is not a URL of a file'],
		['wabaMessage.send', { ...chat, content: 'template', templateId: byId('={{ $json.nothing }}') }, 'No WABA template is chosen'],
		['wabaMessage.send', { ...chat, text: 'Hello', options: { waitLimit: 0 } }, '“Wait Limit” must be a whole number between 1 and 3600'],
	]);
});
