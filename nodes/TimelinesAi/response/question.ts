/** What Send and Wait asks: its fields in the panel, and how they are read when the message is sent. */
import type { INodeProperties } from 'n8n-workflow';
import type { Parameters } from '../../shared/operation/parameters';

/** How somebody answers. */
export type ResponseType = 'approval' | 'freeText' | 'customForm';
const responseTypes = ['approval', 'freeText', 'customForm'] as const;

/** One field of the form on the page. */
export interface FormField {
	label: string;
	type: 'text' | 'textarea' | 'number' | 'email' | 'date' | 'dropdown';
	required: boolean;
	choices: string[];
}

/** A button of the page, with what a press on it means. */
export interface Button {
	label: string;
	value: 'approve' | 'decline' | 'submit';
}

/** Everything that the page shows. */
export interface Question {
	message: string;
	responseType: ResponseType;
	fields: FormField[];
	buttons: Button[];
}

const forApproval: INodeProperties['displayOptions'] = { show: { responseType: ['approval'] } };

/** Message, Response Type and what belongs to each. n8n makes the human review of AI agents out of these names. */
export const questionFields: INodeProperties[] = [
	{
		displayName: 'Message',
		name: 'message',
		type: 'string',
		typeOptions: { rows: 4 },
		required: true,
		default: '',
		placeholder: 'e.g. May we ship your order today?',
		description: 'What to ask. A link to the page with the answer follows it; both together have at most 2,000 characters.',
	},
	{
		displayName: 'Response Type',
		name: 'responseType',
		type: 'options',
		options: [
			{ name: 'Approval', value: 'approval', description: 'One or two buttons' },
			{ name: 'Custom Form', value: 'customForm', description: 'A small form' },
			{ name: 'Free Text', value: 'freeText', description: 'A box to write in' },
		],
		default: 'approval',
	},
	{
		displayName: 'Form Fields',
		name: 'formFields',
		type: 'fixedCollection',
		placeholder: 'Add Field',
		typeOptions: { multipleValues: true, sortable: true },
		default: {},
		displayOptions: { show: { responseType: ['customForm'] } },
		options: [
			{
				displayName: 'Fields',
				name: 'values',
				values: [
					{ displayName: 'Label', name: 'label', type: 'string', default: '', placeholder: 'e.g. Delivery date', required: true },
					{
						displayName: 'Type',
						name: 'type',
						type: 'options',
						options: [
							{ name: 'Date', value: 'date' },
							{ name: 'Dropdown', value: 'dropdown' },
							{ name: 'Email', value: 'email' },
							{ name: 'Long Text', value: 'textarea' },
							{ name: 'Number', value: 'number' },
							{ name: 'Text', value: 'text' },
						],
						default: 'text',
					},
					{
						displayName: 'Choices',
						name: 'choices',
						type: 'string',
						default: '',
						placeholder: 'e.g. Morning, Afternoon',
						description: 'With commas between',
						displayOptions: { show: { type: ['dropdown'] } },
					},
					{ displayName: 'Required', name: 'required', type: 'boolean', default: false, description: 'Whether the form can be sent without it' },
				],
			},
		],
	},
	{
		displayName: 'Approval Options',
		name: 'approvalOptions',
		type: 'fixedCollection',
		placeholder: 'Add Option',
		default: {},
		displayOptions: forApproval,
		options: [
			{
				displayName: 'Values',
				name: 'values',
				values: [
					{
						displayName: 'Type of Approval',
						name: 'approvalType',
						type: 'options',
						options: [
							{ name: 'Approve Only', value: 'single' },
							{ name: 'Approve and Decline', value: 'double' },
						],
						default: 'single',
					},
					{ displayName: 'Approve Button Label', name: 'approveLabel', type: 'string', default: 'Approve' },
					{
						displayName: 'Decline Button Label',
						name: 'disapproveLabel',
						type: 'string',
						default: 'Decline',
						displayOptions: { show: { approvalType: ['double'] } },
					},
				],
			},
		],
	},
];

/** For the collection of options: until when to wait, and the words of the link. */
export const questionOptions: INodeProperties[] = [
	{
		displayName: 'Limit Wait Time',
		name: 'limitWaitTime',
		type: 'fixedCollection',
		default: { values: { resumeAmount: 45, resumeUnit: 'minutes' } },
		description: 'After this time the workflow goes on with its input, without data, approved and chatInput: no answer is not a yes',
		options: [
			{
				displayName: 'Values',
				name: 'values',
				values: [
					{ displayName: 'Amount', name: 'resumeAmount', type: 'number', typeOptions: { minValue: 1 }, default: 45 },
					{
						displayName: 'Unit',
						name: 'resumeUnit',
						type: 'options',
						options: [
							{ name: 'Days', value: 'days' },
							{ name: 'Hours', value: 'hours' },
							{ name: 'Minutes', value: 'minutes' },
						],
						default: 'minutes',
					},
				],
			},
		],
	},
	{
		displayName: 'Link Text',
		name: 'linkText',
		type: 'string',
		default: 'Please answer here:',
		description: 'Stands before the link',
	},
];

const fieldTypes = ['text', 'textarea', 'number', 'email', 'date', 'dropdown'] as const;
const maxFields = 50;

/** Reads the question. Throws a clear error where the page could not be shown, so that no message with a dead link is sent. */
export function readQuestion(parameters: Parameters): Question {
	const message = parameters.text('message', { required: true });
	const responseType = parameters.choice('responseType', responseTypes);
	return { message, responseType, fields: fieldsOf(parameters, responseType), buttons: buttonsOf(parameters, responseType) };
}

function fieldsOf(parameters: Parameters, responseType: ResponseType): FormField[] {
	if (responseType === 'approval') return [];
	if (responseType === 'freeText') return [{ label: 'Your answer', type: 'textarea', required: true, choices: [] }];
	const fields = parameters.collection('formFields').collections('values').map((field) => ({
		label: field.text('label', { required: true, max: 200 }),
		type: field.choice('type', fieldTypes),
		required: field.flag('required') ?? false,
		choices: field.list('choices'),
	}));
	const [first] = fields;
	if (!first || fields.length > maxFields) throw parameters.error(`A form has between 1 and ${maxFields} fields`, 'Add a field under Form Fields.');
	const empty = fields.find(({ type, choices }) => type === 'dropdown' && choices.length === 0);
	if (empty) throw parameters.error(`The dropdown “${empty.label}” has no choices`, 'List them with commas between.');
	const twice = fields.find(({ label }, index) => fields.some((other, at) => at < index && other.label === label));
	if (twice) throw parameters.error(`Two fields are called “${twice.label}”`, 'Give each field a label of its own: the answers come out under it.');
	return fields;
}

function buttonsOf(parameters: Parameters, responseType: ResponseType): Button[] {
	if (responseType !== 'approval') return [{ label: 'Send', value: 'submit' }];
	const options = parameters.collection('approvalOptions').collection('values');
	const approve: Button = { label: options.text('approveLabel', { max: 60 }) || 'Approve', value: 'approve' };
	if (options.choice('approvalType', ['single', 'double']) === 'single') return [approve];
	return [approve, { label: options.text('disapproveLabel', { max: 60 }) || 'Decline', value: 'decline' }];
}
