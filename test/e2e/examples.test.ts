/** The workflows of `examples/`, each imported, published and used as its note says, with a sandbox as WhatsApp. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { endAll } from '../n8n/cleanup';
import { type Workflow } from '../n8n/rest';
import { assertNoBreach, type EndToEnd, eventually, openEndToEnd } from './kit';
import { addExample, chatNamed, ended, fromN8n, notesIn, sentTo, type Setup } from './support/examples';
import { standIn } from './support/standIn';

let run: EndToEnd;
let live: Workflow | undefined;

before(async () => {
	run = await openEndToEnd(__filename);
	await run.client.deactivate(run.workflow.id);
});
beforeEach(async () => await run.sandbox.reset());
afterEach(async () => {
	if (live) await run.client.deactivate(live.id);
	live = undefined;
	await run.sandbox.settled();
	assertNoBreach(run);
});
after(endAll);

async function publish(name: string, setup?: Setup): Promise<Workflow> {
	live = await addExample(run.client, name, setup);
	await run.client.activate(live.id);
	return live;
}

test('keyword auto-reply: answers a keyword once, and neither itself nor a chat that somebody looks after', async () => {
	const { sandbox, client } = run;
	const { world } = sandbox;
	const workflow = await publish('keyword-auto-reply');

	sandbox.customerWrites({ chatId: chatNamed(world, 'Anna Fischer').id, text: 'What does it cost?' });
	sandbox.customerWrites({ phone: '+15550101234', name: 'Dana', text: 'Good morning!' });
	const question = sandbox.customerWrites({ phone: '+15550101234', name: 'Dana', text: 'What are your PRICES?' });
	const { chat } = question;
	await eventually('the answer is read', () => fromN8n(chat).at(-1)?.status === 'Read');
	sandbox.customerWrites({ chatId: chat.id, text: 'And when are you open?' });
	await eventually('the second answer is read', () => fromN8n(chat).length === 2 && fromN8n(chat).at(-1)?.status === 'Read');

	assert.deepEqual(await ended(client, workflow, 2), ['success', 'success']);
	assert.deepEqual(sentTo(chat), [
		'Hello Dana, our price list is at https://acme.example/prices. Tell us what you need, and we make you an offer.',
		'Hello Dana, we are open from Monday to Friday, 9:00 to 17:00.',
	]);
	assert.equal(fromN8n(chat)[0]?.replyTo, question.uid);
	assert.deepEqual(sentTo(chatNamed(world, 'Anna Fischer')), []);
});

test('CRM sync: a new contact becomes a lead, and the chat links to it', async () => {
	const { sandbox, client } = run;
	const crm = await standIn(() => ({ status: 201, body: { id: 'L-7', url: 'https://crm.example.com/leads/L-7' } }));
	const workflow = await publish('crm-new-lead', {
		credentials: { CRM: { name: 'X-Api-Key', value: 'a key' } },
		adapt: (node) => {
			node('Create the lead in the CRM').parameters.url = `${crm.origin}/api/leads`;
		},
	});

	const { chat } = sandbox.customerWrites({ phone: '+15550101234', name: 'Dana', text: 'Hello!' });
	sandbox.customerWrites({ chatId: chat.id, text: 'Are you there?' });

	assert.deepEqual(await ended(client, workflow), ['success']);
	assert.deepEqual(
		crm.requests.map(({ method, path, headers, body }) => ({ method, path, key: headers['x-api-key'], body })),
		[{ method: 'POST', path: '/api/leads', key: 'a key', body: { externalId: chat.id, name: 'Dana', phone: '+15550101234', source: 'WhatsApp' } }],
	);
	assert.deepEqual(chat.labels, ['lead']);
	assert.deepEqual(notesIn(chat), ['Lead L-7 in the CRM: https://crm.example.com/leads/L-7']);
	assert.deepEqual(sentTo(chat), []);
});

test('support routing: assigns, labels and notes, and leaves the chat alone from then on', async () => {
	const { sandbox, client } = run;
	const workflow = await publish('support-routing');

	const cases = [
		{ phone: '+15550101231', text: 'I want a REFUND', responsible: 'lea.novak@acme.example', label: 'billing' },
		{ phone: '+15550101232', text: 'The lamp is broken', responsible: 'ben.ortiz@acme.example', label: 'technical' },
		{ phone: '+15550101233', text: 'Good morning', responsible: 'kate.smith@acme.example', label: 'support' },
	];
	for (const [index, { phone, text, responsible, label }] of cases.entries()) {
		const { chat } = sandbox.customerWrites({ phone, text });
		assert.deepEqual(await ended(client, workflow, index + 1), new Array(index + 1).fill('success'));
		assert.equal(chat.responsible?.email, responsible);
		assert.deepEqual(chat.labels, [label]);
		assert.deepEqual(notesIn(chat), [`Routed to ${responsible} because of: “${text}”`]);
		assert.deepEqual(sentTo(chat), []);
		sandbox.customerWrites({ phone, text: 'Hello?' });
	}
	assert.equal((await ended(client, workflow)).length, cases.length);
});

test('order notification: sends the invoice, watches until it arrives, and says so when it does not', async () => {
	const { sandbox, client, n8n } = run;
	const { world } = sandbox;
	const invoice = Buffer.from('%PDF-1.4 an invoice');
	const shop = await standIn(() => ({ type: 'application/pdf', body: invoice }));
	const team = world.addChat({ name: 'Orders team', isGroup: true });
	const workflow = await publish('order-notification', {
		credentials: { Shop: { name: 'X-Shop-Key', value: 'the shop' } },
		adapt: (node) => {
			node('Download the invoice').parameters.url = String(node('Download the invoice').parameters.url).replace('https://shop.example.com', shop.origin);
			Object.assign(node('Send it').parameters.options as object, { waitLimit: 3 });
		},
	});
	const ship = async (body: object, key = 'the shop') =>
		(await fetch(`${n8n.origin}/webhook/order-shipped`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', 'x-shop-key': key },
			body: JSON.stringify(body),
		})).status;

	assert.equal(await ship({ order: 'A-1', name: 'Eve', phone: '+15550101235' }, 'a stranger'), 403);
	assert.equal(await ship({ order: 'A-1027', name: 'Dana', phone: '+15550101234' }), 200);
	// The last digits decide what becomes of a message: 000 fails, 002 never arrives.
	assert.equal(await ship({ order: 'A-1028', name: 'Finn', phone: '+15550101000' }), 200);
	assert.equal(await ship({ order: 'A-1029', name: 'Gina', phone: '+15550101002' }), 200);

	assert.deepEqual(await ended(client, workflow, 3), ['success', 'success', 'success']);
	assert.deepEqual(shop.requests.map(({ path }) => path).sort(), ['/invoices/A-1027.pdf', '/invoices/A-1028.pdf', '/invoices/A-1029.pdf']);
	const dana = chatNamed(world, '+15550101234');
	const [sent] = fromN8n(dana);
	assert.equal(sent?.text, 'Hello Dana, your order A-1027 is on its way. You find the invoice attached.');
	assert.deepEqual(sent.attachment?.content, invoice);
	assert.deepEqual([sent.attachment?.filename, sent.attachment?.mimetype], ['A-1027.pdf', 'application/pdf']);
	assert.deepEqual(dana.labels, ['order shipped']);
	assert.deepEqual(sentTo(team), ['⚠️ Finn (+15550101000) was not told that order A-1028 has shipped: WhatsApp did not take the message']);
	assert.deepEqual(notesIn(chatNamed(world, '+15550101002')), ['The message about order A-1029 is Sent and had not arrived after two minutes.']);
	assert.equal([...world.chats.values()].some(({ phone }) => phone === '+15550101235'), false);
});

test('bulk campaign: one message for each row, wrong numbers left out, and none when the quota is too small', async () => {
	const { sandbox, client, n8n, browser } = run;
	const { world } = sandbox;
	const workflow = await publish('bulk-campaign', {
		credentials: { 'Campaign form': { user: 'kate', password: 'a password' } },
		adapt: (node) => {
			node('Pause').parameters.amount = 1;
		},
	});
	await browser.setHTTPCredentials({ username: 'kate', password: 'a password', origin: n8n.origin });
	const form = await browser.newPage();
	const start = async (sheet: string) => {
		await form.goto(`${n8n.origin}/form/${workflow.nodes.find(({ name }) => name === 'Upload the sheet')?.webhookId}`);
		await form.locator('input[type=file]').setInputFiles({ name: 'contacts.csv', mimeType: 'text/csv', buffer: Buffer.from(sheet) });
		await form.locator('textarea').fill('Hello {name}, our summer sale has begun!');
		await form.getByRole('button', { name: 'Submit' }).click();
		await form.getByText('Your response has been recorded').waitFor();
	};

	await start('name,phone\nDana,+15550101234\nNobody,12\n"Finn, Jr.",+1 (555) 010-1235\n');
	assert.deepEqual(await ended(client, workflow), ['success']);

	assert.deepEqual(sentTo(chatNamed(world, '+15550101234')), ['Hello Dana, our summer sale has begun!']);
	assert.deepEqual(sentTo(chatNamed(world, '+15550101235')), ['Hello Finn, Jr., our summer sale has begun!']);
	assert.deepEqual(chatNamed(world, '+15550101234').labels, ['campaign']);
	const sends = sandbox.requests.filter(({ route }) => route === 'POST /messages');
	assert.equal(sends.length, 2);
	assert.ok((sends[1]?.at ?? 0) - (sends[0]?.at ?? 0) >= 1_000, 'there is a pause between two messages');

	world.messagingQuota.used = world.messagingQuota.total - 1;
	const before = sandbox.requests.length;
	await start('name,phone\nDana,+15550101234\nFinn,+15550101235\n');
	assert.deepEqual(await ended(client, workflow, 2), ['error', 'success']);
	assert.deepEqual(sandbox.requests.slice(before).map(({ route }) => route), ['GET /workspace']);
	await form.close();
});

test('number disconnected: a group of another number hears of it', async () => {
	const { sandbox, client } = run;
	const { world } = sandbox;
	const [healthy, broken] = world.accounts;
	assert.ok(healthy && broken);
	const team = world.addChat({ name: 'Team alerts', isGroup: true, account: healthy });
	const workflow = await publish('number-disconnected');

	broken.status = 'disconnected';
	sandbox.emit('whatsapp:account:disconnected', { whatsapp_account: { phone: broken.phone, account_name: broken.name, owner_email: broken.owner.email } });

	assert.deepEqual(await ended(client, workflow), ['success']);
	assert.deepEqual(sentTo(team), [
		`⚠️ The WhatsApp number ${broken.phone} (Acme Sales) was disconnected. Owner: ben.ortiz@acme.example. Until it is connected again in TimelinesAI, its chats get no messages.`,
	]);
});
