/** Deliveries that no TimelinesAI would make: huge, deeply nested, broken, poisoned. Each ends with an answer, and n8n goes on. */
import * as fc from 'fast-check';
import { type IDataObject } from 'n8n-workflow';
import { events } from '../../nodes/TimelinesAiTrigger/events';
import { sampleOf } from '../../nodes/TimelinesAiTrigger/samples';
import { logs, type TriggerHarness } from '../harness';
import { anything, factor, seed, watched } from './hostileKit';
import { useSandbox } from './kit';
import { deliveryTo, startRun, triggerOf } from './triggerKit';

const sandbox = useSandbox();
const parameters = { events: ['message:received:new'], filters: { text: '(a+)+$' } };
const sample = sampleOf(events.find(({ value }) => value === 'message:received:new')!) as Record<string, IDataObject>;

async function published(given = {}): Promise<{ trigger: TriggerHarness; query: Record<string, string> }> {
	const trigger = triggerOf(sandbox(), given);
	await trigger.activate();
	return { trigger, ...deliveryTo(sandbox().world.subscriptions()[0]!) };
}

const withText = (text: unknown) => ({ ...sample, message: { ...sample.message, text } });

it('takes a message of 10 MB as it is', async () => {
	const { trigger, query } = await published({ events: ['message:received:new'] });
	const text = 'x'.repeat(10_000_000);

	const delivery = await trigger.deliver({ body: withText(text), query });

	expect(delivery.status).toBe(200);
	const { items } = await startRun(sandbox(), delivery.workflowData);
	expect(items.map(({ json: { text: got } }) => got === text)).toEqual([true]);
	// What is remembered of an event does not grow with it.
	expect(JSON.stringify(trigger.nodeStaticData).length).toBeLessThan(2_000);
});

it('takes a message in which something is nested 2,000 deep', async () => {
	const { trigger, query } = await published({ events: ['message:received:new'] });
	const body = JSON.stringify({ ...sample, more: 'DEEP' }).replace('"DEEP"', `${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`);

	const delivery = await trigger.deliver({ rawBody: body, query });

	expect(delivery).toMatchObject({ status: 200, error: undefined });
	expect(delivery.workflowData?.[0]).toHaveLength(1);
});

it('takes invalid UTF-8 for what Unicode puts in its place', async () => {
	const { trigger, query } = await published({ events: ['message:received:new'] });
	const [before = '', after = ''] = JSON.stringify(withText('BROKEN')).split('BROKEN');

	const delivery = await trigger.deliver({ rawBody: Buffer.concat([Buffer.from(before), Buffer.from([0xff, 0xc0, 0x80]), Buffer.from(after)]), query });

	const { items } = await startRun(sandbox(), delivery.workflowData);
	expect(items[0]?.json.text).toBe('\ufffd\ufffd\ufffd');
});

it.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])('an event called %s is none', async (name) => {
	const { trigger, query } = await published({ events: ['message:received:new'] });

	const delivery = await trigger.deliver({ body: { ...sample, event_type: name }, query });

	expect(delivery).toMatchObject({ status: 400, workflowData: undefined, error: undefined });
});

it('whatever the parts of an event are, it is answered, and no object changes', async () => {
	const { trigger, query } = await published(parameters);
	const part = fc.oneof({ weight: 1, arbitrary: fc.constantFrom(...Object.values(sample)) }, { weight: 2, arbitrary: anything });
	const bodies = fc.record({ event_type: fc.constantFrom('message:received:new', 'chat:new', '__proto__'), message: part, chat: part, whatsapp_account: part });

	await watched(async () => {
		await fc.assert(
			fc.asyncProperty(bodies, async (body) => {
				const text = JSON.stringify(body, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));

				const delivery = await trigger.deliver({ rawBody: text, query });

				expect(delivery).toMatchObject({ ended: true, error: undefined });
				expect([200, 400]).toContain(delivery.status);
				if (delivery.workflowData?.[0]?.length) await startRun(sandbox(), delivery.workflowData, parameters);
			}),
			{ seed, numRuns: 60 * factor },
		);
	});
	expect(JSON.stringify(logs)).not.toContain(sandbox().token);
}, 60_000 * factor);
