/** What the tests of the trigger have in common: the node inside n8n's hooks, and the first step of the execution that it starts. */
import { type INodeExecutionData, type INodeParameters } from 'n8n-workflow';
import { TimelinesAiApi } from '../../credentials/TimelinesAiApi.credentials';
import { TimelinesAiTrigger } from '../../nodes/TimelinesAiTrigger/TimelinesAiTrigger.node';
import { type NodeRun, type NodeRunResult, runNode, TriggerHarness, type TriggerSetup } from '../harness';
import { type Sandbox, type Webhook } from '../sandbox';
import { credentialsOf } from './kit';

const node = new TimelinesAiTrigger();

const setup = (sandbox: Sandbox, parameters: INodeParameters) => ({
	node,
	parameters,
	credentials: credentialsOf(sandbox),
	credentialTypes: [new TimelinesAiApi()],
});

/** The trigger in a workflow; nothing has been activated yet. */
export const triggerOf = (sandbox: Sandbox, parameters: INodeParameters = {}, more: Partial<TriggerSetup> = {}): TriggerHarness =>
	new TriggerHarness({ ...setup(sandbox, parameters), ...more });

/** The first step of the execution that a delivery starts: the trigger turns what arrived into what the workflow sees. */
export async function startRun(
	sandbox: Sandbox,
	workflowData: INodeExecutionData[][] | undefined,
	parameters: INodeParameters = {},
	more: Partial<NodeRun> = {},
): Promise<NodeRunResult> {
	expect(workflowData).toBeDefined();
	return await runNode({ ...setup(sandbox, parameters), items: workflowData?.[0], mode: 'webhook', ...more });
}

/** The trigger's panel, for one of its option lists. */
export const editorOf = (sandbox: Sandbox, parameters: INodeParameters, method: string) => ({ ...setup(sandbox, parameters), method });

/** The part of the webhook's path that n8n keeps for the node, which tells triggers apart. */
export const webhookIdOf = (trigger: TriggerHarness): string => trigger.url().split('/').at(-2) ?? '';

/** The URL of a subscription, in the parts that a delivery needs. */
export function deliveryTo({ url }: Pick<Webhook, 'url'>): { query: Record<string, string> } {
	return { query: Object.fromEntries(new URL(url).searchParams) };
}

/** The events that somebody is subscribed to, sorted. */
export const subscribedTo = (sandbox: Sandbox): string[] => sandbox.world.subscriptions().map(({ eventType }) => eventType).sort();
