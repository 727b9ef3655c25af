/**
 * Regular expressions whose time grows with the length of the text and never faster, for patterns that meet text written by
 * strangers. JavaScript's own can take for ever: `(a+)+$` needs minutes for thirty characters, and n8n stands still meanwhile.
 *
 * All ways through the pattern are followed at once, character by character (Thompson's construction), so there is nothing to try
 * again. What cannot be done that way, back references and look-around, is refused.
 */

/** A pattern that cannot be used. The message says why, in words for the person who wrote it. */
export class PatternError extends Error {}

/** Tells whether a text contains a match. */
export type Pattern = (text: string) => boolean;

/** Parts of a compiled pattern at most, so that a long message takes milliseconds. Repetitions such as `{50}` are written out. */
const mostParts = 500;

/**
 * Compiles a regular expression. Without slashes around it, it ignores upper and lower case; `/like this/` it takes flags as
 * JavaScript does (`i`, `m`, `s`, `u`).
 *
 * @throws PatternError
 */
export function compilePattern(expression: string): Pattern {
	const { source, flags } = read(expression);
	const steps = assemble(new Parser(source, flags).parse());
	return (text) => search(steps, [...text]);
}

type Node =
	| { kind: 'character'; matches: (character: string) => boolean }
	| { kind: 'position'; holds: (characters: string[], index: number) => boolean }
	| { kind: 'sequence'; parts: Node[] }
	| { kind: 'choice'; options: Node[] }
	| { kind: 'repetition'; part: Node; min: number; max: number };

type Step =
	| Extract<Node, { kind: 'character' | 'position' }>
	/** Goes on in several places at once. */
	| { kind: 'fork'; to: number[] }
	| { kind: 'end' };

function search(steps: Step[], characters: string[]): boolean {
	let reached = new Set<number>();
	for (let index = 0; ; index++) {
		// A match can begin anywhere.
		const now = follow(steps, [...reached, 0], characters, index);
		if (now.has(steps.length - 1)) return true;
		const character = characters[index];
		if (character === undefined) return false;
		reached = new Set();
		for (const at of now) {
			const step = steps[at];
			if (step?.kind === 'character' && step.matches(character)) reached.add(at + 1);
		}
	}
}

/** All steps that can be reached from some without reading a character. */
function follow(steps: Step[], from: number[], characters: string[], index: number): Set<number> {
	const reached = new Set<number>();
	const open = from;
	for (let at = open.pop(); at !== undefined; at = open.pop()) {
		if (reached.has(at)) continue;
		reached.add(at);
		const step = steps[at];
		if (step?.kind === 'fork') open.push(...step.to);
		else if (step?.kind === 'position' && step.holds(characters, index)) open.push(at + 1);
	}
	return reached;
}

function assemble(pattern: Node): Step[] {
	const steps: Step[] = [];
	let parts = 0;
	const add = (step: Step): number => steps.push(step) - 1;
	const emit = (node: Node): void => {
		if (++parts > mostParts) throw new PatternError('It is too long, or repeats something too often');
		switch (node.kind) {
			case 'character':
			case 'position':
				add(node);
				return;
			case 'sequence':
				node.parts.forEach(emit);
				return;
			case 'choice': {
				const fork = { kind: 'fork' as const, to: [] as number[] };
				add(fork);
				const exits = node.options.map((option) => {
					fork.to.push(steps.length);
					emit(option);
					const exit = { kind: 'fork' as const, to: [] as number[] };
					add(exit);
					return exit;
				});
				for (const exit of exits) exit.to.push(steps.length);
				return;
			}
			case 'repetition': {
				for (let count = 0; count < node.min; count++) emit(node.part);
				if (node.max === Infinity) {
					const fork = { kind: 'fork' as const, to: [] as number[] };
					const start = add(fork);
					fork.to.push(steps.length);
					emit(node.part);
					add({ kind: 'fork', to: [start] });
					fork.to.push(steps.length);
					return;
				}
				const exits: Array<{ to: number[] }> = [];
				for (let count = node.min; count < node.max; count++) {
					const fork = { kind: 'fork' as const, to: [steps.length + 1] };
					add(fork);
					exits.push(fork);
					emit(node.part);
				}
				for (const { to } of exits) to.push(steps.length);
			}
		}
	};
	emit(pattern);
	add({ kind: 'end' });
	return steps;
}

/** Reads a regular expression from left to right. What stands for one character is left to JavaScript's own: that takes no time. */
class Parser {
	private at = 0;

	constructor(
		private readonly source: string,
		private readonly flags: string,
	) {}

	parse(): Node {
		const pattern = this.choice();
		if (this.at < this.source.length) throw new PatternError(`There is a “)” without its “(” at character ${this.at + 1}`);
		return pattern;
	}

	private choice(): Node {
		const options = [this.sequence()];
		while (this.take(/\|/y)) options.push(this.sequence());
		return options.length === 1 ? (options[0] as Node) : { kind: 'choice', options };
	}

	private sequence(): Node {
		const parts: Node[] = [];
		while (this.at < this.source.length && !/[|)]/.test(this.source.charAt(this.at))) parts.push(this.repeated(this.single()));
		return { kind: 'sequence', parts };
	}

	private repeated(part: Node): Node {
		const [text, least, range, most] = this.take(/[*+?]\??|\{(\d+)(,(\d*))?\}\??/y) ?? [];
		if (text === undefined) return part;
		if (part.kind === 'position') throw new PatternError(`“${text}” has nothing to repeat`);
		if (this.take(/[*+?]/y)) throw new PatternError(`“${text}” is followed by another repetition`);
		if (least === undefined) return { kind: 'repetition', part, min: text.startsWith('+') ? 1 : 0, max: text.startsWith('?') ? 1 : Infinity };
		const min = Number(least);
		const max = range === undefined ? min : most ? Number(most) : Infinity;
		if (max < min) throw new PatternError(`“${text}” ends before it begins`);
		return { kind: 'repetition', part, min, max };
	}

	private single(): Node {
		if (this.take(/\((?:\?:|\?<\w+>)?(?!\?)/y)) {
			const group = this.choice();
			if (!this.take(/\)/y)) throw new PatternError('There is a “(” without its “)”');
			return group;
		}
		if (this.take(/\(/y)) throw new PatternError('Look-ahead and look-behind are not possible here');
		if (this.take(/\\(?:[1-9]|k<)/y)) throw new PatternError('References to an earlier group are not possible here');
		if (this.take(/[*+?]/y)) throw new PatternError('A repetition has nothing to repeat');

		const multiline = this.flags.includes('m');
		if (this.take(/\^/y)) return position((characters, index) => index === 0 || (multiline && isLineEnd(characters[index - 1])));
		if (this.take(/\$/y)) return position((characters, index) => index === characters.length || (multiline && isLineEnd(characters[index])));
		const border = this.take(/\\([bB])/y);
		if (border) {
			const wanted = border[1] === 'b';
			return position((characters, index) => (isWord(characters[index - 1]) !== isWord(characters[index])) === wanted);
		}

		const [one] = this.take(/\\u\{[\da-f]+\}|\\u[\da-f]{4}|\\x[\da-f]{2}|\\[pP]\{[^}]*\}|\\c[a-z]|\\[^]|\[\^?(?:\\[^]|[^\]\\])*\]|[^]/iuy) ?? [];
		if (one === undefined || one === '\\') throw new PatternError('It ends with a single “\\”');
		if (one === '[') throw new PatternError('There is a “[” without its “]”');
		return { kind: 'character', matches: this.character(one) };
	}

	private character(one: string): (character: string) => boolean {
		const flags = this.flags.replace('m', '');
		const matcher = nativeCharacter(one, `${flags}u`) ?? nativeCharacter(one, flags);
		if (!matcher) throw new PatternError(`“${one}” is not valid`);
		const known = new Map<string, boolean>();
		return (character) => {
			const before = known.get(character);
			if (before !== undefined) return before;
			const matches = matcher.test(character);
			known.set(character, matches);
			return matches;
		};
	}

	private take(what: RegExp): RegExpExecArray | undefined {
		what.lastIndex = this.at;
		const found = what.exec(this.source);
		if (!found) return undefined;
		this.at = what.lastIndex;
		return found;
	}
}

function read(expression: string): { source: string; flags: string } {
	const literal = /^\/([^]+)\/([a-z]*)$/.exec(expression);
	if (!literal) return { source: expression, flags: 'i' };
	const [, source = '', flags = ''] = literal;
	const unknown = /[^imsu]/.exec(flags)?.[0];
	if (unknown) throw new PatternError(`The flag “${unknown}” has no meaning here: i, m, s and u do`);
	return { source, flags: flags.replace('u', '') };
}

/** A matcher of exactly one character; `undefined` where JavaScript does not accept it with these flags. */
function nativeCharacter(one: string, flags: string): RegExp | undefined {
	try {
		return new RegExp(`^(?:${one})$`, flags);
	} catch (error) {
		if (error instanceof SyntaxError) return undefined;
		throw error as Error;
	}
}

const position = (holds: Extract<Node, { kind: 'position' }>['holds']): Node => ({ kind: 'position', holds });
const isWord = (character = ''): boolean => /^\w$/.test(character);
const isLineEnd = (character = ''): boolean => /^[\n\r\u2028\u2029]$/.test(character);
