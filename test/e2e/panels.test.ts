/**
 * The panels of the node as a person sees them: each is opened, its fields are in the order that is expected, and a picture is
 * taken, in light and in dark. With UPDATE_IMAGES=1 the pictures of the docs are written anew.
 */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type INode, type INodeParameters } from 'n8n-workflow';
import { withCredential } from '../demo/stage';
import { endAll } from '../n8n/cleanup';
import { projectFolder } from '../n8n/paths';
import { type Workflow } from '../n8n/rest';
import { assertNoBreach, canvasNode, type EndToEnd, openEndToEnd, part, screenshots, takePicture } from './kit';

let run: EndToEnd;
let workflow: Workflow;

const chosen = (mode: string, value: string | number) => ({ __rl: true, mode, value: String(value) });

/** A panel: the name of its picture, how the node is set, the labels that it shows, top to bottom, and what must be readable in it. */
interface Panel {
	name: string;
	type?: string;
	parameters(): INodeParameters;
	labels: string[];
	shows?: RegExp;
}

const panels: Panel[] = [
	{
		name: 'message-send',
		parameters: () => ({
			resource: 'message',
			operation: 'send',
			chatId: chosen('id', '={{ $json.chatId }}'),
			text: 'Hello, how can we help you?',
			options: { waitUntil: 'delivered' },
		}),
		labels: ['Resource', 'Operation', 'Send To', 'Chat', 'Text', 'Attachment', 'Output', 'Options', 'Wait Until'],
	},
	{
		name: 'message-send-and-wait',
		parameters: () => ({
			resource: 'message',
			operation: 'sendAndWait',
			chatId: chosen('id', '={{ $json.chatId }}'),
			message: 'May we ship your order today?',
			approvalOptions: { values: { approvalType: 'double', approveLabel: 'Yes', disapproveLabel: 'No' } },
		}),
		labels: ['Resource', 'Operation', 'Send To', 'Chat', 'Message', 'Response Type', 'Approval Options'],
	},
	{
		name: 'chat-get-many',
		parameters: () => ({
			resource: 'chat',
			operation: 'getAll',
			filters: { closed: false, label: chosen('name', 'vip') },
			options: { withMsg: true },
		}),
		labels: ['Resource', 'Operation', 'Return All', 'Limit', 'Filters', 'Closed', 'Label', 'Output', 'Options', 'Include Last Message'],
	},
	{
		name: 'waba-template',
		parameters: () => {
			const [account] = run.sandbox.world.wabaAccounts;
			const [template] = run.sandbox.world.wabaTemplates.values();
			return {
				resource: 'wabaMessage',
				operation: 'send',
				sendTo: 'phone',
				wabaAccountId: chosen('id', account?.id ?? 0),
				phone: '+14155550123',
				content: 'template',
				templateId: chosen('id', template?.id ?? 0),
			};
		},
		labels: ['Resource', 'Operation', 'Send To', 'WABA Account', 'Phone Number', 'Content', 'Template'],
		shows: /Variables/,
	},
	{
		name: 'file-upload',
		parameters: () => ({ resource: 'file', operation: 'upload' }),
		labels: ['Resource', 'Operation', 'Source', 'Input Data Field Name', 'Output', 'Options'],
	},
	{
		name: 'webhook-create',
		parameters: () => ({ resource: 'webhook', operation: 'create' }),
		labels: ['Resource', 'Operation'],
		shows: /TimelinesAI Trigger/,
	},
	{
		name: 'trigger',
		type: 'n8n-nodes-timelinesai.timelinesAiTrigger',
		parameters: () => ({ events: ['message:received:new', 'chat:responsible:assigned'] }),
		labels: ['Trigger On'],
	},
];

before(async () => {
	run = await openEndToEnd(__filename);
	const node = ({ name, type = 'n8n-nodes-timelinesai.timelinesAi', parameters }: Panel, index: number): INode => ({
		id: `5b8e1c0a-58d5-4c39-8f0e-3a6a5f0c9d${String(index).padStart(2, '0')}`,
		name,
		type,
		typeVersion: 1,
		position: [(index % 3) * 300, Math.floor(index / 3) * 220],
		parameters: parameters(),
		credentials: { timelinesAiApi: { id: '', name: '' } },
	});
	workflow = await run.client.createWorkflow(withCredential({ name: 'Panels', nodes: panels.map(node), connections: {} }, run.credential));
});
after(endAll);

for (const theme of ['light', 'dark'] as const) {
	test(`the editor is ${theme}`, async () => {
		const { editor, n8n } = run;
		await editor.evaluate((name) => localStorage.setItem('N8N_THEME', name), theme);
		await editor.goto(`${n8n.origin}/workflow/${workflow.id}`);
		await canvasNode(editor, panels[0]?.name ?? '').waitFor();
	});

	for (const panel of panels) {
		test(`the panel of ${panel.name} in ${theme}`, async () => {
			const { editor } = run;
			await canvasNode(editor, panel.name).dblclick();
			const parameters = part(editor, 'node-parameters');
			await parameters.getByText(panel.labels[0] ?? '', { exact: true }).first().waitFor();
			if (panel.shows) await editor.getByText(panel.shows).first().waitFor();
			await editor.waitForLoadState('networkidle');

			const lines = (await parameters.innerText()).split('\n').map((line) => line.trim());
			const places = panel.labels.map((label) => lines.indexOf(label));
			assert.deepEqual(panel.labels.filter((_, index) => places[index] === -1), [], `labels that are missing among: ${lines.join(' | ')}`);
			assert.deepEqual([...places].sort((a, b) => a - b), places, `the order of the fields: ${lines.join(' | ')}`);

			const picture = `panel-${panel.name}-${theme}`;
			await takePicture(editor, picture);
			if (process.env.UPDATE_IMAGES) {
				const folder = join(projectFolder, 'docs', 'images', 'panels');
				mkdirSync(folder, { recursive: true });
				copyFileSync(join(screenshots, `${picture}.png`), join(folder, `${panel.name}-${theme}.png`));
			}
			await editor.keyboard.press('Escape');
			await part(editor, 'ndv').waitFor({ state: 'hidden' });
		});
	}
}

test('every request keeps to the contract of the API', () => assertNoBreach(run));
