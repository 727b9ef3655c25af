/** Which events start the workflow: what the user filters by, evaluated before an execution exists. */
import type { INodeProperties } from 'n8n-workflow';
import { collectionOf, locator, typed } from '../shared/fields/common';
import type { Parameters } from '../shared/operation/parameters';
import { compilePattern, PatternError } from '../shared/pattern';
import { exactPhone } from '../shared/phone';
import { senderField, teammateField } from '../TimelinesAi/fields/people';
import type { Attachment, Facts } from './families';

/** Whether an event is wanted. */
export type Filter = (facts: Facts, event: string) => boolean;

const severalHint = 'Several with commas between, or an expression that gives a list';

/** The panel's side of the filters. */
export const filterFields: INodeProperties[] = [
	{
		displayName: 'Ignore Messages Sent by the API',
		name: 'ignoreApiMessages',
		type: 'boolean',
		default: true,
		description: 'Whether to leave out messages that were sent through the API. A workflow that answers messages would answer its own as well, without end.',
		displayOptions: { show: { events: ['message:new'] } },
	},
	{
		displayName: 'Ignore Messages Sent by the API',
		name: 'ignoreApiMessages',
		type: 'boolean',
		default: false,
		description: 'Whether to leave out messages that were sent through the API. Turn it on where the workflow itself sends messages, or it starts itself without end.',
		displayOptions: { show: { events: ['message:sent:new'] }, hide: { events: ['message:new'] } },
	},
	collectionOf(
		'filters',
		[
			{
				displayName: 'Assignment',
				name: 'assignment',
				type: 'options',
				options: [
					{ name: 'Assigned', value: 'assigned', description: 'Somebody is responsible for the chat' },
					{ name: 'Not Assigned', value: 'unassigned', description: 'Nobody is responsible for the chat' },
				],
				default: 'unassigned',
				description: 'Whether somebody is responsible for the chat',
			},
			{
				displayName: 'Attachments',
				name: 'attachments',
				type: 'multiOptions',
				options: [
					{ name: 'Audio', value: 'audio', description: 'Voice messages and audio files' },
					{ name: 'Document', value: 'document', description: 'Any other file' },
					{ name: 'Image', value: 'image' },
					{ name: 'None', value: 'none', description: 'Messages without a file' },
					{ name: 'Video', value: 'video' },
				],
				default: ['audio', 'document', 'image', 'video'],
				description: 'Messages with a file of one of these kinds',
			},
			locator(
				{ displayName: 'Chat', name: 'chatId', description: 'Only events of these chats' },
				'searchChats',
				typed('By ID', 'id', 'e.g. 1000001, 1000002', severalHint),
				typed('By URL', 'url', 'e.g. https://app.timelines.ai/chat/1000001/messages/', severalHint),
				typed('By Phone', 'phone', 'e.g. +14155550123, +14155550124', severalHint),
			),
			{
				displayName: 'Chat Type',
				name: 'chatType',
				type: 'options',
				options: [
					{ name: 'Direct', value: 'direct', description: 'Chats with one contact' },
					{ name: 'Group', value: 'group', description: 'Group chats' },
				],
				default: 'direct',
			},
			{
				displayName: 'Direction',
				name: 'direction',
				type: 'options',
				options: [
					{ name: 'Received', value: 'received', description: 'Messages and calls that came in' },
					{ name: 'Sent', value: 'sent', description: 'Messages and calls that went out' },
				],
				default: 'received',
			},
			{ ...teammateField({ displayName: 'Responsible', name: 'responsible', description: 'Only chats that this teammate is responsible for' }) },
			{
				displayName: 'Text Contains',
				name: 'textContains',
				type: 'string',
				default: '',
				placeholder: 'e.g. order',
				description: 'Messages whose text contains this, in upper or lower case',
			},
			{
				displayName: 'Text Matches',
				name: 'textMatches',
				type: 'string',
				default: '',
				placeholder: 'e.g. order\\s+#?\\d+',
				description: 'Messages whose text this regular expression finds something in, in upper or lower case. Look-around and references to groups are not possible.',
			},
			senderField({ displayName: 'WhatsApp Number', name: 'whatsappPhone', description: 'Only events of these WhatsApp numbers of yours; several with commas between' }),
		],
		{ description: 'All of them must apply. A filter looks only at events that have what it asks for; a new chat, say, has no text, so a filter on text lets it through.' },
	),
];

/**
 * Reads the filters that the user set.
 *
 * @throws NodeOperationError where one of them cannot be used
 */
export function readFilter(parameters: Parameters): Filter {
	const filters = parameters.collection('filters');
	const ignoreApiMessages = parameters.flag('ignoreApiMessages');
	const isSet = (name: string) => filters.list(name).length > 0;
	const conditions: Filter[] = [
		// A workflow must not answer what it has sent itself: that would go on for ever.
		(facts, event) => !((ignoreApiMessages ?? event === 'message:new') && isFromApi(facts)),
		...(isSet('chatType') ? [on('isGroup', (isGroup) => isGroup === (filters.choice('chatType', ['direct', 'group']) === 'group'))] : []),
		...(isSet('direction') ? [on('direction', (direction) => direction === filters.choice('direction', ['received', 'sent']))] : []),
		...(isSet('assignment')
			? [on('responsible', (responsible) => (responsible !== null) === (filters.choice('assignment', ['assigned', 'unassigned']) === 'assigned'))]
			: []),
		...(isSet('responsible') ? [oneOf('responsible', filters.list('responsible').map(lowerCase), lowerCase)] : []),
		...(isSet('whatsappPhone') ? [oneOf('whatsappPhone', filters.list('whatsappPhone').map((phone) => phoneOf(filters, phone)))] : []),
		...(isSet('chatId') ? [chatFilter(filters)] : []),
		...(isSet('attachments') ? [on('attachments', (attachments) => kindsOf(attachments).some((kind) => filters.list('attachments').includes(kind)))] : []),
		...textFilters(filters),
	];
	return (facts, event) => conditions.every((condition) => condition(facts, event));
}

/** A condition on one fact. An event that has no such thing passes. */
function on<Name extends keyof Facts>(name: Name, holds: (fact: Exclude<Facts[Name], undefined>) => boolean): Filter {
	return ({ [name]: fact }) => fact === undefined || holds(fact as Exclude<Facts[Name], undefined>);
}

const oneOf = (name: keyof Facts, wanted: string[], form: (value: string) => string = String): Filter =>
	on(name, (value) => value !== null && wanted.includes(form(String(value))));

function chatFilter(filters: Parameters): Filter {
	const { mode } = filters.locator('chatId');
	const chosen = filters.list('chatId');
	if (mode === 'phone') return oneOf('phone', chosen.map((phone) => phoneOf(filters, phone)));
	const ids = chosen.map((chat) => /\/chat\/(\d+)/.exec(chat)?.[1] ?? chat);
	const wrong = ids.find((id) => !/^\d+$/.test(id));
	if (wrong !== undefined) throw filters.error(`“${wrong}” in the filter “Chat” is not the ID or URL of a chat`);
	return oneOf('chatId', ids);
}

function textFilters(filters: Parameters): Filter[] {
	const part = filters.text('textContains').toLowerCase();
	const expression = filters.text('textMatches');
	const conditions: Filter[] = [];
	if (part !== '') conditions.push(on('text', (text) => (text ?? '').toLowerCase().includes(part)));
	if (expression !== '') {
		const matches = patternOf(filters, expression);
		conditions.push(on('text', (text) => matches(text ?? '')));
	}
	return conditions;
}

function patternOf(filters: Parameters, expression: string) {
	try {
		return compilePattern(expression);
	} catch (error) {
		if (error instanceof PatternError) throw filters.error(`The regular expression in “Text Matches” cannot be used: ${error.message}`);
		throw error as Error;
	}
}

function phoneOf(filters: Parameters, text: string): string {
	const phone = exactPhone(text);
	if (phone) return phone;
	throw filters.error(`“${text}” in the filters is not a phone number`, 'Give it in international form, for example +14155550123.');
}

const isFromApi = ({ direction, origin = '' }: Facts): boolean => direction === 'sent' && origin.trim().toLowerCase() === 'public api';

/** `none`, or the kind of each file. */
const kindsOf = (attachments: Attachment[]): string[] => (attachments.length === 0 ? ['none'] : attachments.map(kindOf));

function kindOf({ mimetype }: Attachment): string {
	const [kind = ''] = String(mimetype).split('/');
	return ['audio', 'image', 'video'].includes(kind) ? kind : 'document';
}

const lowerCase = (text: string): string => text.toLowerCase();
