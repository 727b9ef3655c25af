/** The panel of the trigger. */
import type { INodeProperties } from 'n8n-workflow';
import { events } from './events';

export const fields: INodeProperties[] = [
	{
		displayName: 'Trigger On',
		name: 'events',
		type: 'multiOptions',
		required: true,
		options: events.map(({ name, value, description }) => ({ name, value, description })),
		default: ['message:received:new'],
		description: 'What starts the workflow. Each event takes one of the 10 webhook subscriptions that a workspace has.',
	},
	{
		displayName: 'Ignore Messages Sent by the API',
		name: 'ignoreApiMessages',
		type: 'boolean',
		default: true,
		description: 'Whether messages that were sent through the API are left out. Without it, a workflow that answers messages answers its own as well, without end.',
		displayOptions: { show: { events: ['message:new'] } },
	},
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		options: [
			{ name: 'Simplified', value: 'simplified', description: 'The same fields for all events, with times in ISO 8601 and absolute URLs' },
			{ name: 'Raw', value: 'raw', description: 'Exactly what TimelinesAI sent' },
		],
		default: 'simplified',
	},
];
