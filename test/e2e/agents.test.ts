/** TimelinesAI in the hands of AI agents: n8n's own AI Agent, with a scripted model in place of a real one. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { endAll } from '../n8n/cleanup';
import { type Workflow } from '../n8n/rest';
import { assertNoBreach, type EndToEnd, eventually, openEndToEnd } from './kit';
import { addExample, chatNamed, ended, notesIn, sentTo, type Setup } from './support/examples';
import { type ScriptedModel, scriptedModel } from './support/model';

let run: EndToEnd;
let model: ScriptedModel;
let workflow: Workflow | undefined;

before(async () => {
	run = await openEndToEnd(__filename);
	await run.client.deactivate(run.workflow.id);
	model = await scriptedModel();
});
beforeEach(async () => await run.sandbox.reset());
afterEach(async () => {
	if (workflow?.activeVersionId) await run.client.deactivate(workflow.id);
	await run.sandbox.settled();
	assertNoBreach(run);
});
after(endAll);

async function add(name: string, adapt?: Setup['adapt']): Promise<Workflow> {
	workflow = await addExample(run.client, name, { credentials: { OpenAI: { apiKey: 'a key', url: model.url } }, adapt });
	return workflow;
}

test('hand-over: the agent reads the chat and answers, then hands over and is silent', async () => {
	const { sandbox, client } = run;
	workflow = await add('ai-agent-handover');
	await client.activate(workflow.id);
	workflow = await client.workflow(workflow.id);

	model.follow([{ tool: 'Read_the_chat' }, { tool: 'Look_up_the_customer' }], 'We deliver to Oslo in two to four days.');
	const { chat } = sandbox.customerWrites({ phone: '+15550101234', name: 'Dana', text: 'Do you deliver to Oslo?' });
	await ended(client, workflow);
	console.log(JSON.stringify(model.asked, null, 1));
	assert.deepEqual(sentTo(chat), ['We deliver to Oslo in two to four days.']);

	model.follow('HANDOVER Dana wants to talk about a broken lamp.');
	sandbox.customerWrites({ chatId: chat.id, text: 'My lamp is broken. Let me talk to a human!' });
	await ended(client, workflow, 2);
	console.log(chat.labels, chat.responsible, notesIn(chat), sentTo(chat));
	sandbox.customerWrites({ chatId: chat.id, text: 'Hello?' });
});

test('inbox', async () => {
	const { sandbox, client } = run;
	const workflow = await add('ai-inbox-assistant');
	const anna = chatNamed(sandbox.world, 'Anna Fischer');
	model.follow(
		[{ tool: 'Find_chats', arguments: { name: 'Anna' } }],
		[{ tool: 'Read_a_chat', arguments: { chatId: String(anna.id) } }],
		[{ tool: 'Send_a_message', arguments: { toolParameters: { chatId: String(anna.id), text: 'We deliver on Friday.' }, hitlParameters: {} } }],
		'Anna asked; I told her.',
	);
	const answer = await client.data<{ executionId: string }>('POST', `/rest/workflows/${workflow.id}/run`, {
		workflowData: workflow,
		triggerToStartFrom: { name: 'When you ask', data: { startTime: 0, executionTime: 0, executionIndex: 0, executionStatus: 'success', source: [], data: { main: [[{ json: { sessionId: 'a session', action: 'sendMessage', chatInput: 'What did Anna want? Tell her that we deliver on Friday.' } }]] } } },
	});
	console.log(answer);
	await eventually('the question', () => [...sandbox.world.messages.values()].some(({ text }) => text?.includes('webhook-waiting')) );
	console.log(JSON.stringify(model.asked, null, 1));
	console.log([...sandbox.world.messages.values()].filter(({origin})=>origin==='Public API').map(({chat,text})=>[chat.name,text]));
});
