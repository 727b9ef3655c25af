/** What the bench finds: figures, what they should reach, and how they are printed. */

/** One measured quantity, of ours, of the peer (n8n's own node) and of the limit (axios alone, or what the work itself demands). */
export interface Figure {
	name: string;
	unit: 's' | 'ms' | 'MB' | 'kB';
	ours: number | null;
	/** `null` where the peer cannot do the work, or where there is none. */
	peer: number | null;
	limit: number | null;
	/** `null` where there is nothing to reach, only something to know. */
	goal: Goal | null;
	/** What is wrong with what ours did, whatever time it took; empty where all is well. */
	wrong?: string[];
	/** What else there is to say. */
	note?: string;
}

/** At most so many times the peer or the limit, or at most so much. */
export type Goal = { times: number; of: 'peer' | 'limit' } | { atMost: number };

/** Whether a figure is what it should be. */
export function isReached({ ours, goal, wrong = [], ...figure }: Figure): boolean {
	if (ours === null || wrong.length > 0) return false;
	if (!goal) return true;
	if ('atMost' in goal) return ours <= goal.atMost;
	const base = figure[goal.of];
	return base !== null && ours <= goal.times * base;
}

const ratio = (a: number | null, b: number | null): number | null => (a === null || b === null || b === 0 ? null : rounded(a / b));

/** For programs: one object a line. */
export function jsonOf(figure: Figure): string {
	const { name, unit, ours, peer, limit, note, wrong = [] } = figure;
	return JSON.stringify({
		name,
		unit,
		ours: rounded(ours),
		peer: rounded(peer),
		limit: rounded(limit),
		ratioToPeer: ratio(ours, peer),
		ratioToLimit: ratio(ours, limit),
		goal: goalOf(figure),
		reached: isReached(figure),
		...(note && { note }),
		...(wrong.length > 0 && { wrong }),
	});
}

/** For people: a table, and below it what there is to say. */
export function tableOf(figures: Figure[]): string {
	const rows = figures.map((figure) => {
		const { name, unit, ours, peer, limit } = figure;
		const times = (base: number | null) => (ratio(ours, base) === null ? '' : `${ratio(ours, base)} ×`);
		return [name, shown(ours, unit), shown(peer, unit), times(peer), shown(limit, unit), times(limit), goalOf(figure), !isReached(figure) ? 'NO' : figure.goal ? 'yes' : ''];
	});
	const all = [['', 'ours', 'n8n’s own', '', 'limit', '', 'to reach', 'reached'], ...rows];
	const widths = (all[0] ?? []).map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
	const lines = all.map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  '));
	const remarks = figures.flatMap(({ name, note, wrong = [] }) => [...(note ? [`${name}: ${note}`] : []), ...wrong.map((what) => `${name}: WRONG: ${what}`)]);
	return [...lines, ...(remarks.length > 0 ? ['', ...remarks] : [])].join('\n');
}

const goalOf = ({ goal, unit }: Figure): string =>
	!goal ? '' : 'atMost' in goal ? `≤ ${goal.atMost} ${unit}` : `≤ ${goal.times} × ${goal.of === 'peer' ? 'n8n’s own' : 'limit'}`;

const shown = (value: number | null, unit: string): string => (value === null ? '–' : `${rounded(value)} ${unit}`);

function rounded(value: number): number;
function rounded(value: number | null): number | null;
function rounded(value: number | null): number | null {
	return value === null ? null : Number(value.toPrecision(3));
}

/** The middle one; the mean of the two in the middle where their number is even. */
export function median(values: number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = (sorted.length - 1) / 2;
	return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
}

/** The value that this share of the values does not exceed. */
export function percentile(values: number[], share: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}
