/** The promise of `npm start`: a WhatsApp message starts the example workflow, and the workflow answers it. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { endAll } from '../n8n/cleanup';
import { assertNoBreach, canvasNode, type EndToEnd, eventually, openEndToEnd, part, takePicture, write, writeAsNewCustomer } from './kit';
import { images, openCanvas, updateImage } from './support/pictures';

const dana = { name: 'Dana Cole', phone: '+15550101234' };
const label = 'answered by n8n';
let run: EndToEnd;

before(async () => {
	run = await openEndToEnd(__filename);
});
after(endAll);

test('the example workflow is live: TimelinesAI has one subscription, to n8n, for received messages', () => {
	assert.deepEqual(run.problems, []);
	const [subscription, ...others] = run.sandbox.world.subscriptions();
	assert.deepEqual(others, []);
	assert.equal(subscription?.eventType, 'message:received:new');
	assert.equal(subscription?.enabled, true);
	assert.equal(new URL(subscription?.url ?? '').origin, run.n8n.origin);
});

test('the credential passes its test in the editor', async () => {
	const { editor } = run;
	await editor.goto(`${run.n8n.origin}/home/credentials`);
	await part(editor, 'resources-list-item').getByText('TimelinesAI', { exact: true }).click();
	await editor.getByText('Connection tested successfully').waitFor();
	const before = run.sandbox.requests.length;
	await editor.getByRole('button', { name: 'Retry' }).click();
	const request = await eventually('the test asks for the workspace', () => run.sandbox.requests[before]);
	assert.equal(`${request.method} ${request.path}`, 'GET /workspace');
	await editor.getByText('Connection tested successfully').waitFor();
	await takePicture(editor, 'credential');
	assert.deepEqual(await run.client.testCredential(run.credential), { status: 'OK', message: 'Connection successful!' });
});

test('a message typed on the phone page is answered and the chat labelled', async () => {
	const { phone } = run;
	await phone.bringToFront();
	await writeAsNewCustomer(phone, dana, 'Do you ship to Oslo?');
	await phone.locator('[data-testid="message"][data-from="workspace"]').getByText('We have read “Do you ship to Oslo?”').waitFor();
	await phone.getByTestId('chat-label').getByText(label).waitFor();
	await takePicture(phone, 'phone');
	assert.deepEqual(answers(), ['Hello Dana Cole, thank you for writing! We have read “Do you ship to Oslo?” and will be with you soon.']);
});

test('the editor shows the run', async () => {
	const { editor } = run;
	await editor.bringToFront();
	await editor.goto(`${run.n8n.origin}/workflow/${run.workflow.id}/executions`);
	await part(editor, 'execution-preview-label').getByText('Succeeded').waitFor();
	assert.equal(await part(editor, 'current-executions-list').getByText('Succeeded').count(), 1);
	await part(editor, 'canvas-node-status-success').nth(3).waitFor();
	await takePicture(editor, 'execution');
});

test('each node of the run gave what the next one needs', async () => {
	const [execution] = await run.client.executions(run.workflow.id);
	const output = await run.client.output(execution?.id ?? '');
	const { chatId, chatName, text } = output['When a message arrives']?.[0] ?? {};
	assert.deepEqual({ chatName, text }, { chatName: dana.name, text: 'Do you ship to Oslo?' });
	assert.equal(output['Look at the chat']?.[0]?.phone, dana.phone);
	assert.deepEqual(output['Label the chat'], [{ chatId, labels: [label] }]);
	const sent = run.sandbox.world.messages.get(String(output['Answer']?.[0]?.messageUid));
	assert.equal(sent?.text, answers()[0]);
});

test('the canvas and the panel show the nodes', async () => {
	const { editor } = run;
	await editor.goto(`${run.n8n.origin}/workflow/${run.workflow.id}`);
	for (const name of ['When a message arrives', 'Look at the chat', 'Label the chat', 'Answer']) await canvasNode(editor, name).waitFor();
	await part(editor, 'suggested-actions-close').click();
	await takePicture(editor, 'canvas');

	await canvasNode(editor, 'Answer').dblclick();
	await part(editor, 'parameter-input-operation').waitFor();
	assert.equal(await part(editor, 'parameter-input-resource').locator('input').inputValue(), 'Message');
	assert.equal(await part(editor, 'parameter-input-operation').locator('input').inputValue(), 'Send');
	await part(editor, 'ndv-input-panel').getByText('labels', { exact: true }).waitFor();
	await takePicture(editor, 'panel');
});

test('the front page of the docs shows the workflow', async () => {
	const canvas = await openCanvas(run);
	const { name, nodes, connections } = run.workflow;
	const clip = await canvas.show({ name, nodes: nodes.filter(({ type }) => type !== 'n8n-nodes-base.stickyNote'), connections });
	assert.equal(await canvas.page.locator('.vue-flow__node img[src*="timelinesai"]').count(), 4);
	await updateImage(canvas.page, 'workflow', clip);
	assert.ok(existsSync(join(images, 'workflow.png')), 'there is a picture of the workflow');
	await canvas.page.close();
});

test('a killed n8n answers again after its restart, once', async () => {
	await run.n8n.kill();
	await run.restartN8n();
	await write(run.phone, 'Are you still there?');
	await eventually('the answer', () => answers().length > 1);
	const finished = await eventually('the second run', async () => {
		const executions = await run.client.executions(run.workflow.id);
		return executions.length > 1 && executions.every(({ status }) => status !== 'running' && status !== 'new') && executions;
	});
	assert.deepEqual(finished.map(({ status, mode }) => ({ status, mode })), [
		{ status: 'success', mode: 'webhook' },
		{ status: 'success', mode: 'webhook' },
	]);
	assert.deepEqual(answers().slice(1), ['Hello Dana Cole, thank you for writing! We have read “Are you still there?” and will be with you soon.']);
});

test('a deactivated workflow leaves no subscription behind', async () => {
	await run.client.deactivate(run.workflow.id);
	assert.deepEqual(run.sandbox.world.subscriptions(), []);
});

test('every request keeps to the contract of the API', () => assertNoBreach(run));

/** What the workspace has written to Dana, in order. */
function answers(): string[] {
	return [...run.sandbox.world.messages.values()]
		.filter(({ fromMe, chat }) => fromMe && chat.phone === dana.phone)
		.sort((a, b) => a.at - b.at)
		.map(({ text }) => text ?? '');
}
