/** The operations on webhook subscriptions, in real n8n against the sandbox. */
import { TimelinesAi } from '../../nodes/TimelinesAi/TimelinesAi.node';
import { eventTypes } from '../sandbox';
import { byId, explainsRefusals, jsonOf, onlyRequest, refusesBeforeAnyRequest, run, search, useSandbox } from './kit';

const sandbox = useSandbox();

const url = 'https://acme.com/timelines';
const missing = { webhookId: byId(4711) };

describe('webhook', () => {
	it('creates one for an event, and gives the same one for the same event and URL', async () => {
		const [json] = jsonOf(await run(sandbox(), 'webhook.create', { eventType: 'message:new', url }));
		const [again] = jsonOf(await run(sandbox(), 'webhook.create', { eventType: 'message:new', url }));

		expect(json).toEqual({ webhookId: expect.any(Number), eventType: 'message:new', url, enabled: true, errorsCounter: 0 });
		expect(again).toEqual(json);
		expect(sandbox().requests[0]?.body).toEqual({ event_type: 'message:new', url, enabled: true });
	});

	it('repeats a creation whose answer was lost, since that makes no second one', async () => {
		sandbox().faults.add({ kind: 'resetAfter', match: 'POST /webhooks', times: 1 });

		const [json] = jsonOf(await run(sandbox(), 'webhook.create', { eventType: 'chat:new', url, enabled: false }));

		expect(json).toMatchObject({ eventType: 'chat:new' });
		expect(sandbox().world.subscriptions()).toHaveLength(1);
	});

	it.each([
		[{ enabled: false }, { enabled: false }],
		[{ eventType: 'chat:new', url }, { event_type: 'chat:new', url }],
	])('updates %j and sends nothing else', async (updateFields, body) => {
		const webhook = sandbox().world.addWebhook({ eventType: 'message:new', url: 'https://acme.com/old' });

		const [json] = jsonOf(await run(sandbox(), 'webhook.update', { webhookId: byId(webhook.id), updateFields }));

		expect(json).toMatchObject({ webhookId: webhook.id, ...updateFields });
		expect(onlyRequest(sandbox(), 'PUT /webhooks/{webhook_id}').body).toEqual(body);
	});

	it('gives one, lists them and deletes one', async () => {
		const { world } = sandbox();
		const [first, second] = ['message:new', 'chat:new'].map((eventType) => world.addWebhook({ eventType, url, errorsCounter: 3 }));

		expect(jsonOf(await run(sandbox(), 'webhook.get', { webhookId: byId(first?.id ?? 0) }))).toMatchObject([{ webhookId: first?.id, errorsCounter: 3 }]);
		expect(jsonOf(await run(sandbox(), 'webhook.getAll', { limit: 1 }))).toHaveLength(1);
		expect(jsonOf(await run(sandbox(), 'webhook.delete', { webhookId: byId(first?.id ?? 0) }))).toEqual([{ webhookId: first?.id, deleted: true }]);
		expect(jsonOf(await run(sandbox(), 'webhook.getAll', { returnAll: true })).map(({ webhookId }) => webhookId)).toEqual([second?.id]);
	});

	it('says so when the workspace has no subscription left', async () => {
		sandbox().world.subscriptionLimit = 0;

		const { error } = await run(sandbox(), 'webhook.create', { eventType: 'message:new', url });

		expect(error?.message).toBe('The limit of 0 webhooks per workspace is reached');
	});

	it('offers every event, and warns that the trigger manages its own', () => {
		const { properties } = new TimelinesAi().description;
		const of = (name: string, operation: string) =>
			properties.find((property) => property.name === name && property.displayOptions?.show?.resource?.includes('webhook') && property.displayOptions.show.operation?.includes(operation));

		expect(of('eventType', 'create')?.options?.map((option) => 'value' in option && option.value).sort()).toEqual([...eventTypes].sort());
		for (const operation of ['create', 'update', 'delete']) expect(of('webhookNotice', operation)).toMatchObject({ type: 'notice' });
	});

	it('is found in the list of the editor', async () => {
		const { id } = sandbox().world.addWebhook({ eventType: 'message:new', url, enabled: false });

		expect((await search(sandbox(), 'searchWebhooks')).results).toEqual([{ name: `message:new (${url}, disabled)`, value: String(id) }]);
	});

	explainsRefusals(sandbox, [
		['webhook.get', 'GET /webhooks/{webhook_id}', missing],
		['webhook.update', 'PUT /webhooks/{webhook_id}', { ...missing, updateFields: { enabled: true } }],
		['webhook.delete', 'DELETE /webhooks/{webhook_id}', missing],
		['webhook.create', 'POST /webhooks', { url }],
		['webhook.getAll', 'GET /webhooks'],
	]);

	refusesBeforeAnyRequest(sandbox, [
		['webhook.create', { url: '={{ $json.nothing }}' }, '“URL” is empty'],
		['webhook.create', { url: 'acme.com/hook' }, '“acme.com/hook” is not a URL'],
		['webhook.create', { url: `https://acme.com/${'x'.repeat(4096)}` }, /at most 4096 are allowed/],
		['webhook.update', { ...missing, updateFields: { url: 'ftp://acme.com' } }, '“ftp://acme.com” is not a URL'],
		['webhook.update', missing, 'Nothing to update'],
		['webhook.get', { webhookId: byId('x') }, '“x” is not a valid webhook ID: it must be a whole number'],
	]);
});
