/** Tells the person at the terminal what is going on and for how long: a running clock there, a line now and then in a log. */

const terminal = process.stdout.isTTY;
const tickMs = terminal ? 1_000 : 20_000;

/**
 * Runs one step of a longer job and shows it.
 *
 * @param title what is being done, without a full stop
 * @param detail what there is to say about how far it has come, asked for at each tick
 */
export async function step<T>(title: string, work: () => Promise<T>, detail?: () => Promise<string>): Promise<T> {
	const start = Date.now();
	let mark = '';
	const elapsed = () => duration(Date.now() - start);
	const show = async () => {
		const more = detail ? `, ${await detail()}` : '';
		if (mark === '') write(`  … ${title} (${elapsed()}${more})`);
	};
	write(`  … ${title}`);
	const clock = setInterval(() => void show(), tickMs);
	try {
		const result = await work();
		mark = '✓';
		return result;
	} finally {
		mark ||= '✗';
		clearInterval(clock);
		write(`  ${mark} ${title} (${elapsed()})`, true);
	}
}

/** Milliseconds in words: "8 s", "3 min 20 s". */
export function duration(milliseconds: number): string {
	const seconds = Math.round(milliseconds / 1000);
	return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** On a terminal a line is written over until it is final. */
function write(line: string, final = false): void {
	if (!terminal) console.log(line);
	else process.stdout.write(`\r\x1b[2K${line}${final ? '\n' : ''}`);
}
