/** Splits a long text into parts that fit into a message. */
import { charactersIn } from '../../../shared/operation/parameters';

/** Where a text may be cut, the best place first. */
const borders = [/\n\s*\n/g, /\n/g, /(?<=[.!?…])\s+/g, /\s+/g];

/**
 * Parts of at most `max` characters, cut between paragraphs, else between lines, sentences or words; inside a word only where a
 * single word is longer than a message. No character is lost but the white space at a cut.
 */
export function splitText(text: string, max: number): string[] {
	const parts: string[] = [];
	let rest = text.trim();
	while (charactersIn(rest) > max) {
		const room = [...rest].slice(0, max + 1).join('');
		const cut = lastBorder(room) ?? { end: wholeCharacters(room, max), next: wholeCharacters(room, max) };
		parts.push(rest.slice(0, cut.end));
		rest = rest.slice(cut.next).trimStart();
	}
	return rest === '' ? parts : [...parts, rest];
}

/** The last cut of the best kind that leaves a part of reasonable size: more than half of the room, else any. */
function lastBorder(room: string): { end: number; next: number } | undefined {
	const cuts = borders.map((border) => [...room.matchAll(border)].at(-1)).filter((match) => match !== undefined && match.index > 0);
	const best = cuts.find((match) => match && match.index > room.length / 2) ?? cuts.at(-1);
	return best && { end: best.index, next: best.index + best[0].length };
}

/** How far `max` characters reach without cutting through one that is made of several. */
function wholeCharacters(room: string, max: number): number {
	const limit = [...room].slice(0, max).join('').length;
	const characters = [...new Intl.Segmenter().segment(room)].filter(({ index, segment }) => index + segment.length <= limit);
	const last = characters.at(-1);
	return last ? last.index + last.segment.length : limit;
}
