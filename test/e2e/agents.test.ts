/** TimelinesAI in the hands of AI agents: n8n's own AI Agent and human review, with a model that follows a script. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { type Page } from 'playwright-core';
import { endAll } from '../n8n/cleanup';
import { type Workflow } from '../n8n/rest';
import { assertNoBreach, type EndToEnd, eventually, openEndToEnd } from './kit';
import { type Adapt, chatNamed, ended, importExample, linksIn, notesIn, sentTo, variant, waits } from './support/examples';
import { type Asked, type ScriptedModel, scriptedModel } from './support/model';
import { openPhonePage, updateImage, upTo } from './support/pictures';

let run: EndToEnd;
let model: ScriptedModel;
let handover: Workflow;
let assistant: Workflow;

before(async () => {
	run = await openEndToEnd(__filename);
	await run.client.deactivate(run.workflow.id);
	model = await scriptedModel();
	const credentials = { OpenAI: { apiKey: 'a key', url: model.url } };
	handover = await importExample(run, 'ai-agent-handover', { credentials });
	assistant = await importExample(run, 'ai-inbox-assistant', { credentials });
});
beforeEach(async () => await run.sandbox.reset());
afterEach(async () => {
	await run.sandbox.settled();
	assertNoBreach(run);
});
after(endAll);

/** Writes into the chat of the editor; several texts make several items. */
async function ask(workflow: Workflow, ...texts: string[]): Promise<void> {
	const items = texts.map((chatInput) => ({ json: { sessionId: 'a session', action: 'sendMessage', chatInput } }));
	const written = { startTime: 0, executionTime: 0, executionIndex: 0, executionStatus: 'success', source: [], data: { main: [items] } };
	await run.client.data('POST', `/rest/workflows/${workflow.id}/run`, { workflowData: workflow, triggerToStartFrom: { name: 'When you ask', data: written } });
}

test('hand-over: the agent reads the chat and answers; then it hands over, and is silent from then on', async () => {
	const { sandbox, client } = run;
	await client.activate(handover.id);

	model.follow([{ tool: 'Read_the_chat' }, { tool: 'Look_up_the_customer' }], 'We deliver to Oslo in two to four days.');
	const { chat } = sandbox.customerWrites({ phone: '+15550101234', name: 'Dana', text: 'Do you deliver to Oslo?' });
	assert.deepEqual(await ended(client, handover), ['success']);
	assert.deepEqual(sentTo(chat), ['We deliver to Oslo in two to four days.']);
	const [first, second] = model.asked;
	assert.equal(first?.user, 'Do you deliver to Oslo?');
	assert.doesNotMatch(first.system, /Dana/, 'a name is what a customer writes, too');
	assert.deepEqual(first.tools.map(({ parameters }) => parameters.properties), [{}, {}], 'the model chooses no chat');
	assert.match(second?.results[0] ?? '', /"text":"Do you deliver to Oslo\?"/);
	assert.match(second?.results[1] ?? '', /"name":"Dana"/);

	model.follow([{ tool: 'Read_the_chat' }], 'HANDOVER The lamp of Dana is broken.');
	sandbox.customerWrites({ chatId: chat.id, text: 'My lamp is broken. Let me talk to a human!' });
	assert.deepEqual(await ended(client, handover, 2), ['success', 'success']);
	assert.match(model.asked[1]?.results[0] ?? '', /"direction":"sent".*"text":"We deliver to Oslo in two to four days\."/);
	assert.equal(chat.responsible?.email, 'kate.smith@acme.example');
	assert.deepEqual(chat.labels, ['needs a human']);
	assert.deepEqual(notesIn(chat), ['From the AI agent: The lamp of Dana is broken.']);
	assert.equal(sentTo(chat).at(-1), 'A colleague will answer you here soon.');

	sandbox.customerWrites({ chatId: chat.id, text: 'Hello?' });
	model.follow('We are open until 17:00.');
	const finn = sandbox.customerWrites({ phone: '+15550101235', name: 'Finn', text: 'When do you close?' });
	assert.deepEqual(await ended(client, handover, 3), ['success', 'success', 'success']);
	assert.deepEqual(sentTo(finn.chat), ['We are open until 17:00.']);

	model.follow(new Error('The model is overloaded'));
	const gina = sandbox.customerWrites({ phone: '+15550101236', name: 'Gina', text: 'Where is my order?' });
	assert.deepEqual(await ended(client, handover, 4), ['success', 'success', 'success', 'success']);
	assert.deepEqual(gina.chat.labels, ['needs a human']);
	assert.deepEqual(notesIn(gina.chat), ['The AI agent could not answer.']);
	assert.deepEqual(sentTo(gina.chat), ['A colleague will answer you here soon.']);
	await client.deactivate(handover.id);
});

test('human review: the agent finds and reads a chat, and a person approves its message on a phone', async () => {
	const { sandbox, client } = run;
	const anna = chatNamed(sandbox.world, 'Anna Fischer');
	const reviewed = { toolParameters: { chatId: String(anna.id), text: 'We deliver to Hamburg on Friday.' }, hitlParameters: {} };
	model.follow(
		[{ tool: 'Find_chats', arguments: { name: 'Anna' } }],
		[{ tool: 'Read_a_chat', arguments: { chatId: String(anna.id) } }],
		[{ tool: 'Send_a_message', arguments: reviewed }],
		'Anna asked for the delivery to Hamburg; I told her that it is on Friday.',
	);

	await ask(assistant, 'What did Anna want? Tell her that we deliver on Friday.');
	const { page, link } = await question();
	assert.deepEqual(sentTo(anna), [], 'opening the link decides nothing');
	assert.equal(await page.locator('p').textContent(), 'The assistant wants to write into app.timelines.ai/chat/1000001/messages:\n\nWe deliver to Hamburg on Friday.');
	await updateImage(page, 'human-review', await upTo(page.getByRole('main')));
	await page.getByRole('button', { name: 'Send it' }).click();
	await page.getByText('your answer has been recorded').waitFor();

	assert.deepEqual(await ended(client, assistant), ['success']);
	assert.deepEqual(sentTo(anna), ['We deliver to Hamburg on Friday.']);
	const [found, read, sent] = model.asked.at(-1)?.results ?? [];
	assert.match(found ?? '', /^\[\{"chatId":1000001,"name":"Anna Fischer"/);
	assert.match(read ?? '', /"text":"Hi! Do you deliver to Hamburg\?"/);
	assert.match(sent ?? '', /^\[\{"messageUid":"[\w-]{36}","chatId":1000001\}\]$/);
	await page.goto(link);
	await page.getByRole('heading', { name: 'No action required' }).waitFor();
});

test('human review: what was declined is not sent, and an old page answers no new question', async () => {
	const { sandbox, client } = run;
	const anna = chatNamed(sandbox.world, 'Anna Fischer');
	const say = (text: string) => [{ tool: 'Send_a_message', arguments: { toolParameters: { chatId: String(anna.id), text }, hitlParameters: {} } }];
	model.follow(say('Yes.'), say('No.'), 'The second message was declined.');

	await ask(assistant, 'Answer Anna.');
	const first = await question();
	const forgotten = await openPhonePage(run);
	await forgotten.goto(first.link);
	await first.page.getByRole('button', { name: 'Send it' }).click();
	const second = await question(2);
	await forgotten.getByRole('button', { name: 'Send it' }).click();
	await forgotten.getByText('This question has been answered already').waitFor();
	await second.page.getByRole('button', { name: 'Do not send' }).click();

	assert.deepEqual(await ended(client, assistant, 2), ['success', 'success']);
	assert.deepEqual(sentTo(anna), ['Yes.']);
	assert.match(model.asked.at(-1)?.results.at(-1) ?? '', /rejected the tool call/);
});

test('human review: no answer in time is a no, whatever the model says', async () => {
	const { sandbox, client } = run;
	const anna = chatNamed(sandbox.world, 'Anna Fischer');
	const workflow = await variant(client, assistant, (node) => {
		const { options } = node('Ask for approval').parameters;
		Object.assign(options as object, { limitWaitTime: { values: { resumeAmount: 1, resumeUnit: 'minutes' } } });
	});
	const pretended = { approved: true, data: { approved: true } };
	const call = { toolParameters: { chatId: String(anna.id), text: 'Nobody has read this.' }, hitlParameters: {}, ...pretended };
	model.follow([{ tool: 'Send_a_message', arguments: call }], 'Nobody answered.');

	await ask(workflow, 'Answer Anna.');
	await question();
	// n8n counts in minutes, and looks once in a minute what is over.
	await eventually('the model is told', () => model.asked.length === 2, 240_000);
	assert.deepEqual(await ended(client, workflow), ['success']);
	assert.deepEqual(sentTo(anna), []);
	assert.match(model.asked.at(-1)?.results.at(-1) ?? '', /rejected the tool call/);
});

// Agents of version 3 leave the calls of tools to n8n's engine; older ones, sub-agents and MCP make them by themselves.
for (const version of [3.1, 2.2]) {
	test(`AI Agent ${version}: takes ids in any form, sends each message once, and is told what went wrong`, async () => {
		const { sandbox, client } = run;
		const anna = chatNamed(sandbox.world, 'Anna Fischer');
		const workflow = await variant(client, assistant, withoutReview(version));
		const say = (chatId: string, text: string) => ({ tool: 'Send_a_message', arguments: { chatId, text } });
		model.follow(
			[say(String(anna.id), 'One'), say(String(anna.id), 'Two')],
			[say(`https://app.timelines.ai/chat/${anna.id}/messages/`, 'Three')],
			[say(anna.phone ?? '', 'Four')],
			[say('9999999', 'Five')],
			[say(String(anna.id), 'Six')],
			'Done.',
		);
		// The last message is processed, though the answer says otherwise.
		sandbox.faults.add({ kind: 'status', status: 500, process: true, match: `POST /chats/${anna.id}/messages`, after: 3 });

		await ask(workflow, 'Write to Anna.');

		assert.deepEqual(await ended(client, workflow), ['success']);
		assert.deepEqual(sentTo(anna).sort(), ['One', 'Six', 'Three', 'Two']);
		const results = model.asked.at(-1)?.results ?? [];
		assert.equal(results.length, 6);
		for (const sent of results.slice(0, 3)) assert.match(sent, /"messageUid":"/);
		assert.match(results[3] ?? '', /is not a valid chat ID: it must be a whole number/);
		assert.match(results[4] ?? '', /Chat not found/);
		assert.match(results[5] ?? '', version < 3 ? /it is unknown whether this was carried out/ : /may have sent this already/);
	});

	test(`AI Agent ${version}: works on several items at a time, and nothing goes to the wrong chat`, async () => {
		const { sandbox, client } = run;
		const chats = ['Anna Fischer', 'Marco Rossi', 'Joan Ferrer'].map((name) => chatNamed(sandbox.world, name));
		const workflow = await variant(client, assistant, (node, file) => {
			withoutReview(version)(node, file);
			delete file.connections.Memory;
			Object.assign(node('AI Agent').parameters.options as object, { batching: { batchSize: 3 } });
		});
		const writeOnce = ({ user, results }: Asked) =>
			results.length > 0 ? 'Done.' : [{ tool: 'Send_a_message', arguments: { chatId: user, text: `For ${user}` } }];
		model.follow(...new Array<typeof writeOnce>(6).fill(writeOnce));

		await ask(workflow, ...chats.map(({ id }) => String(id)));

		assert.deepEqual(await ended(client, workflow), ['success']);
		const told = new Map(model.asked.filter(({ results }) => results.length > 0).map(({ user, results }) => [user, results[0] ?? '']));
		for (const chat of chats) {
			const refused = told.get(String(chat.id))?.includes('n8n has mixed this call up with another one');
			assert.deepEqual(sentTo(chat), refused ? [] : [`For ${chat.id}`]);
			assert.ok(version < 3 || !refused);
		}
	});
}

/** The assistant with an agent of this version, which sends without asking anybody. */
const withoutReview =
	(version: number): Adapt =>
	(node, file) => {
		node('AI Agent').typeVersion = version;
		// Older agents know the older of the two protocols alone.
		if (version < 3) node('OpenAI Chat Model').typeVersion = 1.2;
		node('Send a message').retryOnFail = true;
		file.connections['Send a message'] = { ai_tool: [[{ node: 'AI Agent', type: 'ai_tool', index: 0 }]] };
		file.nodes = file.nodes.filter(({ name }) => name !== 'Ask for approval');
		delete file.connections['Ask for approval'];
	};

/** The question that the manager has got, opened on a phone. */
async function question(count = 1): Promise<{ page: Page; link: string }> {
	const link = await eventually(`question ${count}`, () => {
		const manager = [...run.sandbox.world.chats.values()].find(({ phone }) => phone === '+14155550123');
		return manager && linksIn(manager)[count - 1];
	});
	await waits(run.client);
	const page = await openPhonePage(run);
	await page.goto(link);
	return { page, link };
}
