/** The regular expressions of the trigger's text filter: what JavaScript's own find, in time that only grows with the text. */
import fc from 'fast-check';
import { compilePattern, PatternError } from '../../nodes/shared/pattern';

describe('a pattern finds what it says', () => {
	it.each([
		['order', 'Where is my ORDER?', true],
		['^order', 'my order', false],
		['order$', 'my order', true],
		['order\\s+#?\\d{4,}', 'order #1027', true],
		['order\\s+#?\\d{5,}', 'order #1027', false],
		['(?:yes|no|maybe)', 'Maybe tomorrow', true],
		['colou?r', 'Color', true],
		['[^a-z ]', 'only letters', false],
		['\\bcat\\b', 'concatenate', false],
		['\\Bcat\\B', 'concatenate', true],
		['\\p{Lu}{2}', 'ok OK', true],
		['приве+т', 'ПРИВЕЕЕТ', true],
		['👍{2}', '👍👍', true],
		['a{0}b', 'b', true],
		['(?<number>\\d+)', 'room 7', true],
		['a.c', 'a\nc', false],
		['/a.c/s', 'a\nc', true],
		['/order/', 'ORDER', false],
		['/^two$/m', 'one\ntwo\nthree', true],
		['/three$/m', 'one\ntwo\nthree', true],
		['^two$', 'one\ntwo\nthree', false],
		['\\/start', '/start', true],
		['[.\\]-]', 'a]', true],
		['{', 'a {', true],
		['', 'anything', true],
	])('%p in %p: %p', (expression, text, found) => {
		expect(compilePattern(expression)(text)).toBe(found);
	});

	it('finds the same as JavaScript, whatever is put together from what it knows', () => {
		const single = fc.constantFrom('a', 'b', 'c', '.', '[ab]', '[^a]', '\\w', '\\s', '^', '$', '\\b');
		const pattern = fc.letrec<{ pattern: string }>((tie) => ({
			pattern: fc.oneof(
				{ maxDepth: 4 },
				single,
				fc.tuple(tie('pattern'), tie('pattern')).map(([one, two]) => one + two),
				fc.tuple(tie('pattern'), tie('pattern')).map(([one, two]) => `(${one}|${two})`),
				fc.tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{1,2}', '{1,}', '*?', '+?')).map(([one, often]) => `(?:${one})${often}`),
			),
		})).pattern;
		const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A', ' ', '\n'), maxLength: 8 });

		fc.assert(
			fc.property(pattern, text, (source, input) => {
				expect(compilePattern(source)(input)).toBe(new RegExp(source, 'i').test(input));
			}),
			{ numRuns: 2_000 },
		);
	});
});

describe('a pattern that would take JavaScript for ever', () => {
	// JavaScript's own tries the ways through these one after the other, and there are more of them than anybody can wait for.
	it.each(['(a+)+$', '^(a|a)*$', '(a*)*b', '(?:a?){30}a{30}$', '(.*a){12}$'])('%s is done with a long text at once', (expression) => {
		expect(compilePattern(expression)(`${'a'.repeat(20_000)}!`)).toBe(false);
	});
});

describe('a pattern that cannot be used is refused, with the reason', () => {
	it.each([
		['(a', 'There is a “(” without its “)”'],
		['a)', 'There is a “)” without its “(” at character 2'],
		['[a', 'There is a “[” without its “]”'],
		['*a', 'A repetition has nothing to repeat'],
		['^*', '“*” has nothing to repeat'],
		['a**', '“*” is followed by another repetition'],
		['a{3,2}', '“{3,2}” ends before it begins'],
		['(?=a)', 'Look-ahead and look-behind are not possible here'],
		['(?<!a)b', 'Look-ahead and look-behind are not possible here'],
		['(a)\\1', 'References to an earlier group are not possible here'],
		['a\\', 'It ends with a single “\\”'],
		['[z-a]', '“[z-a]” is not valid'],
		['/a/g', 'The flag “g” has no meaning here: i, m, s and u do'],
		['(a{100}){100}', 'It is too long, or repeats something too often'],
		['((){1000}){1000}', 'It is too long, or repeats something too often'],
	])('%s', (expression, reason) => {
		expect(() => compilePattern(expression)).toThrow(new PatternError(reason));
	});
});
