/** What the trigger remembers of the events that it has received, in the process and in n8n's static data. */
import { type IDataObject } from 'n8n-workflow';
import { forget, isFirstDelivery } from '../../nodes/shared/trigger/seen';

const now = Date.UTC(2026, 4, 18);
const minute = 60_000;
const hour = 60 * minute;
let listeners = 0;
/** A trigger of its own: no test sees what another one left in the process. */
const listener = () => `secret-${++listeners}`;

const message = (uid: string) => ({ of: ['message:received:new', [uid]], unique: true });
const payload = (text: string) => ({ of: ['waba:chat:closed', { text }], unique: false });

/** What the database gives back. */
const saved = (stored: IDataObject): IDataObject => JSON.parse(JSON.stringify(stored));

it('takes the first delivery of an event and none that follows, for a day', () => {
	const [one, stored] = [listener(), {}];

	expect(isFirstDelivery(one, stored, message('a'), now)).toBe(true);
	expect(isFirstDelivery(one, stored, message('a'), now)).toBe(false);
	expect(isFirstDelivery(one, stored, message('b'), now)).toBe(true);
	expect(isFirstDelivery(one, stored, message('a'), now + 23 * hour)).toBe(false);
	expect(isFirstDelivery(one, stored, message('a'), now + 25 * hour)).toBe(true);
});

it('takes an equal payload that has nothing unique for a duplicate only at first', () => {
	const [one, stored] = [listener(), {}];

	expect(isFirstDelivery(one, stored, payload('a'), now)).toBe(true);
	expect(isFirstDelivery(one, stored, payload('a'), now + minute)).toBe(false);
	expect(isFirstDelivery(one, stored, payload('a'), now + 3 * minute)).toBe(true);
});

it('knows after a restart what it knew before, from the static data', () => {
	const [before, stored] = [listener(), {}];
	isFirstDelivery(before, stored, message('a'), now);
	isFirstDelivery(before, stored, payload('b'), now);
	forget(before);

	const [after, restored] = [listener(), saved(stored)];

	expect(isFirstDelivery(after, restored, message('a'), now + hour)).toBe(false);
	expect(isFirstDelivery(after, restored, payload('b'), now + minute)).toBe(false);
	expect(isFirstDelivery(after, restored, message('c'), now + hour)).toBe(true);
});

it('loses nothing when deliveries save the static data that they had read at the same moment', () => {
	const one = listener();
	const database: IDataObject = {};
	const [first, second] = [saved(database), saved(database)];

	isFirstDelivery(one, first, message('a'), now);
	isFirstDelivery(one, second, message('b'), now);
	// The second one saves last, and wins.
	forget(one);
	const restored = saved(second);

	expect(isFirstDelivery(one, restored, message('a'), now)).toBe(false);
	expect(isFirstDelivery(one, restored, message('b'), now)).toBe(false);
});

it('keeps triggers apart, and forgets what it is told to', () => {
	const [one, other, stored] = [listener(), listener(), {}];
	isFirstDelivery(one, stored, message('a'), now);

	expect(isFirstDelivery(other, {}, message('a'), now)).toBe(true);
	forget(one);
	expect(isFirstDelivery(one, {}, message('a'), now)).toBe(true);
});

it('stays small: 2,000 events at most, the newest ones', () => {
	const [one, stored] = [listener(), {} as IDataObject];

	for (let index = 0; index < 2_500; index++) isFirstDelivery(one, stored, message(String(index)), now + index * 1_000);

	expect(JSON.stringify(stored).length).toBeLessThan(30_000);
	expect(isFirstDelivery(one, stored, message('2499'), now + 2 * hour)).toBe(false);
	expect(isFirstDelivery(one, stored, message('501'), now + 2 * hour)).toBe(false);
	expect(isFirstDelivery(one, stored, message('0'), now + 2 * hour)).toBe(true);
});

it('drops what is older than a day with the next event', () => {
	const [one, stored] = [listener(), {} as IDataObject];
	isFirstDelivery(one, stored, message('a'), now);

	isFirstDelivery(one, stored, message('b'), now + 25 * hour);

	expect(Object.values(stored.seen as IDataObject)).toHaveLength(1);
});
