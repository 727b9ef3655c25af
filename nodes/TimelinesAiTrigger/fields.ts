/** The panel of the trigger. */
import type { INodeProperties } from 'n8n-workflow';
import { collectionOf } from '../shared/fields/common';
import { outputField } from '../shared/fields/output';
import { outputDataField } from '../TimelinesAi/fields/data';
import { events } from './events';
import { filterFields } from './filters';
import { defaultMaxMegabytes } from './output';
import { usageField } from './usage';

const choices = events.map(({ name, value, description }) => ({ name, value, description }));

export const fields: INodeProperties[] = [
	{
		displayName: 'Trigger On',
		name: 'events',
		type: 'multiOptions',
		required: true,
		options: choices,
		default: ['message:received:new'],
		description: 'What starts the workflow. Each event takes one of the 10 webhook subscriptions that a workspace has.',
	},
	usageField,
	...filterFields,
	outputField('Exactly what TimelinesAI sent', 'The same fields for all events, with times in ISO 8601 and absolute URLs'),
	collectionOf('options', [
		{
			displayName: 'Download Attachments',
			name: 'downloadAttachments',
			type: 'boolean',
			default: true,
			description: 'Whether to put the files of a message into the output. Where one cannot be downloaded, the workflow starts without it and the attachment has an error.',
		},
		{
			displayName: 'Max Attachment Size (MB)',
			name: 'maxAttachmentSize',
			type: 'number',
			typeOptions: { minValue: 1 },
			default: defaultMaxMegabytes,
			description: 'Larger files are not downloaded; the attachment has an error in their place',
			displayOptions: { show: { downloadAttachments: [true] } },
		},
		{
			...outputDataField,
			required: false,
			hint: 'The name of the output field to put the file in; further files of the same message get data1, data2 and so on',
			displayOptions: { show: { downloadAttachments: [true] } },
		},
		{
			displayName: 'Sample for Testing',
			name: 'sample',
			type: 'options',
			options: choices,
			default: 'message:received:new',
			description: 'What comes at once, in place of a real event, when you test this trigger in the editor. It has no effect on the published workflow.',
		},
		{
			displayName: 'Verify Messages',
			name: 'verifyMessage',
			type: 'boolean',
			default: true,
			description: 'Whether to read each message again from the API before the workflow sees it, so that nobody who knows the URL of the subscription can make one up. Costs one request a message.',
		},
	]),
];
