/** The events of the trigger as data: all that the API has, each with a sample in the API's own shape. */
import { type IDataObject } from 'n8n-workflow';
import { events } from '../../nodes/TimelinesAiTrigger/events';
import { simplify } from '../../nodes/TimelinesAiTrigger/families';
import { sampleOf } from '../../nodes/TimelinesAiTrigger/samples';
import { eventTypes } from '../sandbox';

const origin = 'https://app.timelines.ai';

it('offers each of the 32 events of the API once, with a name and a description of its own', () => {
	expect(events.map(({ value }) => value).sort()).toEqual([...eventTypes].sort());
	expect(events).toHaveLength(32);
	expect(new Set(events.map(({ name }) => name)).size).toBe(32);
	expect(new Set(events.map(({ description }) => description)).size).toBe(32);
});

describe.each(events)('$name', (event) => {
	const sample = sampleOf(event);
	const facts = event.family.facts(sample);

	it('has a sample that says which event it is and fills the simplified output', () => {
		const output = simplify(sample, event.family, origin);

		expect(output.event).toBe(event.value);
		expect(Object.keys(output).slice(0, 13)).toEqual([
			'event', 'chatId', 'chatName', 'isGroup', 'phone', 'direction', 'text', 'messageUid', 'sentAt', 'senderName', 'whatsappPhone', 'responsible', 'chatUrl',
		]);
		// JSON drops what is undefined; a field that is there must stay there.
		expect(Object.keys(JSON.parse(JSON.stringify(output)))).toEqual(Object.keys(output));
		expect(Object.entries(output).filter(([name, value]) => /At$/.test(name) && value !== null && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+03:00$/.test(String(value)))).toEqual([]);
	});

	it('is told apart from every other event of its kind, or not at all', () => {
		const identity = event.family.identity(sample);
		const withoutParts = event.family.identity({ event_type: event.value });

		expect(withoutParts).toBeUndefined();
		if (identity) expect(identity.every((part) => part !== undefined && part !== '')).toBe(true);
	});

	it('does not fail on a payload that has nothing in it', () => {
		expect(() => simplify({ event_type: event.value }, event.family, origin)).not.toThrow();
		expect(facts).toBeDefined();
	});
});

describe('the shapes of the families become one', () => {
	const outputOf = (value: string, change: (payload: IDataObject) => void = () => {}) => {
		const event = events.find((one) => one.value === value)!;
		const payload = JSON.parse(JSON.stringify(sampleOf(event))) as IDataObject;
		change(payload);
		return simplify(payload, event.family, origin);
	};

	it('the phone always has its plus, and the chat its id, whatever they are called', () => {
		for (const value of ['message:received:new', 'message:reaction', 'call:incoming:missed', 'chat:new']) {
			expect(outputOf(value)).toMatchObject({ chatId: 1000001, chatName: 'Dana Miller', phone: '+14155550123', isGroup: false, whatsappPhone: '+14155550100' });
		}
	});

	it('a group has no phone', () => {
		const message = outputOf('message:received:new', (payload) => Object.assign(payload.chat as IDataObject, { is_group: true, phone: '' }));
		const reaction = outputOf('message:reaction', (payload) => Object.assign(payload.chat as IDataObject, { chat_type: 'group', phone: '' }));

		expect([message, reaction]).toMatchObject([{ isGroup: true, phone: null }, { isGroup: true, phone: null }]);
	});

	it('the contact of a WABA message is who is not us, in either direction', () => {
		expect(outputOf('waba:message:received')).toMatchObject({ direction: 'received', chatName: 'Dana Miller', phone: '+14155550123', senderName: 'Dana Miller' });
		expect(outputOf('waba:message:read')).toMatchObject({ direction: 'sent', chatName: 'Dana Miller', phone: '+14155550123', senderName: 'Kate Smith', status: 'Read' });
	});

	it('a failed WABA message says why', () => {
		expect(outputOf('waba:message:failed')).toMatchObject({ status: 'Failed', failureCode: 131047, failure: expect.stringContaining('24 hours') as unknown });
	});

	it('a relative URL becomes absolute', () => {
		const output = outputOf('chat:new', (payload) => Object.assign(payload.chat as IDataObject, { chat_url: '/chat/1000001/messages/' }));

		expect(output.chatUrl).toBe('https://app.timelines.ai/chat/1000001/messages/');
	});

	it('a call has a direction, a length and an outcome', () => {
		expect(outputOf('call:outgoing:ended')).toMatchObject({ direction: 'sent', status: 'Ended', durationSeconds: 120, isVideo: false, senderName: 'Kate Smith' });
		expect(outputOf('call:incoming:missed')).toMatchObject({ direction: 'received', status: 'Missed', durationSeconds: null });
	});

	it('an assignment says who is responsible now and who was before', () => {
		expect(outputOf('chat:responsible:assigned')).toMatchObject({ responsible: 'kate@acme.example', previousResponsible: 'tom@acme.example', sentAt: null });
		expect(outputOf('chat:responsible:unassigned')).toMatchObject({ responsible: null, previousResponsible: 'tom@acme.example' });
		expect(outputOf('waba:chat:assigned')).toMatchObject({ responsible: 'kate@acme.example', accountId: 4821 });
	});
});
