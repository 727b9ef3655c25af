/** The example workflows are made of nodes as they are now: an editor does not know a node in a version that there is not. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type INode } from 'n8n-workflow';
import { TimelinesAi } from '../../nodes/TimelinesAi/TimelinesAi.node';
import { TimelinesAiPartner } from '../../nodes/TimelinesAiPartner/TimelinesAiPartner.node';
import { TimelinesAiPartnerTrigger } from '../../nodes/TimelinesAiPartnerTrigger/TimelinesAiPartnerTrigger.node';
import { TimelinesAiPollingTrigger } from '../../nodes/TimelinesAiPollingTrigger/TimelinesAiPollingTrigger.node';
import { TimelinesAiTrigger } from '../../nodes/TimelinesAiTrigger/TimelinesAiTrigger.node';

const root = join(__dirname, '..', '..');
const workflows = ['test/demo/workflow.json', ...readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.json')).map((name) => `examples/${name}`)];
const nodes = [TimelinesAi, TimelinesAiPartner, TimelinesAiPartnerTrigger, TimelinesAiPollingTrigger, TimelinesAiTrigger].map((Node) => new Node().description);
const versions = new Map(nodes.flatMap(({ name, version }) => [[`n8n-nodes-timelinesai.${name}`, version], [`n8n-nodes-timelinesai.${name}Tool`, version], [`n8n-nodes-timelinesai.${name}HitlTool`, version]]));

it.each(workflows)('%s has nodes in their present version', (file) => {
	const workflow = JSON.parse(readFileSync(join(root, file), 'utf8')) as { nodes: INode[] };
	const ours = workflow.nodes.filter(({ type }) => type.startsWith('n8n-nodes-timelinesai.'));

	expect(ours.length).toBeGreaterThan(0);
	expect(ours.map(({ name, typeVersion }) => [name, typeVersion])).toEqual(ours.map(({ name, type }) => [name, versions.get(type)]));
});
