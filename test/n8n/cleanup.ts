/** What was started is ended again, last thing first: at the end of the command, on Ctrl-C, or when its terminal is closed. */

type CleanUp = () => Promise<void> | void;

/** Something that the person at the keyboard can do something about; the message says what. */
export class Trouble extends Error {
	override name = 'Trouble';
}

const signals = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;
const cleanUps: CleanUp[] = [];
let interrupted = false;
let listening = false;

/**
 * Registers how to end something. Every clean-up runs once, whether the command ends by itself or by a signal.
 *
 * @returns a function that forgets this clean-up, for what has ended already
 */
export function onEnd(cleanUp: CleanUp): () => void {
	listenForSignals();
	cleanUps.push(cleanUp);
	return () => {
		const index = cleanUps.indexOf(cleanUp);
		if (index >= 0) cleanUps.splice(index, 1);
	};
}

/** Ends everything that is registered. One failing clean-up does not keep the others from running. */
export async function endAll(): Promise<void> {
	for (let cleanUp = cleanUps.pop(); cleanUp; cleanUp = cleanUps.pop()) {
		try {
			await cleanUp();
		} catch (error) {
			console.error(error instanceof Error ? error.message : error);
		}
	}
}

/**
 * The frame of a command: runs it, ends what it started, and gives the shell an exit code (0 when it returns none).
 * {@link Trouble} is shown as its message alone, every other error with its stack.
 */
export async function runCommand(main: () => Promise<number | void>): Promise<void> {
	listenForSignals();
	let code = 0;
	try {
		code = (await main()) ?? 0;
	} catch (error) {
		// What breaks because everything is being ended is no news.
		if (!interrupted) console.error(error instanceof Trouble ? `\n${error.message}` : error);
		code = 1;
	}
	if (interrupted) return;
	await endAll();
	process.exit(code);
}

/** Ctrl-C may arrive more than once, from the terminal and through npm; the first one counts. */
function listenForSignals(): void {
	if (listening) return;
	listening = true;
	for (const [signal, number] of Object.entries(signals)) {
		process.on(signal, () => {
			if (interrupted) return;
			interrupted = true;
			void endAll().then(() => process.exit(128 + number));
		});
	}
}
