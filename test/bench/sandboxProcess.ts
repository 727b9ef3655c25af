/** The sandbox in a process of its own, so that its work does not count: fills it, makes it slow or strict, says what it saw. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import axios from 'axios';
import { onEnd } from '../n8n/cleanup';
import { type Fault, type Sandbox, startSandbox } from '../sandbox';

/** How a race finds the sandbox. */
export interface Address {
	apiUrl: string;
	token: string;
}

/** What the workspace holds and how the API answers; what is left out is as in an empty, friendly one. */
export interface Scene {
	chats?: number;
	/** Messages in the history of one chat. */
	messages?: number;
	/** A file of each of these sizes. */
	fileBytes?: number[];
	latencyMs?: number;
	rateLimit?: { requestsPerSecond: number; burst: number };
	faults?: Fault[];
}

/** The things in it. They are the same each time that a scene is set. */
export interface Stock {
	/** In the order in which the list gives them. */
	chatIds: number[];
	/** The chat with the history, and the UIDs of its messages, newest first. */
	historyOf: number;
	messageUids: string[];
	/** Files to download and their SHA-256 in hexadecimal, by size. */
	fileUids: Record<number, string>;
	fileHashes: Record<number, string>;
}

/** What the sandbox has seen since the scene was set. */
export interface Observed {
	requests: number;
	/** Requests that were refused with 429. */
	refused: number;
	breaches: string[];
	/** The texts that were sent, in order. */
	sent: string[];
	/** The SHA-256 of each upload. */
	uploads: string[];
}

/** How deliveries of events were taken. */
export interface Acknowledged {
	/** Milliseconds until the answer, of each delivery that was answered with 2xx. */
	ms: number[];
	/** Why the others failed. */
	failures: string[];
}

const deliveryLimitMs = 5_000;

/** What can be asked of the sandbox. It runs in the other process. */
function commandsOf(sandbox: Sandbox) {
	const agent = new Agent({ keepAlive: true });
	return {
		address: (): Address => ({ apiUrl: sandbox.apiUrl, token: sandbox.token }),
		async set({ chats = 0, messages = 0, fileBytes = [], latencyMs = 0, rateLimit, faults = [] }: Scene): Promise<Stock> {
			await sandbox.reset();
			sandbox.setLatency(latencyMs);
			sandbox.setRateLimit(rateLimit);
			sandbox.faults.seed(1);
			for (const fault of faults) sandbox.faults.add(fault);
			const { world } = sandbox;
			const listed = world.addChats(chats);
			const withHistory = world.addChat();
			const history = world.addHistory(withHistory, messages);
			const files = fileBytes.map((size) => world.addFile({ size }));
			if (messages === 0) world.chats.delete(withHistory.id);
			return {
				chatIds: listed.map(({ id }) => id),
				historyOf: withHistory.id,
				messageUids: history.map(({ uid }) => uid).reverse(),
				fileUids: Object.fromEntries(files.map(({ size, uid }) => [size, uid])),
				fileHashes: Object.fromEntries(files.map(({ size, sha256 }) => [size, sha256])),
			};
		},
		observed: (): Observed => ({
			requests: sandbox.requests.length,
			refused: sandbox.requests.filter(({ status }) => status === 429).length,
			breaches: sandbox.breaches.map(({ message }) => message),
			sent: [...sandbox.world.messages.values()].filter(({ origin }) => origin === 'Public API').map(({ text }) => text ?? ''),
			uploads: sandbox.requests.flatMap(({ body }) => (body as { file?: { sha256: string } } | undefined)?.file?.sha256 ?? []),
		}),
		/** The URL that a trigger has subscribed with. From now on nothing is delivered there but by `deliver`. */
		takeOver(): string {
			const [subscription] = sandbox.world.subscriptions();
			if (!subscription) throw new Error('There is no subscription');
			subscription.enabled = false;
			return subscription.url;
		},
		/** Delivers an event of its own to the URL so many times, evenly, each once, and waits for the answers as TimelinesAI does: for five seconds. */
		async deliver({ url, perSecond, count }: { url: string; perSecond: number; count: number }): Promise<Acknowledged> {
			const acknowledged: Acknowledged = { ms: [], failures: [] };
			const one = async () => {
				const payload = sandbox.emit('message:received:new');
				const start = performance.now();
				try {
					await axios.post(url, payload, { httpAgent: agent, proxy: false, timeout: deliveryLimitMs, signal: AbortSignal.timeout(deliveryLimitMs) });
					acknowledged.ms.push(performance.now() - start);
				} catch (error) {
					acknowledged.failures.push(error instanceof Error ? error.message : String(error));
				}
			};
			const start = performance.now();
			const under: Array<Promise<void>> = [];
			for (let index = 0; index < count; index++) {
				const early = start + (index * 1000) / perSecond - performance.now();
				if (early > 0) await sleep(early);
				under.push(one());
			}
			await Promise.all(under);
			return acknowledged;
		},
	};
}

type Commands = ReturnType<typeof commandsOf>;
type Name = keyof Commands;

/** Asks the sandbox, by command: `ask('fill', { chats: 50 })`. */
export type Ask = <N extends Name>(name: N, ...args: Parameters<Commands[N]>) => Promise<Awaited<ReturnType<Commands[N]>>>;

/** Starts the process; it ends with the command. */
export async function startSandboxProcess(): Promise<Ask> {
	const child: ChildProcess = fork(__filename, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
	onEnd(() => void child.kill());
	await once(child, 'message');
	let asked = 0;
	return async (name, ...args) => {
		const id = ++asked;
		child.send({ id, name, args });
		for (;;) {
			const [answer] = (await once(child, 'message')) as [{ id: number; result: never; error?: string }];
			if (answer.id !== id) continue;
			if (answer.error) throw new Error(`The sandbox: ${answer.error}`);
			return answer.result;
		}
	};
}

async function serve(): Promise<void> {
	const commands = commandsOf(await startSandbox({ speed: { sentMs: 0, deliveredMs: 0, readMs: 0 } })) as unknown as Record<string, (...args: unknown[]) => unknown>;
	process.on('message', ({ id, name, args }: { id: number; name: string; args: unknown[] }) => {
		void (async () => {
			try {
				process.send?.({ id, result: await commands[name]?.(...args) });
			} catch (error) {
				process.send?.({ id, error: String(error) });
			}
		})();
	});
	// It goes with the one that started it, however that ended.
	process.once('disconnect', () => process.exit());
	process.send?.('ready');
}

if (require.main === module) void serve();
