/**
 * The panels of the nodes as a person sees them: each is opened, its fields are in the order that is expected, and a picture is
 * taken, in light and in dark. With UPDATE_IMAGES=1 the pictures of the docs are written anew; with ALL_PANELS=light or
 * ALL_PANELS=dark the panels of all operations are opened, for somebody who wants to look at every one.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type INode, type INodeParameters, type INodeProperties, NodeHelpers } from 'n8n-workflow';
import { describe } from '../../nodes/shared/operation/describe';
import { type ActionNode } from '../../nodes/shared/operation/types';
import { timelinesAi } from '../../nodes/TimelinesAi/resources';
import { timelinesAiPartner } from '../../nodes/TimelinesAiPartner/resources';
import { endAll } from '../n8n/cleanup';
import { type Credential, type Workflow } from '../n8n/rest';
import { assertNoBreach, canvasNode, type EndToEnd, eventually, openEndToEnd, part, takePicture, versionOf } from './kit';
import { updateImage } from './support/pictures';

let run: EndToEnd;
let workflow: Workflow;

const chosen = (mode: string, value: string | number, cachedResultName?: string) => ({ __rl: true, mode, value: String(value), ...(cachedResultName && { cachedResultName }) });

/** A panel: the name of its picture, how the node is set, the labels that it shows, top to bottom, and what must be readable in it. */
interface Panel {
	name: string;
	/** The node, without the package's name. */
	type?: string;
	parameters(): INodeParameters;
	labels: string[];
	shows?: RegExp;
}

const chosenPanels: Panel[] = [
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
				wabaAccountId: chosen('list', account?.id ?? 0, account?.name),
				phone: '+14155550123',
				content: 'template',
				templateId: chosen('list', template?.id ?? 0, template?.name),
			};
		},
		labels: ['Resource', 'Operation', 'Send To', 'WABA Account', 'Phone Number', 'Content', 'WABA Template', 'Template Variables', 'Text of the Template', 'Output', 'Options'],
		shows: /Body: 1/,
	},
	{
		name: 'file-upload',
		parameters: () => ({ resource: 'file', operation: 'upload' }),
		labels: ['Resource', 'Operation', 'File From', 'Input Data Field Name', 'Output', 'Options'],
	},
	{
		name: 'webhook-create',
		parameters: () => ({ resource: 'webhook', operation: 'create' }),
		labels: ['Resource', 'Operation'],
		shows: /TimelinesAI Trigger/,
	},
	{
		name: 'trigger',
		type: 'timelinesAiTrigger',
		parameters: () => ({ events: ['message:received:new', 'chat:responsible:assigned'] }),
		labels: ['Trigger On'],
	},
];

/** Every operation as it is when it is freshly chosen; the labels follow from the description of its node. */
function panelsOf(type: string, node: ActionNode): Panel[] {
	const properties = describe(node);
	return node.resources.flatMap(({ value: resource, operations }) =>
		operations.map(({ value: operation }) => ({
			name: `${type}-${resource}-${operation}`,
			type,
			parameters: () => ({ resource, operation }),
			labels: labelsOf(properties, { resource, operation }),
		})),
	);
}

function labelsOf(properties: INodeProperties[], given: INodeParameters): string[] {
	const node = { typeVersion: 1 };
	const values = NodeHelpers.getNodeParameters(properties, given, true, false, node, null) ?? {};
	return properties
		.filter((property) => !['notice', 'hidden'].includes(property.type) && NodeHelpers.displayParameter(values, property, node, null))
		.map(({ displayName }) => displayName);
}

const all = process.env.ALL_PANELS;
const panels = all ? [...panelsOf('timelinesAi', timelinesAi), ...panelsOf('timelinesAiPartner', timelinesAiPartner)] : chosenPanels;

function nodeOf({ name, type = 'timelinesAi', parameters }: Panel, index: number, credential?: Credential): INode {
	return {
		id: `5b8e1c0a-58d5-4c39-8f0e-3a6a5f0c9d${String(index).padStart(2, '0')}`,
		name,
		type: `n8n-nodes-timelinesai.${type}`,
		typeVersion: versionOf(type),
		position: [(index % 10) * 300, Math.floor(index / 10) * 220],
		parameters: parameters(),
		...(credential && { credentials: { [credential.type]: { id: credential.id, name: credential.name } } }),
	};
}

before(async () => {
	run = await openEndToEnd(__filename);
	const { client, credential, sandbox } = run;
	const { id, secret } = sandbox.partner;
	const partner = await client.createCredential('timelinesAiPartnerApi', 'TimelinesAI Partner', { partnerId: id, partnerSecret: secret, baseUrl: sandbox.partnerApiUrl });
	// High enough for the longest panel.
	await run.editor.setViewportSize({ width: 1440, height: 1100 });
	const nodes = panels.map((panel, index) => nodeOf(panel, index, panel.type?.includes('Partner') ? partner : credential));
	workflow = await client.createWorkflow({ name: 'Panels', nodes, connections: {} });
});
after(endAll);

for (const theme of all ? [all] : ['light', 'dark']) {
	test(`the editor is ${theme}`, async () => {
		const { editor, n8n } = run;
		await editor.evaluate((name) => localStorage.setItem('N8N_THEME', name), theme);
		await editor.goto(`${n8n.origin}/workflow/${workflow.id}`);
		await canvasNode(editor, panels[0]?.name ?? '').waitFor();
	});

	for (const panel of panels) {
		test(`the panel of ${panel.name} in ${theme}`, async () => {
			const { editor } = run;
			try {
				await canvasNode(editor, panel.name).dblclick();
				const parameters = part(editor, 'node-parameters');
				await parameters.getByText(panel.labels.at(-1) ?? '', { exact: true }).first().waitFor();
				if (panel.shows) await editor.getByText(panel.shows).first().waitFor();
				await eventually('the fields are loaded', async () => (await parameters.getByText('Loading fields...').count()) === 0);
				await editor.waitForLoadState('networkidle');

				const lines = (await parameters.innerText()).split('\n').map((line) => line.trim());
				const places = panel.labels.map((label) => lines.indexOf(label));
				assert.deepEqual(panel.labels.filter((_, index) => places[index] === -1), [], `labels that are missing among: ${lines.join(' | ')}`);
				assert.deepEqual([...places].sort((a, b) => a - b), places, `the order of the fields: ${lines.join(' | ')}`);

				await takePicture(editor, `panel-${panel.name}-${theme}`);
				if (!all) await updateImage(editor, `panels/${panel.name}-${theme}`, (await parameters.boundingBox()) ?? undefined);
			} finally {
				await editor.keyboard.press('Escape');
				await part(editor, 'ndv').waitFor({ state: 'hidden' });
			}
		});
	}
}

test('every request keeps to the contract of the API', () => assertNoBreach(run));
