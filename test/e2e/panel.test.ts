/** Somebody builds a workflow by hand: chooses a chat from the list and runs the node from its panel. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { withCredential } from '../demo/stage';
import { endAll } from '../n8n/cleanup';
import { assertNoBreach, canvasNode, type EndToEnd, openEndToEnd, part, takePicture } from './kit';

let run: EndToEnd;

before(async () => {
	run = await openEndToEnd(__filename);
	const workflow = await run.client.createWorkflow(
		withCredential(
			{
				name: 'Look up a chat',
				nodes: [
					{
						id: '5b8e1c0a-58d5-4c39-8f0e-3a6a5f0c8d01',
						name: 'Get a chat',
						type: 'n8n-nodes-timelinesai.timelinesAi',
						typeVersion: 1,
						position: [0, 0],
						parameters: { resource: 'chat', operation: 'get', chatId: { __rl: true, mode: 'list', value: '' } },
						credentials: { timelinesAiApi: { id: '', name: '' } },
					},
				],
				connections: {},
			},
			run.credential,
		),
	);
	await run.editor.goto(`${run.n8n.origin}/workflow/${workflow.id}`);
	await canvasNode(run.editor, 'Get a chat').dblclick();
});
after(endAll);

test('a chat is found by a part of its name', async () => {
	const { editor } = run;
	await part(editor, 'resource-locator-chatId').locator('input').last().click();
	await part(editor, 'rlc-search').fill('anna');
	const found = part(editor, 'rlc-item').filter({ hasText: 'Anna Fischer' });
	await found.waitFor();
	await takePicture(editor, 'chat-list');
	await found.click();
	assert.match(await part(editor, 'resource-locator-chatId').locator('input').last().inputValue(), /Anna Fischer/);
});

test('the node runs from its panel and shows the chat', async () => {
	const { editor } = run;
	await part(editor, 'node-execute-button').click();
	const output = part(editor, 'output-panel');
	await output.getByText('+4915112345671').first().waitFor();
	await takePicture(editor, 'output');
	const requests = run.sandbox.requests.filter(({ route }) => route === 'GET /chats/{chat_id}');
	assert.deepEqual(requests.map(({ path, status }) => ({ path, status })), [{ path: '/chats/1000001', status: 200 }]);
});

test('every request keeps to the contract of the API', () => assertNoBreach(run));
