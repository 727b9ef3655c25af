/** What a trigger remembers of the events that it has received, in the process and in n8n's static data. */
import { type IDataObject } from 'n8n-workflow';
import { keyOf, Seen, type Identity, type State } from '../../nodes/shared/trigger/seen';

const now = Date.UTC(2026, 4, 18);
const minute = 60_000;
const hour = 60 * minute;
let listeners = 0;
/** A trigger of its own: no test sees what another one left in the process. */
const listener = () => `secret-${++listeners}`;

const message = (uid: string): Identity => ({ of: ['message:received:new', [uid]], unique: true });
const payload = (text: string): Identity => ({ of: ['waba:chat:closed', { text }], unique: false });
const stateOf = (seen: Seen, identity: Identity, at = now): State => seen.state(keyOf(identity), identity, at);

/** What static data has after a restart. */
const saved = (seen: Seen): IDataObject => JSON.parse(JSON.stringify(seen)) as IDataObject;

/** n8n takes an event; gives what it saves. */
function take(seen: Seen, identity: Identity, at = now): IDataObject {
	seen.begin(keyOf(identity), at);
	seen.finish(keyOf(identity));
	return saved(seen);
}

it('an event is new, under way, and done for a day', () => {
	const seen = Seen.of(listener(), undefined);

	const states = [stateOf(seen, message('a'))];
	seen.begin(keyOf(message('a')), now);
	states.push(stateOf(seen, message('a')));
	seen.finish(keyOf(message('a')));
	states.push(stateOf(seen, message('a')), stateOf(seen, message('a'), now + 23 * hour), stateOf(seen, message('a'), now + 25 * hour), stateOf(seen, message('b')));

	expect(states).toEqual(['new', 'underWay', 'done', 'done', 'new', 'new']);
});

it('an event that n8n did not take is new again', () => {
	const seen = Seen.of(listener(), undefined);

	seen.begin(keyOf(message('a')), now);
	seen.drop(keyOf(message('a')));

	expect(stateOf(seen, message('a'))).toBe('new');
});

it('an equal payload that has nothing unique is a duplicate only at first', () => {
	const seen = Seen.of(listener(), undefined);
	take(seen, payload('a'));

	expect(stateOf(seen, payload('a'), now + minute)).toBe('done');
	expect(stateOf(seen, payload('a'), now + 3 * minute)).toBe('new');
});

it('a new process knows what was saved', () => {
	const before = Seen.of(listener(), undefined);
	take(before, message('a'));
	take(before, payload('b'));

	const after = Seen.of(listener(), saved(before));

	expect(stateOf(after, message('a'), now + hour)).toBe('done');
	expect(stateOf(after, payload('b'), now + minute)).toBe('done');
	expect(stateOf(after, message('c'))).toBe('new');
});

it('what is done is saved, whoever took it, and what is under way is not', () => {
	const one = listener();
	const [first, second] = [Seen.of(one, {}), Seen.of(one, {})];
	take(first, message('done'));
	first.begin(keyOf(message('a')), now);
	take(second, message('b'));

	const restored = Seen.of(listener(), saved(second));

	expect(['done', 'a', 'b'].map((uid) => stateOf(restored, message(uid)))).toEqual(['done', 'new', 'done']);
});

it('what another process has saved is known as well', () => {
	const one = listener();
	take(Seen.of(one, undefined), message('mine'));
	const theirs = take(Seen.of(listener(), undefined), message('theirs'));

	const seen = Seen.of(one, theirs);

	expect([stateOf(seen, message('mine')), stateOf(seen, message('theirs'))]).toEqual(['done', 'done']);
});

it('triggers are kept apart, and forgotten on request', () => {
	const [one, other] = [listener(), listener()];
	take(Seen.of(one, undefined), message('a'));

	expect(stateOf(Seen.of(other, undefined), message('a'))).toBe('new');
	Seen.forget(one);
	expect(stateOf(Seen.of(one, undefined), message('a'))).toBe('new');
});

it('it stays small: the newest 5,000 events in the process, 1,000 of them saved, of a day at most', () => {
	const seen = Seen.of(listener(), undefined);
	for (let index = 0; index < 6_000; index++) take(seen, message(String(index)), now + index * 100);
	const text = JSON.stringify(seen);

	expect(text.length).toBeLessThan(9_000);
	expect(['0', '999', '1000', '5999'].map((uid) => stateOf(seen, message(uid), now + hour))).toEqual(['new', 'new', 'done', 'done']);
	const restored = Seen.of(listener(), JSON.parse(text));
	expect(['4999', '5000', '5999'].map((uid) => stateOf(restored, message(uid), now + hour))).toEqual(['new', 'done', 'done']);
	expect(Object.values(take(seen, message('tomorrow'), now + 26 * hour))).toHaveLength(1);
});

it('an equal payload that comes again later counts from then on, also after a restart', () => {
	const before = Seen.of(listener(), undefined);
	take(before, payload('a'));
	take(before, payload('a'), now + 10 * minute);

	const after = Seen.of(listener(), saved(before));

	expect([1, 3].map((minutes) => stateOf(after, payload('a'), now + (10 + minutes) * minute))).toEqual(['done', 'new']);
});
