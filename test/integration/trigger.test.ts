/** The trigger from activation to what the workflow sees, in real n8n-core against the sandbox. */
import { useSandbox } from './kit';
import { startRun, subscribedTo, triggerOf } from './triggerKit';

const sandbox = useSandbox();

describe('TimelinesAI Trigger', () => {
	it('starts the workflow for a message that a customer writes, and leaves nothing behind', async () => {
		const trigger = triggerOf(sandbox());
		await trigger.listen();
		await trigger.activate();
		expect(subscribedTo(sandbox())).toEqual(['message:received:new']);

		const message = sandbox().customerWrites({ phone: '+14155550123', name: 'Dana', text: 'Where is my order?' });
		await sandbox().settled();
		const [delivery] = trigger.deliveries;
		const { items } = await startRun(sandbox(), delivery?.workflowData);

		expect(trigger.deliveries).toHaveLength(1);
		expect(items.map(({ json }) => json)).toEqual([
			{
				event: 'message:received:new',
				chatId: message.chat.id,
				chatName: 'Dana',
				isGroup: false,
				phone: '+14155550123',
				direction: 'received',
				text: 'Where is my order?',
				messageUid: message.uid,
				sentAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0[23]:00$/),
				senderName: 'Dana',
				whatsappPhone: sandbox().world.defaultAccount().phone,
				responsible: null,
				chatUrl: `https://app.timelines.ai/chat/${message.chat.id}/messages/`,
				attachments: [],
				origin: 'synced from WhatsApp',
				replyToUid: null,
				receivedAt: expect.stringMatching(/^\d{4}-.*Z$/),
			},
		]);

		await trigger.deactivate();
		expect(subscribedTo(sandbox())).toEqual([]);
		await trigger.close();
	});

	it('still works after n8n was restarted, which calls none of its hooks', async () => {
		const before = triggerOf(sandbox());
		await before.listen();
		await before.activate();
		const [subscription] = sandbox().world.subscriptions();
		await before.close();

		const after = before.restart();
		const { query } = { query: Object.fromEntries(new URL(subscription!.url).searchParams) };
		const delivery = await after.deliver({ body: { event_type: 'message:received:new', message: { message_uid: 'a' } }, query });

		expect(delivery.status).toBe(200);
		expect(delivery.workflowData).toHaveLength(1);
	});
});
