/** Parameters become what they are meant to be, or a clear error. */
import { type INode } from 'n8n-workflow';
import { labelOf, Parameters } from '../../nodes/shared/operation/parameters';

const node: INode = { id: '1', name: 'TimelinesAI', type: 'timelinesAi', typeVersion: 1, position: [0, 0], parameters: {} };
const given = (value: unknown) => new Parameters(() => value, { node, itemIndex: 3, timezone: 'Europe/Athens' });

describe('text', () => {
	it.each([
		['words', 'words'],
		[42, '42'],
		[false, 'false'],
		[null, ''],
		[undefined, ''],
		[{ __rl: true, mode: 'list', value: 'chosen' }, 'chosen'],
	])('%j is %j', (value, text) => {
		expect(given(value).text('label')).toBe(text);
	});

	it.each([
		[['a'], '“Label” must be text, not a list'],
		[{ a: 1 }, '“Label” must be text, not an object'],
		['a\0b', '“Label” contains the NUL character'],
		['abcd', '“Label” has 4 characters; at most 3 are allowed'],
		['', '“Label” is empty'],
	])('%j is an error that names the item', (value, message) => {
		expect(() => given(value).text('label', { max: 3, required: true })).toThrow(expect.objectContaining({ message, context: expect.objectContaining({ itemIndex: 3 }) }));
	});
});

describe('integer', () => {
	it.each([[7, 7], ['7', 7], [' 7 ', 7], ['', undefined], [null, undefined]])('%j is %j', (value, number) => {
		expect(given(value).integer('limit', { max: 10 })).toBe(number);
	});

	it.each([1.5, '1e3', 'seven', -1, 11, NaN, Infinity, true, {}])('%j is an error', (value) => {
		expect(() => given(value).integer('limit', { max: 10 })).toThrow('“Limit” must be a whole number between 0 and 10');
	});
});

describe('flag', () => {
	it.each([[true, true], ['True', true], ['false', false], ['', undefined], [null, undefined]])('%j is %j', (value, flag) => {
		expect(given(value).flag('closed')).toBe(flag);
	});

	it.each(['yes', 1, {}])('%j is an error', (value) => {
		expect(() => given(value).flag('closed')).toThrow('“Closed” must be true or false');
	});
});

describe('list', () => {
	it.each([
		['a, b ,,c', ['a', 'b', 'c']],
		[['a ', '', null, 7], ['a', '7']],
		[{ __rl: true, mode: 'name', value: ['x'] }, ['x']],
		[null, []],
	])('%j is %j', (value, list) => {
		expect(given(value).list('labels')).toEqual(list);
	});

	it('must not hold objects, nor be one', () => {
		expect(() => given([{ name: 'a' }]).list('labels')).toThrow('“Labels” must be text, not an object');
		expect(() => given({ name: 'a' }).list('labels')).toThrow('“Labels” must be text, not an object');
	});
});

describe('moment', () => {
	it('takes a time without an offset in the zone of the workflow, daylight saving included', () => {
		expect(given('2026-01-02T03:04:05').moment('after')).toBe('2026-01-02T03:04:05+02:00');
		expect(given('2026-07-02').moment('after')).toBe('2026-07-02T00:00:00+03:00');
		expect(given(null).moment('after')).toBeUndefined();
	});

	it('refuses what is no date', () => {
		expect(() => given('soon').moment('after')).toThrow('“After” is not a date');
	});
});

describe('collection', () => {
	it('gives its own entries only', () => {
		expect(given({ label: 'vip' }).collection('options').text('label')).toBe('vip');
		expect(given({}).collection('options').text('constructor')).toBe('');
		expect(given(null).collection('options').text('label')).toBe('');
	});

	it('must be an object', () => {
		expect(() => given('all').collection('options')).toThrow('“Options” must be an object');
		expect(() => given([]).collection('options')).toThrow('“Options” must be an object');
	});
});

it('a choice is one of its values, the first where nothing is set', () => {
	expect(given(null).choice('output', ['simplified', 'raw'])).toBe('simplified');
	expect(() => given('xml').choice('output', ['simplified', 'raw'])).toThrow('“Output” must be one of: simplified, raw');
});

it('a locator is what was chosen and how; plain text counts as typed', () => {
	expect(given({ __rl: true, mode: 'url', value: ' https://a ' }).locator('chatId')).toEqual({ mode: 'url', value: 'https://a' });
	expect(given(12).locator('chatId')).toEqual({ mode: 'id', value: '12' });
	expect(given({ __rl: true, value: null }).locator('chatId')).toEqual({ mode: 'id', value: '' });
});

it('names are written as the panel writes them', () => {
	expect(['chatId', 'messageUid', 'fileUrl', 'whatsappAccountPhone'].map(labelOf)).toEqual(['Chat ID', 'Message UID', 'File URL', 'WhatsApp Account Phone']);
});
