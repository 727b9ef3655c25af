/** The reaction operations of both kinds of chats, in real n8n against the sandbox. */
import { type Message } from '../sandbox';
import { explainsRefusals, jsonOf, onlyRequest, refusesBeforeAnyRequest, run, useSandbox } from './kit';

const sandbox = useSandbox();

const missing = { messageUid: 'no-such-message' };

describe.each([
	['reaction', '/messages', (): Message => sandbox().world.addMessage(sandbox().world.addChat({ name: 'Dana' }))],
	['wabaReaction', '/waba/messages', (): Message => sandbox().world.addMessage(sandbox().world.addWabaChat({ name: 'Dana' }))],
])('%s', (resource, path, aMessage) => {
	it.each(['👍', '🇩🇪', '👩🏽‍💻', '1️⃣'])('sets %s from the number of the chat', async (reaction) => {
		const message = aMessage();

		const [json] = jsonOf(await run(sandbox(), `${resource}.set`, { messageUid: message.uid, reaction }));

		expect(json).toEqual({ messageUid: message.uid, reaction });
		expect(onlyRequest(sandbox(), `PATCH ${path}/{message_uid}/reactions`).body).toEqual({ reaction });
		expect(message.reactions).toMatchObject([{ emoji: reaction, own: true }]);
	});

	it('takes its own reaction back and leaves those of others', async () => {
		const message = aMessage();
		message.reactions = [{ name: 'Dana', phone: '+14155550123', emoji: '😀', own: false }];
		await run(sandbox(), `${resource}.set`, { messageUid: message.uid, reaction: '👍' });

		const [json] = jsonOf(await run(sandbox(), `${resource}.remove`, { messageUid: message.uid }));

		expect(json).toEqual({ messageUid: message.uid, reaction: null });
		expect(message.reactions.map(({ emoji }) => emoji)).toEqual(['😀']);
	});

	it('tells who reacted how', async () => {
		const message = aMessage();
		message.reactions = [{ name: 'Dana', phone: '+14155550123', emoji: '😀', own: false }];

		const [json] = jsonOf(await run(sandbox(), `${resource}.get`, { messageUid: message.uid }));

		expect(json).toEqual({
			messageUid: message.uid,
			users: [{ name: 'Dana', phone: '+14155550123', reaction: '😀', current: false }],
			reactions: { '😀': 1 },
			total: 1,
		});
	});

	explainsRefusals(sandbox, [
		[`${resource}.get`, `GET ${path}/{message_uid}/reactions`, missing],
		[`${resource}.set`, `PATCH ${path}/{message_uid}/reactions`, { ...missing, reaction: '👍' }],
		[`${resource}.remove`, `PATCH ${path}/{message_uid}/reactions`, missing],
	]);

	refusesBeforeAnyRequest(sandbox, [
		[`${resource}.set`, { ...missing, reaction: '={{ $json.nothing }}' }, '“Reaction” is empty'],
		[`${resource}.set`, { ...missing, reaction: '👍👍' }, '“👍👍” is not one emoji'],
		[`${resource}.set`, { ...missing, reaction: 'ok' }, '“ok” is not one emoji'],
		[`${resource}.set`, { ...missing, reaction: '7' }, '“7” is not one emoji'],
		[`${resource}.remove`, { messageUid: 'a/b' }, '“a/b” is not a valid message UID: it must be letters, digits, dashes and underscores only'],
		[`${resource}.get`, { messageUid: '={{ $json.nothing }}' }, '“Message UID” is empty'],
	]);
});

it('explains that a number cannot react', async () => {
	const { world } = sandbox();
	const account = world.addAccount({ phone: '+302105550099', canReact: false });
	const message = world.addMessage(world.addChat({ account }));

	const { error } = await run(sandbox(), 'reaction.set', { messageUid: message.uid, reaction: '👍' });

	expect(error).toMatchObject({ httpCode: '405', context: { errorCode: 'not_supported' } });
	expect(error?.description).toContain('The WhatsApp number of this chat cannot react to messages.');
});
