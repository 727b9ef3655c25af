/** Hundreds of events for n8n, and how often it has run for each. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type EventType, type Sandbox } from '../sandbox';
import { seededRandom } from '../sandbox/random';
import { type Execution, type N8nClient } from './rest';

/** What an event says of itself, so that its executions are found again: `event-00042`. */
export const markOf = (index: number): string => `event-${String(index).padStart(5, '0')}`;

const marks = /event-\d{5}/;

/** So many deliveries at most are under way: what an n8n on a busy machine with two cores answers in time. */
export const atATime = 10;

/**
 * Delivers messages with these marks and 30 % duplicates of them in random order, several at a time.
 *
 * @param underWay what happens when a third is through
 * @returns how many deliveries there were, and how many attempts got no success
 */
export async function shower(sandbox: Sandbox, event: EventType, wanted: string[], underWay = async () => {}): Promise<{ deliveries: number; failures: number }> {
	const random = seededRandom(wanted.length);
	const order = [...wanted, ...wanted.filter(() => random() < 0.3)].map((mark) => [random(), mark] as const).sort(([a], [b]) => a - b);
	const before = sandbox.deliveries.length;
	const attempts = () => sandbox.deliveries.slice(before);
	const answered = () => attempts().filter(({ status }) => status === 200).length;
	for (const [index, [, mark]] of order.entries()) {
		if (index === Math.floor(order.length / 3)) await underWay();
		while (index - answered() >= atATime) await sleep(20);
		report(sandbox, event, mark);
	}
	await sandbox.settled();
	return { deliveries: order.length, failures: attempts().length - answered() };
}

/** TimelinesAI reports a message with each mark. */
export function report(sandbox: Sandbox, event: EventType, ...wanted: string[]): void {
	for (const mark of wanted) sandbox.emit(event, { message: { message_uid: mark, text: mark } });
}

/** How an execution ended; `idle` is one whose event had another execution, so that it did nothing. */
export type Run = Execution['status'] | 'idle';

/** The production executions of a workflow that has nothing before its trigger, by the mark of the event that each one was started with. */
export async function runsByMark(client: N8nClient, workflowId: string): Promise<Map<string, Run[]>> {
	const found = new Map<string, Execution[]>();
	await each((await client.allExecutions(workflowId)).filter(({ mode }) => mode === 'webhook'), async (execution) => {
		const { data } = await client.data<{ data: string }>('GET', `/rest/executions/${execution.id}`);
		const mark = marks.exec(data)?.[0] ?? `execution ${execution.id}`;
		found.set(mark, [...(found.get(mark) ?? []), execution]);
	});
	const runs = new Map<string, Run[]>();
	await each([...found], async ([mark, executions]) => {
		runs.set(mark, executions.length === 1 ? executions.map(({ status }) => status) : await Promise.all(executions.map(async (one) => await outcome(client, one))));
	});
	return runs;
}

async function outcome(client: N8nClient, { id, status }: Execution): Promise<Run> {
	if (status !== 'success') return status;
	const items = Object.values(await client.output(id)).flat();
	return items.length === 0 ? 'idle' : status;
}

/** Several at a time, but not all. */
async function each<T>(list: T[], work: (one: T) => Promise<void>): Promise<void> {
	const left = [...list];
	const worker = async () => {
		for (let next = left.pop(); next !== undefined; next = left.pop()) await work(next);
	};
	await Promise.all(Array.from({ length: 8 }, worker));
}
