/** The small pure pieces that nodes share. */
import * as fc from 'fast-check';
import { absoluteUrl, isoTime, labelNames, orNull } from '../../nodes/shared/output/formats';
import { cleanPhone, exactPhone } from '../../nodes/shared/phone';
import { resolveEndpoint } from '../../nodes/shared/transport/endpoint';
import { readErrorBody } from '../../nodes/shared/transport/errors';
import { Gate, pause } from '../../nodes/shared/transport/pause';
import { readByCursor, readPages, type Identity } from '../../nodes/shared/transport/pages';
import { executionPatience, retryAfterMs, waitBeforeRetry, type Effect, type Failure } from '../../nodes/shared/transport/retry';
import { splitText } from '../../nodes/TimelinesAi/resources/message/splitText';

describe('an endpoint', () => {
	it('takes ids into its path', () => {
		expect(resolveEndpoint('PATCH /chats/{chat_id}', { chat_id: 7 })).toEqual({ method: 'PATCH', path: '/chats/7' });
		expect(resolveEndpoint('GET /files/{file_uid}', { file_uid: '90d3-AB_c' })).toEqual({ method: 'GET', path: '/files/90d3-AB_c' });
	});

	it.each(['', '.', '..', '1/2', '1?x', '1#x', '%2e', 'a b', 'ä', '1.5', '-1', '1e3'])('refuses “%s” as a chat ID', (id) => {
		expect(() => resolveEndpoint('GET /chats/{chat_id}', { chat_id: id })).toThrow(/chat ID/);
	});

	it('never leads to another endpoint, whatever the id', () => {
		fc.assert(fc.property(fc.oneof(fc.string(), fc.constantFrom('../workspace', '1/labels', '%2f')), (id) => {
			try {
				expect(resolveEndpoint('GET /messages/{message_uid}', { message_uid: id }).path).toMatch(/^\/messages\/[\w-]+$/);
			} catch (error) {
				expect((error as Error).message).toContain('message UID');
			}
		}));
	});
});

describe('a repetition', () => {
	const wait = (failure: Failure, effect: Effect, attempt = 1, waitedMs = 0) =>
		waitBeforeRetry(failure, effect, { attempt, rateLimited: attempt, waitedMs }, executionPatience);

	it.each<[Failure['kind'], Effect, boolean]>([
		['rateLimited', 'read', true],
		['rateLimited', 'write', true],
		['rateLimited', 'send', true],
		['notReached', 'read', true],
		['notReached', 'write', true],
		['notReached', 'send', true],
		['unclear', 'read', true],
		['unclear', 'write', true],
		['unclear', 'send', false],
		['refused', 'read', false],
		['refused', 'write', false],
		['refused', 'send', false],
	])('after “%s” of a %s: %s', (kind, effect, repeated) => {
		expect(wait({ kind } as Failure, effect) !== undefined).toBe(repeated);
	});

	it('waits longer each time, and as long as the API asks', () => {
		const waits = [1, 2, 3, 4].map((attempt) => wait({ kind: 'unclear' }, 'read', attempt) as number);
		waits.forEach((ms, index) => expect(ms).toBeGreaterThanOrEqual(250 * 2 ** index));
		expect(wait({ kind: 'rateLimited', retryAfterMs: 7000 }, 'send')).toBe(7000);
	});

	it('ends after five attempts or when the waits add up to too much', () => {
		expect(wait({ kind: 'unclear' }, 'read', 5)).toBeUndefined();
		expect(wait({ kind: 'notReached' }, 'send', 5)).toBeUndefined();
		expect(wait({ kind: 'rateLimited', retryAfterMs: 60_000 }, 'read', 2, 299_000)).toBeUndefined();
	});
});

describe('Retry-After', () => {
	const now = Date.parse('2026-05-18T10:00:00Z');
	it.each([
		['3', 3000],
		[2, 2000],
		['0.5', 500],
		['100000', 60_000],
		['Mon, 18 May 2026 10:00:05 GMT', 5000],
		['Mon, 18 May 2026 09:00:00 GMT', 0],
		['soon', undefined],
		[undefined, undefined],
	])('%j is %j milliseconds', (header, ms) => {
		expect(retryAfterMs(header, now)).toBe(ms);
	});
});

describe('the gate', () => {
	it('holds everybody back for as long as it is closed, and lets a cancelled one out', async () => {
		const gate = new Gate();
		const order: string[] = [];
		gate.close(40);
		gate.close(10);
		const cancel = new AbortController();
		const cancelled = gate.pass(cancel.signal).catch(() => order.push('cancelled'));
		const waiting = gate.pass().then(() => order.push('passed'));
		cancel.abort();
		await Promise.all([cancelled, waiting]);
		expect(order).toEqual(['cancelled', 'passed']);
		await gate.pass();
	});

	it('a pause that is cancelled before it begins does not begin', async () => {
		await expect(pause(60_000, AbortSignal.abort())).rejects.toThrow();
	});
});

describe('phone numbers', () => {
	it.each([
		['+1 (415) 555-0123', '+14155550123'],
		['14155550123', '14155550123'],
		['+49\u00a0171\u20111234567', '+491711234567'],
		['0049 171 1234567', '00491711234567'],
		['\u202a+972501111111\u202c', '+972501111111'],
		['Dana', undefined],
		['+1415555012x', undefined],
		['', undefined],
		['++14155550123', undefined],
	])('%j is %j', (text, phone) => {
		expect(cleanPhone(text)).toBe(phone);
	});

	it('never alters a digit', () => {
		fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'0123456789+ -().') }), (text) => {
			const phone = exactPhone(text);
			if (phone) expect(phone.replace('+', '')).toBe(text.replace(/\D/g, ''));
		}));
	});
});

describe('splitting a long text', () => {
	const noSpace = (text: string) => text.replace(/\s+/g, '');

	it('prefers paragraphs, then lines, then sentences, then words', () => {
		expect(splitText('aaaa aaaa\n\nbbbb bbbb', 12)).toEqual(['aaaa aaaa', 'bbbb bbbb']);
		expect(splitText('aaaa aaaa\nbbbb bbbb', 12)).toEqual(['aaaa aaaa', 'bbbb bbbb']);
		expect(splitText('aaaa aaa. bbb bbbb', 13)).toEqual(['aaaa aaa.', 'bbb bbbb']);
		expect(splitText('aaaa bbbb cccc', 10)).toEqual(['aaaa bbbb', 'cccc']);
	});

	it('cuts a word only where it must, and never through a character made of several', () => {
		expect(splitText('abcdefgh', 3)).toEqual(['abc', 'def', 'gh']);
		expect(splitText('👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 8)).toEqual(['👨‍👩‍👧‍👦', '👨‍👩‍👧‍👦']);
	});

	it('loses nothing but white space, and no part is too long', () => {
		fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '.', '👋', 'é', '🇬🇷'), maxLength: 200 }), fc.integer({ min: 2, max: 20 }), (text, max) => {
			const parts = splitText(text, max);
			expect(noSpace(parts.join(''))).toBe(noSpace(text));
			for (const part of parts) expect([...part].length).toBeLessThanOrEqual(max);
			for (const part of parts) expect(part).not.toBe('');
		}));
	});
});

describe('pages', () => {
	const list = (length: number) => Array.from({ length }, (_, id) => ({ id }));
	const byId: Identity = { idOf: ({ id }) => id };
	const pagesOf = (entries: Array<{ id: number }>, asked: number[] = []) => async (page: number) => {
		asked.push(page);
		const start = (page - 1) * 50;
		return { entries: entries.slice(start, start + 50), hasMore: entries.length > start + 50 };
	};

	it.each([0, 1, 49, 50, 51, 100, 101, 523])('gives a list of %i whole', async (length) => {
		const asked: number[] = [];
		expect(await readPages(pagesOf(list(length), asked), byId)).toEqual(list(length));
		expect(asked.length).toBeLessThanOrEqual(Math.max(1, Math.ceil(length / 50)) + 4);
	});

	it('asks once for a list of one page', async () => {
		const asked: number[] = [];
		await readPages(pagesOf(list(50), asked), byId);
		expect(asked).toEqual([1]);
	});

	it('gives nothing twice, misses nothing and keeps the order, however entries move to the top and pages overtake each other', async () => {
		await fc.assert(fc.asyncProperty(fc.integer({ min: 51, max: 400 }), fc.array(fc.nat(), { maxLength: 6 }), fc.infiniteStream(fc.integer({ min: 0, max: 3 })), async (length, moves, delays) => {
			const entries = list(length).map(({ id }) => ({ id, time: -id }));
			const moved = new Set<number>();
			const read = async (page: number) => {
				for (let turns = delays.next().value as number; turns > 0; turns--) await Promise.resolve();
				const answer = await pagesOf(entries)(page);
				const move = moves.pop();
				if (move !== undefined) {
					const [{ id } = { id: 0 }] = entries.splice(move % length, 1);
					entries.unshift({ id, time: moved.add(id).size });
				}
				return answer;
			};
			const ids = (await readPages(read, { ...byId, timeOf: ({ time }) => Number(time) })).map(({ id }) => Number(id));
			expect(ids.slice().sort((a, b) => a - b)).toEqual(list(length).map(({ id }) => id));
			const resting = ids.filter((id) => !moved.has(id));
			expect(resting).toEqual(resting.slice().sort((a, b) => a - b));
		}), { numRuns: 200 });
	});

	it('ends with an error where the API gives the same page again and again', async () => {
		await expect(readPages(async () => ({ entries: list(50), hasMore: true }), byId)).rejects.toThrow('the same pages of the list again and again');
		await expect(readByCursor(async () => ({ entries: list(50), hasMore: true }), ({ id }) => String(id))).rejects.toThrow('the same pages of the list again and again');
	});

	it('ends on a page that is empty though more was promised', async () => {
		const endless = async (page: number) => ({ entries: page === 1 ? list(50) : [], hasMore: true });
		expect(await readPages(endless, byId)).toHaveLength(50);
	});

	it('does not mind an error beyond the last page, but one before it', async () => {
		const read = async (page: number) => {
			if (page > 3) throw new Error('no such page');
			return await pagesOf(list(150))(page);
		};
		expect(await readPages(read, byId)).toHaveLength(150);
		await expect(readPages(async (page) => (page === 2 ? Promise.reject(new Error('broken')) : read(page)), byId)).rejects.toThrow('broken');
	});

	it('by cursor end with an empty page too', async () => {
		expect(await readByCursor(async () => ({ entries: [], hasMore: true }), ({ id }) => String(id))).toEqual([]);
	});
});

describe('formats', () => {
	it.each([
		['2026-05-18 10:44:21 +0300', '2026-05-18T10:44:21+03:00'],
		['2026-07-17T09:00:00Z', '2026-07-17T09:00:00Z'],
		['2026-07-17 09:00', '2026-07-17T09:00'],
		['', null],
		[null, null],
	])('the time %j is %j', (time, iso) => {
		expect(isoTime(time)).toBe(iso);
	});

	it('URLs become absolute', () => {
		expect(absoluteUrl('/chat/1/messages/', 'https://app.timelines.ai')).toBe('https://app.timelines.ai/chat/1/messages/');
		expect(absoluteUrl('https://acme.example/a.png', 'https://app.timelines.ai')).toBe('https://acme.example/a.png');
		expect(absoluteUrl('', 'https://app.timelines.ai')).toBeNull();
	});

	it('labels may be names or objects', () => {
		expect(labelNames(['a', { name: 'b' }])).toEqual(['a', 'b']);
		expect(labelNames(undefined)).toEqual([]);
		expect(orNull('')).toBeNull();
	});
});

describe('the body of a refusal', () => {
	it.each([
		[{ status: 'error', message: 'No', error_code: 'not_found', errors: [{ fields: ['a', 'b'], msg: 'bad' }, 'odd', null] }, { message: 'No', code: 'not_found', fields: ['a, b: bad.', 'odd.'], isEnvelope: true }],
		[{ error: 'Too Many Requests', message: '' }, { message: 'Too Many Requests', code: undefined, fields: [], isEnvelope: true }],
		['Unauthorized', { message: 'Unauthorized', fields: [], isEnvelope: false }],
		['<html><body>403</body></html>', { message: undefined, fields: [], isEnvelope: false }],
		[null, { message: undefined, fields: [], isEnvelope: false }],
	])('%j is read', (body, expected) => {
		expect(readErrorBody(body)).toEqual(expected);
	});
});
