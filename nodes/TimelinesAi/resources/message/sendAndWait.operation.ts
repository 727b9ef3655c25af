import { type IExecuteFunctions, WAIT_INDEFINITELY } from 'n8n-workflow';
import { collectionOf } from '../../../shared/fields/common';
import { charactersIn, type Parameters } from '../../../shared/operation/parameters';
import type { Operation } from '../../../shared/operation/types';
import { questionFields, questionOptions, readQuestion } from '../../response/question';
import { beginTurn, forgetAnswers } from '../../response/turn';
import { sendEndpoints, targetFields, targetOf, targetOptions } from './target';

const maxText = 2_000;

export const sendAndWait: Operation = {
	value: 'sendAndWait',
	name: 'Send and Wait for Response',
	action: 'Send a message and wait for a response',
	description: 'Send a question with a link to a page of n8n, and let the workflow wait until somebody has answered there',
	endpoints: [...sendEndpoints, 'GET /chats'],
	effect: 'send',
	fields: [...targetFields, ...questionFields, collectionOf('options', [...questionOptions, ...targetOptions])],
	async execute(item) {
		// Absent from old releases of n8n (seen in 1.101, there in 1.109), whatever its types say today.
		if (!(item.functions as Partial<IExecuteFunctions>).getSignedResumeUrl) {
			throw item.error('This n8n is too old for Send and Wait for Response', 'Update n8n to 1.109 or later. The other operations work in this one.');
		}
		if (item.functions.getInputData().length > 1) {
			throw item.error('Only one question can be asked at a time', 'An execution waits for one answer. Put a Loop Over Items node before this one, or use a sub-workflow for each item.');
		}
		const options = item.collection('options');
		const question = readQuestion(item);
		const link = item.functions.getSignedResumeUrl(beginTurn(item.functions, question));
		const text = `${question.message}\n\n${options.text('linkText') || 'Please answer here:'}\n${link}`;
		const length = charactersIn(text);
		if (length > maxText) throw item.error(`Message and link have ${length} characters; a message has at most ${maxText}`, 'Shorten the message.');
		const until = waitUntil(options);

		const target = await targetOf(item, options);
		await item.call(target.endpoint, { ids: target.ids, body: { ...target.always, ...target.once, text } });
		forgetAnswers(item.functions);
		await item.functions.putExecutionToWait(until);
		return item.functions.getInputData()[item.index]?.json ?? {};
	},
};

const unitMs = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 };

/** Until when to wait for the answer; for ever where no limit is set. */
function waitUntil(options: Parameters): Date {
	const limit = options.collection('limitWaitTime').collection('values');
	const amount = limit.integer('resumeAmount', { min: 1, max: 10_000 });
	if (amount === undefined) return WAIT_INDEFINITELY;
	return new Date(Date.now() + amount * unitMs[limit.choice('resumeUnit', ['minutes', 'hours', 'days'])]);
}
