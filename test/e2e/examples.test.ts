/** The workflows of `examples/`, each imported, published and used as its note says, with a sandbox as WhatsApp. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { endAll } from '../n8n/cleanup';
import { projectFolder } from '../n8n/paths';
import { type Workflow } from '../n8n/rest';
import { assertNoBreach, type EndToEnd, eventually, openEndToEnd } from './kit';
import { chatNamed, ended, exampleNames, fromN8n, importExample, linksIn, notesIn, readExample, sentTo, type Setup, waits } from './support/examples';
import { images, openCanvas, openPhonePage, troubleWithNotes, updateImage, upTo } from './support/pictures';
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
	live = await importExample(run, name, setup);
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
	assert.equal(await ship({ order: 'A-1027', name: 'Dana', phone: '+15550101234' }), 200, 'a shop that is not sure calls again');

	assert.deepEqual(await ended(client, workflow, 4), ['success', 'success', 'success', 'success']);
	assert.deepEqual(shop.requests.map(({ path }) => path).sort(), ['/invoices/A-1027.pdf', '/invoices/A-1028.pdf', '/invoices/A-1029.pdf']);
	const dana = chatNamed(world, '+15550101234');
	const [sent, ...more] = fromN8n(dana);
	assert.deepEqual(more, [], 'an order is reported once');
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
		await form.goto(`${n8n.origin}/form/${webhookId(workflow, 'Upload the sheet')}`);
		await form.locator('input[type=file]').setInputFiles({ name: 'contacts.csv', mimeType: 'text/csv', buffer: Buffer.from(sheet) });
		await form.locator('textarea').fill('Hello {name}, our summer sale has begun!');
		await form.getByRole('button', { name: 'Submit' }).click();
		await form.getByText('Your response has been recorded').waitFor();
	};

	await start('name,phone\nDana,+15550101234\nNobody,12\n"Finn, Jr.",+1 (555) 010-1235\nDana again,+15550101234\n');
	assert.deepEqual(await ended(client, workflow), ['success']);

	assert.deepEqual(sentTo(chatNamed(world, '+15550101234')), ['Hello Dana, our summer sale has begun!']);
	assert.deepEqual(sentTo(chatNamed(world, '+15550101235')), ['Hello Finn, Jr., our summer sale has begun!']);
	assert.deepEqual(chatNamed(world, '+15550101234').labels, ['campaign']);
	const sends = sandbox.requests.filter(({ route }) => route === 'POST /messages');
	assert.equal(sends.length, 2);
	assert.ok((sends[1]?.at ?? 0) - (sends[0]?.at ?? 0) >= 1_000, 'there is a pause between two messages');

	const [execution] = await client.executions(workflow.id);
	const [report] = (await client.output(execution?.id ?? '')).Report ?? [];
	assert.deepEqual(report, { sent: 2, failed: ['12: “12” in “Phone Number” is not a phone number'] });

	world.messagingQuota.used = world.messagingQuota.total - 1;
	const before = sandbox.requests.length;
	await start('name,phone\nDana,+15550101234\nFinn,+15550101235\n');
	assert.deepEqual(await ended(client, workflow, 2), ['error', 'success']);
	assert.deepEqual(sandbox.requests.slice(before).map(({ route }) => route), ['GET /workspace']);
	await form.close();
});

test('approval: a person decides on a phone, once, and the customer hears of a yes alone', async () => {
	const { sandbox, client, n8n, browser } = run;
	const { world } = sandbox;
	const { chat: dana } = sandbox.customerWrites({ phone: '+15550101234', name: 'Dana', text: 'I want my money back.' });
	const workflow = await publish('approval-by-whatsapp', { credentials: { 'Refund form': { user: 'kate', password: 'a password' } } });
	await browser.setHTTPCredentials({ username: 'kate', password: 'a password', origin: n8n.origin });
	const form = await browser.newPage();
	const request = async (amount: string) => {
		await form.goto(`${n8n.origin}/form/${webhookId(workflow, 'Request a refund')}`);
		await form.getByLabel('Order').fill('A-1027');
		await form.getByLabel('Amount').fill(amount);
		await form.getByLabel('Phone').fill('+15550101234');
		await form.getByLabel('Reason').fill('The lamp is <b>broken</b>.');
		await form.getByRole('button', { name: 'Submit' }).click();
		await form.getByText('Your response has been recorded').waitFor();
		const manager = await eventually('the question', () => {
			const chat = [...world.chats.values()].find(({ phone }) => phone === '+14155550123');
			return chat && sentTo(chat).at(-1)?.includes(`Refund of ${amount}`) && chat;
		});
		await waits(client);
		return linksIn(manager).at(-1) ?? '';
	};
	const phone = await openPhonePage(run);

	const first = await request('49');
	await phone.goto(first);
	assert.equal(await phone.locator('p').textContent(), 'Refund of 49 € for order A-1027?\n\nThe lamp is <b>broken</b>.');
	assert.deepEqual(await phone.getByRole('button').allTextContents(), ['Approve', 'Decline']);
	assert.equal(await phone.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true, 'nothing is wider than the phone');
	await updateImage(phone, 'send-and-wait', await upTo(phone.getByRole('main')));
	assert.deepEqual(sentTo(dana), [], 'opening the link decides nothing');
	await phone.getByRole('button', { name: 'Approve' }).click();
	await phone.getByText('Thank you, your answer has been recorded.').waitFor();
	assert.deepEqual(await ended(client, workflow), ['success']);
	assert.deepEqual(sentTo(dana), ['Your refund of 49 € for order A-1027 is on its way.']);

	await phone.goBack();
	await phone.reload();
	await phone.getByRole('heading', { name: 'No action required' }).waitFor();
	assert.equal((await phone.request.post(first, { form: { decision: 'decline' } })).status(), 200);
	assert.deepEqual(await ended(client, workflow), ['success']);

	await phone.goto(await request('490'));
	await phone.getByRole('button', { name: 'Decline' }).click();
	assert.deepEqual(await ended(client, workflow, 2), ['success', 'success']);
	assert.deepEqual(notesIn(dana), ['The refund of 490 € for order A-1027 was declined.']);
	assert.equal(sentTo(dana).length, 1);
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

test('every example shows on the canvas, its note is readable, and the recipes have its picture', async () => {
	const recipes = readFileSync(join(projectFolder, 'docs', 'recipes.md'), 'utf8');
	const canvas = await openCanvas(run);
	for (const name of exampleNames()) {
		const example = readExample(name);
		const clip = await canvas.show(example);
		const ours = example.nodes.filter(({ type }) => type.startsWith('n8n-nodes-timelinesai.'));
		assert.equal(await canvas.page.locator('.vue-flow__node img[src*="timelinesai"]').count(), ours.length, `n8n knows the nodes of ${name}`);
		assert.deepEqual(await troubleWithNotes(canvas), [], name);
		await updateImage(canvas.page, `examples/${name}`, clip);
		assert.ok(recipes.includes(`(images/examples/${name}.png)`), `docs/recipes.md shows ${name}`);
		assert.ok(recipes.includes(`(../examples/${name}.json)`), `docs/recipes.md links to ${name}`);
		assert.ok(existsSync(join(images, 'examples', `${name}.png`)), `there is a picture of ${name}`);
	}
	await canvas.page.close();
});

test('an example holds nothing of the n8n that it was made in', () => {
	for (const name of exampleNames()) {
		const example = readExample(name);
		assert.deepEqual(Object.keys(example).sort(), ['connections', 'name', 'nodes', 'settings']);
		const ids = example.nodes.flatMap(({ credentials = {} }) => Object.values(credentials)).map(({ id }) => id);
		assert.deepEqual(ids.filter((id) => id !== ''), [], `${name} names credentials, and has none of their IDs`);
	}
});

const webhookId = ({ nodes }: Workflow, name: string) => nodes.find((node) => node.name === name)?.webhookId;
