/** Long lists read under faults while the workspace lives on: what comes out is complete, in order and without duplicates, or an error. */
import { type IDataObject } from 'n8n-workflow';
import { runNode } from '../harness';
import { type Chat, type Sandbox, startSandbox } from '../sandbox';
import { Chance } from './chance';
import { brokenAnswers, delays } from './faults';
import { credentialTypes, packageNode } from './nodes';
import { type ExecutionReport } from './report';

/** How a list can end. */
export type ReadEnding = 'complete' | 'an error in place of a list';

/** What is read: the node's parameters, what the list held at the start, and how the list moves meanwhile. */
interface Reading {
	name: string;
	parameters: IDataObject;
	/** What must come out, in this order, whatever comes out besides. */
	expected(): unknown[];
	idOf(json: IDataObject): unknown;
	/** Something happens in the workspace. */
	live(): void;
}

const readings = [chatsThatMove, historyThatGrows, historyFromTheStart];

/** Reads one list in a workspace of its own. Everything in it follows from the seed. */
export async function readUnderFaults(number: number, seed: number): Promise<ExecutionReport<ReadEnding>> {
	const chance = new Chance(seed);
	const sandbox = await startSandbox({ seed });
	try {
		const entries = chance.integer(0, 600);
		const reading = chance.oneOf(readings as [typeof chatsThatMove, ...typeof readings])(sandbox, entries, chance);
		const perPage = chance.oneOf([0, 0.3, 1]);
		sandbox.faults.seed(seed);
		// No fault, but what goes on while a page is asked for.
		sandbox.faults.add({ kind: 'slow', ms: 0, match: () => { if (chance.happens(perPage)) reading.live(); return false; } });
		for (const fault of [...brokenAnswers, ...delays]) sandbox.faults.add({ ...fault, probability: 0.01 });

		const expected = reading.expected();
		const { items, error } = await runNode({
			node: packageNode('timelinesAi'),
			credentials: { timelinesAiApi: { apiToken: sandbox.token, baseUrl: sandbox.apiUrl } },
			credentialTypes: credentialTypes(),
			parameters: { ...reading.parameters, returnAll: true } as never,
		});
		const found = items.map(({ json }) => reading.idOf(json));
		const wrong = error ? [] : wrongWith(found, expected, reading.expected());
		return {
			title: `reading ${number}: ${entries} entries, ${reading.name}, ${perPage} events a page`,
			endings: wrong.length > 0 ? [] : [error ? 'an error in place of a list' : 'complete'],
			faults: sandbox.requests.flatMap(({ fault }) => fault ?? []),
			violations: [...wrong, ...sandbox.breaches.map(({ message }) => `breach: ${message}`)],
		};
	} finally {
		await sandbox.close();
	}
}

/** @param expected what was there all the time, in the order that it had at the start; @param settled what of it is still in that order at the end */
function wrongWith(found: unknown[], expected: unknown[], settled: unknown[]): string[] {
	const missing = expected.filter((id) => !found.includes(id));
	const still = new Set(settled);
	const inOrder = found.filter((id) => still.has(id));
	return [
		...(missing.length > 0 ? [`${missing.length} of ${expected.length} are missing: ${missing.slice(0, 5).join(', ')}`] : []),
		...(new Set(found).size < found.length ? [`${found.length - new Set(found).size} are there twice`] : []),
		...(missing.length === 0 && inOrder.join() !== settled.join() ? ['they are not in order'] : []),
	];
}

/** Chats, the latest message first: whoever writes moves to the top. */
function chatsThatMove(sandbox: Sandbox, entries: number, chance: Chance): Reading {
	const chats = sandbox.world.addChats(entries);
	for (const [index, chat] of chats.entries()) sandbox.world.addMessage(chat, { text: 'Hello', at: sandbox.world.clock.now() - (index + 1) * 60_000 });
	const moved = new Set<Chat>();
	return {
		name: 'chats',
		parameters: { resource: 'chat', operation: 'getAll' },
		expected: () => chats.filter((chat) => !moved.has(chat)).map(({ id }) => id),
		idOf: ({ chatId }) => chatId,
		live: () => {
			const chat = chats[chance.integer(0, chats.length - 1)];
			if (!chat) return;
			moved.add(chat);
			sandbox.customerWrites({ chatId: chat.id });
		},
	};
}

function historyThatGrows(sandbox: Sandbox, entries: number): Reading {
	const chat = sandbox.world.addChat();
	const messages = Array.from({ length: entries }, (_, index) => sandbox.world.addMessage(chat, { text: `Message ${index}`, at: sandbox.world.clock.now() - (entries - index) * 1000 }));
	return {
		name: 'the history of a chat',
		parameters: { resource: 'message', operation: 'getAll', chatId: { __rl: true, mode: 'id', value: String(chat.id) } },
		expected: () => messages.map(({ uid }) => uid).reverse(),
		idOf: ({ messageUid }) => messageUid,
		live: () => void sandbox.customerWrites({ chatId: chat.id }),
	};
}

function historyFromTheStart(sandbox: Sandbox, entries: number): Reading {
	const reading = historyThatGrows(sandbox, entries);
	return {
		...reading,
		name: 'the history of a chat, oldest first',
		parameters: { ...reading.parameters, options: { sortingOrder: 'asc' } },
		expected: () => reading.expected().reverse(),
	};
}
