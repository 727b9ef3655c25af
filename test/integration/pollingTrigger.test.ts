/** The polling trigger in real n8n-core against the sandbox: what changes between two polls starts the workflow, once. */
import fc from 'fast-check';
import { commonPollingParameters } from 'n8n-core/dist/nodes-loader/constants';
import { type IDataObject, type INodeParameters } from 'n8n-workflow';
import { TimelinesAiApi } from '../../credentials/TimelinesAiApi.credentials';
import { changeKinds } from '../../nodes/TimelinesAiPollingTrigger/changes';
import { TimelinesAiPollingTrigger } from '../../nodes/TimelinesAiPollingTrigger/TimelinesAiPollingTrigger.node';
import { loadOptions, type PollResult, TriggerHarness } from '../harness';
import { credentialsOf, routes, useSandbox } from './kit';

const sandbox = useSandbox({ speed: { sentMs: 5, deliveredMs: 5, readMs: 5 } });

const node = new TimelinesAiPollingTrigger();
// n8n adds the poll times to the panel of every polling trigger when it loads it.
node.description.properties.unshift(...commonPollingParameters);

const setup = (parameters: INodeParameters) => ({
	node,
	parameters,
	credentials: credentialsOf(sandbox()),
	credentialTypes: [new TimelinesAiApi()],
});

/** A published trigger: n8n has made its first poll. */
async function published(parameters: INodeParameters): Promise<TriggerHarness> {
	const trigger = new TriggerHarness(setup(parameters));
	const first = await trigger.activate();
	expect(first).toEqual({ workflowData: null });
	sandbox().requests.length = 0;
	return trigger;
}

const jsonOf = ({ workflowData, error }: PollResult): IDataObject[] => {
	expect(error).toBeUndefined();
	return (workflowData?.[0] ?? []).map(({ json }) => json);
};

const all = changeKinds.map(({ value }) => value);
const chatEvents = all.filter((event) => event.startsWith('chat:'));

describe('chats', () => {
	it('that are closed, reopened, renamed and labelled, with what was before', async () => {
		const chat = sandbox().world.addChat({ name: 'Dana', phone: '+14155550123', labels: ['customer', 'new'] });
		const trigger = await published({ events: chatEvents });

		Object.assign(chat, { closed: true, name: 'Dana Miller', labels: ['customer', 'vip'] });
		const first = jsonOf(await trigger.poll());
		chat.closed = false;
		const second = jsonOf(await trigger.poll());

		const common = { chatId: chat.id, name: 'Dana Miller', phone: '+14155550123', labels: ['customer', 'vip'] };
		expect(first).toMatchObject([
			{ event: 'chat:closed', ...common, closed: true },
			{ event: 'chat:renamed', ...common, previousName: 'Dana' },
			{ event: 'chat:labels:changed', ...common, addedLabels: ['vip'], removedLabels: ['new'] },
		]);
		expect(second).toMatchObject([{ event: 'chat:reopened', ...common, closed: false }]);
		expect(jsonOf(await trigger.poll())).toEqual([]);
	});

	it('give only the changes that are chosen', async () => {
		const chat = sandbox().world.addChat({ name: 'Dana' });
		const trigger = await published({ events: ['chat:renamed'] });

		Object.assign(chat, { closed: true, name: 'Dana Miller' });

		expect(jsonOf(await trigger.poll()).map(({ event }) => event)).toEqual(['chat:renamed']);
	});

	it('that are new are learned; labels in another order are no change', async () => {
		const chat = sandbox().world.addChat({ labels: ['a', 'b'] });
		const trigger = await published({ events: chatEvents });

		chat.labels = ['b', 'a'];
		const newcomer = sandbox().world.addChat({ closed: true, name: 'New' });
		expect(jsonOf(await trigger.poll())).toEqual([]);
		newcomer.closed = false;

		expect(jsonOf(await trigger.poll())).toMatchObject([{ event: 'chat:reopened', name: 'New' }]);
	});

	it('raw: what the API sent', async () => {
		const chat = sandbox().world.addChat({ name: 'Dana' });
		const trigger = await published({ events: ['chat:renamed'], output: 'raw' });

		chat.name = 'Dana Miller';

		expect(jsonOf(await trigger.poll())).toEqual([
			{ event: 'chat:renamed', previousName: 'Dana', data: expect.objectContaining({ id: chat.id, is_group: false, chat_url: `/chat/${chat.id}/messages/` }) as unknown },
		]);
	});

	it('of a large workspace are all looked at after some polls, with never more requests than allowed', async () => {
		const chats = sandbox().world.addChats(420);
		const trigger = await published({ events: ['chat:closed'], options: { maxRequests: 4 } });
		for (let polls = 0; polls < 4; polls++) await trigger.poll();
		for (const chat of chats) chat.closed = true;

		const found: unknown[] = [];
		for (let polls = 0; polls < 5; polls++) {
			sandbox().requests.length = 0;
			found.push(...jsonOf(await trigger.poll()).map(({ chatId }) => chatId));
			expect(sandbox().requests.length).toBeLessThanOrEqual(4);
		}

		expect(found.length).toBe(420);
		expect(new Set(found).size).toBe(420);
	});
});

describe('files', () => {
	it('that are uploaded after the first poll', async () => {
		sandbox().world.addFile({ filename: 'old.pdf' });
		const trigger = await published({ events: ['file:uploaded'] });

		const file = sandbox().world.addFile({ filename: 'new.pdf', content: 'new' });

		expect(jsonOf(await trigger.poll())).toMatchObject([{ event: 'file:uploaded', fileUid: file.uid, filename: 'new.pdf', size: 3, uploadedAt: expect.stringMatching(/^\d{4}-.*T/) as unknown }]);
		sandbox().world.files.delete(file.uid);
		expect(jsonOf(await trigger.poll())).toEqual([]);
		expect(routes(sandbox())).toEqual(['GET /files', 'GET /files']);
	});

	it('are found even where the workspace had none before', async () => {
		const trigger = await published({ events: ['file:uploaded'] });

		sandbox().world.addFile({ filename: 'first.pdf' });

		expect(jsonOf(await trigger.poll())).toMatchObject([{ filename: 'first.pdf' }]);
	});
});

describe('messages', () => {
	const parameters = { events: ['message:status:changed'] };

	it('report each status that a poll sees, with the one before', async () => {
		const chat = sandbox().world.addChat({ name: 'Dana' });
		sandbox().world.addMessage(chat, { at: sandbox().world.clock.now() - 60_000 });
		const trigger = await published(parameters);

		const message = sandbox().world.addMessage(chat, { fromMe: true, text: 'On its way', status: 'Sent' });
		const sent = jsonOf(await trigger.poll());
		message.status = 'Read';
		const read = jsonOf(await trigger.poll());

		expect(sent).toMatchObject([{ event: 'message:status:changed', messageUid: message.uid, chatId: chat.id, text: 'On its way', direction: 'sent', status: 'Sent', previousStatus: null }]);
		expect(read).toMatchObject([{ messageUid: message.uid, status: 'Read', previousStatus: 'Sent' }]);
		expect(jsonOf(await trigger.poll())).toEqual([]);
	});

	it('are followed although the contact has written since', async () => {
		const chat = sandbox().world.addChat();
		const message = sandbox().world.addMessage(chat, { fromMe: true, status: 'Sent' });
		const trigger = await published(parameters);

		sandbox().world.addMessage(chat, { text: 'Thanks' });
		await trigger.poll();
		message.status = 'Failed';

		expect(jsonOf(await trigger.poll())).toMatchObject([{ messageUid: message.uid, status: 'Failed', previousStatus: 'Sent' }]);
	});

	it('that were sent before the first poll are learned, and incoming ones and notes are none', async () => {
		const chat = sandbox().world.addChat();
		sandbox().world.addMessage(chat, { fromMe: true, status: 'Delivered', at: sandbox().world.clock.now() - 3_600_000 });
		const trigger = await published(parameters);

		sandbox().world.addMessage(chat, { text: 'Hello?' });
		sandbox().world.addMessage(chat, { fromMe: true, type: 'note', status: 'Sent' });

		expect(jsonOf(await trigger.poll())).toEqual([]);
	});

	it('give only the statuses that are chosen, in whatever case the API writes them', async () => {
		const chat = sandbox().world.addChat();
		const message = sandbox().world.addMessage(chat, { fromMe: true, status: 'Sent' });
		const trigger = await published({ ...parameters, statuses: ['Failed'] });

		message.status = 'delivered';
		expect(jsonOf(await trigger.poll())).toEqual([]);
		message.status = 'failed';
		expect(jsonOf(await trigger.poll())).toMatchObject([{ status: 'failed', previousStatus: 'delivered' }]);
	});

	it('are forgotten when they are older than the hours that are set', async () => {
		const chat = sandbox().world.addChat();
		const message = sandbox().world.addMessage(chat, { fromMe: true, status: 'Sent', at: Date.now() - 2 * 3_600_000 });
		const trigger = await published({ ...parameters, hours: 1 });

		message.status = 'Read';

		expect(jsonOf(await trigger.poll())).toEqual([]);
		expect(routes(sandbox())).toEqual(['GET /chats']);
	});

	it('of more chats than a poll may read are found by the polls that follow', async () => {
		const now = Date.now();
		const messages = Array.from({ length: 12 }, (_, index) =>
			sandbox().world.addMessage(sandbox().world.addChat(), { fromMe: true, status: 'Sent', at: now - (index + 1) * 60_000 }),
		);
		const trigger = await published({ ...parameters, options: { maxRequests: 8 } });
		for (let polls = 0; polls < 3; polls++) expect(jsonOf(await trigger.poll())).toEqual([]);
		for (const message of messages) message.status = 'Read';

		const found: unknown[] = [];
		for (let polls = 0; polls < 3; polls++) {
			sandbox().requests.length = 0;
			found.push(...jsonOf(await trigger.poll()).map(({ messageUid }) => messageUid));
			expect(sandbox().requests.length).toBeLessThanOrEqual(8);
		}

		expect([...found].sort()).toEqual(messages.map(({ uid }) => uid).sort());
	});
});

describe('webhook subscriptions', () => {
	const parameters = { events: ['webhook:disabled', 'webhook:vanished', 'webhook:failing'] };

	it('that were disabled, vanished or keep failing, without the secrets in their URLs', async () => {
		const { world } = sandbox();
		const [disabled, vanished, failing] = ['a', 'b', 'c'].map((name) => world.addWebhook({ eventType: 'message:new', url: `https://n8n.example.com/${name}?n8n_secret=hidden` }));
		const trigger = await published(parameters);

		disabled!.enabled = false;
		vanished!.deleted = true;
		failing!.errorsCounter = 3;
		const changes = jsonOf(await trigger.poll());

		expect(changes).toEqual([
			{ event: 'webhook:disabled', webhookId: disabled!.id, eventType: 'message:new', url: 'https://n8n.example.com/a', enabled: false, errorsCounter: 0 },
			{ event: 'webhook:failing', webhookId: failing!.id, eventType: 'message:new', url: 'https://n8n.example.com/c', enabled: true, errorsCounter: 3 },
			{ event: 'webhook:vanished', webhookId: vanished!.id, eventType: 'message:new', url: 'https://n8n.example.com/b' },
		]);
		expect(jsonOf(await trigger.poll())).toEqual([]);
		expect(JSON.stringify(trigger.staticData)).not.toContain('hidden');
	});

	it('do not show their secrets in raw output either', async () => {
		const webhook = sandbox().world.addWebhook({ eventType: 'message:new', url: 'https://n8n.example.com/a?n8n_secret=hidden' });
		const trigger = await published({ ...parameters, output: 'raw' });

		webhook.enabled = false;

		expect(jsonOf(await trigger.poll())).toEqual([
			{ event: 'webhook:disabled', data: { id: webhook.id, event_type: 'message:new', enabled: false, url: 'https://n8n.example.com/a', errors_counter: 0 } },
		]);
	});

	it('count as failing again after they had recovered, from the number that is set', async () => {
		const webhook = sandbox().world.addWebhook({ eventType: 'message:new', url: 'https://n8n.example.com/a' });
		const trigger = await published({ ...parameters, options: { failures: 10 } });

		const seen = [];
		for (const errorsCounter of [9, 10, 11, 0, 10]) {
			webhook.errorsCounter = errorsCounter;
			seen.push(jsonOf(await trigger.poll()).length);
		}

		expect(seen).toEqual([0, 1, 0, 0, 1]);
	});

	it('of test listening, which come and go, are left out', async () => {
		const test = sandbox().world.addWebhook({ eventType: 'message:new', url: 'https://n8n.example.com/webhook-test/1/webhook?n8n_secret=x' });
		const trigger = await published(parameters);

		test.deleted = true;

		expect(jsonOf(await trigger.poll())).toEqual([]);
	});
});

describe('a poll', () => {
	it('that fails changes nothing and says why; the next one finds what happened', async () => {
		const chat = sandbox().world.addChat();
		const trigger = await published({ events: ['chat:closed', 'file:uploaded', 'webhook:vanished'] });
		chat.closed = true;
		sandbox().world.addFile({ filename: 'new.pdf' });
		sandbox().faults.add({ kind: 'status', status: 403, body: { status: 'error', message: 'Not now' }, match: 'GET /webhooks', times: 1 });

		const failed = await trigger.poll();
		const next = jsonOf(await trigger.poll());

		expect(failed).toMatchObject({ workflowData: null, error: { message: 'Not now' } });
		expect(next.map(({ event }) => event)).toEqual(['chat:closed', 'file:uploaded']);
	});

	it('never misses and never invents a change, whatever happens between polls', async () => {
		const action = fc.oneof(
			{ weight: 3, arbitrary: fc.record({ kind: fc.constant('change' as const), chat: fc.nat(3), closed: fc.boolean(), name: fc.constantFrom('A', 'B'), labels: fc.subarray(['x', 'y']) }) },
			{ weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('poll' as const, 'failingPoll' as const, 'restart' as const) }) },
		);
		await fc.assert(
			fc.asyncProperty(fc.array(action, { maxLength: 15 }), async (actions) => {
				await sandbox().reset();
				const chats = Array.from({ length: 4 }, () => sandbox().world.addChat({ name: 'A' }));
				/** The chats as somebody knows them who hears of nothing but the changes. */
				const told = new Map(chats.map(({ id, closed, name, labels }) => [id, { closed, name, labels: [...labels] }]));
				let trigger = await published({ events: chatEvents });
				const hear = (result: PollResult) => {
					for (const { event, chatId, name, closed, labels, previousName, addedLabels, removedLabels } of jsonOf(result)) {
						const chat = told.get(Number(chatId))!;
						if (event === 'chat:closed' || event === 'chat:reopened') {
							expect(chat.closed).toBe(event === 'chat:reopened');
							chat.closed = closed === true;
						}
						if (event === 'chat:renamed') {
							expect(chat.name).toBe(previousName);
							chat.name = String(name);
						}
						if (event === 'chat:labels:changed') {
							const kept = chat.labels.filter((label) => !(removedLabels as string[]).includes(label));
							chat.labels = [...kept, ...(addedLabels as string[])].sort();
							expect(chat.labels).toEqual([...(labels as string[])].sort());
						}
					}
				};
				for (const what of actions) {
					if (what.kind === 'change') Object.assign(chats[what.chat]!, { closed: what.closed, name: what.name, labels: what.labels });
					else if (what.kind === 'poll') hear(await trigger.poll());
					else if (what.kind === 'restart') {
						trigger = trigger.restart();
						hear((await trigger.activate('init'))!);
					} else {
						sandbox().faults.add({ kind: 'status', status: 403, body: { status: 'error', message: 'No' }, match: 'GET /chats', times: 1 });
						expect((await trigger.poll()).error?.message).toBe('No');
					}
				}
				hear(await trigger.poll());

				expect([...told.values()]).toEqual(chats.map(({ closed, name, labels }) => ({ closed, name, labels })));
			}),
			{ numRuns: 100 },
		);
	});

	it('after a restart compares with what n8n had saved', async () => {
		const chat = sandbox().world.addChat({ name: 'Dana' });
		const trigger = await published({ events: chatEvents });
		chat.name = 'Dana Miller';
		await trigger.poll();
		chat.closed = true;

		const restarted = trigger.restart();
		const first = await restarted.activate('init');

		expect(jsonOf(first!)).toMatchObject([{ event: 'chat:closed', name: 'Dana Miller' }]);
	});

	it('that would overlap with one under way is left out', async () => {
		const chat = sandbox().world.addChat();
		const trigger = await published({ events: ['chat:closed'] });
		chat.closed = true;
		sandbox().faults.add({ kind: 'slow', ms: 50, match: 'GET /chats', times: 1 });

		const polls = await Promise.all([trigger.poll(), trigger.poll()]);

		expect(polls.flatMap((poll) => jsonOf(poll))).toHaveLength(1);
		expect(routes(sandbox())).toEqual(['GET /chats']);
	});

	it('with the credential of another workspace only learns', async () => {
		sandbox().world.addFile({ filename: 'theirs.pdf' });
		const trigger = await published({ events: ['file:uploaded'] });
		const { memory } = trigger.nodeStaticData as { memory: IDataObject };
		const moved = new TriggerHarness({
			...setup({ events: ['file:uploaded'] }),
			staticData: { 'node:TimelinesAI Polling Trigger': { memory: { ...memory, credential: 'another', files: [] } } },
		});

		expect(await moved.activate()).toEqual({ workflowData: null });
	});

	it('learns what is chosen later, and goes on with the rest', async () => {
		const chat = sandbox().world.addChat();
		sandbox().world.addFile({ filename: 'old.pdf' });
		const trigger = await published({ events: ['chat:closed'] });
		chat.closed = true;

		const first = await trigger.republish({ events: ['chat:closed', 'file:uploaded'] });

		expect(jsonOf(first!)).toMatchObject([{ event: 'chat:closed' }]);
	});

	it.each([
		['nothing', [], 'No change is chosen under “Trigger On”'],
		['what does not exist', ['chat:deleted'], 'There is no change “chat:deleted”'],
	])('for %s is refused when the workflow is published', async (_, events, message) => {
		await expect(new TriggerHarness(setup({ events })).activate()).rejects.toThrow(message);
	});
});

describe('in the editor', () => {
	it('a test gives one of each kind, made of what the workspace has, and what n8n keeps stays as it is', async () => {
		const chat = sandbox().world.addChat({ name: 'Dana', labels: ['vip'] });
		const message = sandbox().world.addMessage(chat, { fromMe: true });
		const file = sandbox().world.addFile();
		const webhook = sandbox().world.addWebhook({ eventType: 'chat:new', url: 'https://n8n.example.com/a?n8n_secret=hidden' });
		const trigger = await published({ events: all });
		const before = JSON.stringify(trigger.staticData);

		const items = (await trigger.pollForTestEvent())?.[0] ?? [];

		expect(items.map(({ json }) => json.event).sort()).toEqual([...all].sort());
		const byEvent = Object.fromEntries(items.map(({ json }) => [json.event, json]));
		expect(byEvent).toMatchObject({
			'chat:closed': { chatId: chat.id, closed: true },
			'chat:reopened': { chatId: chat.id, closed: false },
			'chat:labels:changed': { addedLabels: ['vip'] },
			'file:uploaded': { fileUid: file.uid },
			'message:status:changed': { messageUid: message.uid, previousStatus: 'Sending' },
			'webhook:disabled': { webhookId: webhook.id, enabled: false },
		});
		expect(JSON.stringify(items)).not.toContain('hidden');
		expect(JSON.stringify(trigger.staticData)).toBe(before);
	});

	it('a test in an empty workspace gives nothing', async () => {
		const trigger = await published({ events: all });

		expect(await trigger.pollForTestEvent()).toBeNull();
	});

	it.each<[string[], INodeParameters, string, string]>([
		[['chat:closed'], {}, 'At most 4 requests; 172,800 a month', 'A poll sees 200 chats. A workspace has 200,000 requests a month.'],
		[['file:uploaded'], times({ mode: 'everyHour', minute: 0 }), 'At most 1 request; 720 a month', 'A workspace has 200,000 requests a month.'],
		[['message:status:changed', 'webhook:failing'], times({ mode: 'everyX', value: 5, unit: 'minutes' }), 'At most 4 requests; 34,560 a month', 'A poll sees 100 chats and the messages of one chat. A workspace has 200,000 requests a month.'],
		[['chat:closed'], { ...times({ mode: 'everyX', value: 2, unit: 'hours' }), options: { maxRequests: 10 } }, 'At most 10 requests; 3,600 a month', 'A poll sees 500 chats. A workspace has 200,000 requests a month.'],
		[['chat:closed'], times({ mode: 'custom', cronExpression: '0 9 * * 1' }), 'At most 4 requests', 'A poll sees 200 chats. A workspace has 200,000 requests a month.'],
	])('the panel shows what a poll for %j costs, with %j', async (events, more, name, description) => {
		expect(await loadOptions({ ...setup({ events, ...more }), method: 'getCost' })).toEqual([{ name, value: 'summary', description }]);
	});
});

/** The poll times as the panel stores them. */
function times(time: INodeParameters): INodeParameters {
	return { pollTimes: { item: [time] } };
}
