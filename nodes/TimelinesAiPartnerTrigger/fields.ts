/** The panel of the partner trigger. */
import type { INodeProperties } from 'n8n-workflow';
import { collectionOf } from '../shared/fields/common';
import { outputField } from '../shared/fields/output';
import { partnerEvents } from './events';

export const fields: INodeProperties[] = [
	{
		displayName:
			'TimelinesAI sends the events of all your workspaces to one address, which its support sets: this node does not register itself. Publish the workflow, open Webhook URLs above, copy the Production URL, and write to support@timelines.ai:',
		name: 'notice',
		type: 'notice',
		default: '',
	},
	{
		displayName: '“Please set the webhook URL of our partner account [your Partner ID] to [the Production URL].”',
		name: 'wordsForSupport',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Trigger On',
		name: 'events',
		type: 'multiOptions',
		required: true,
		options: partnerEvents.map(({ name, value, description }) => ({ name, value, description })),
		default: ['workspace:quota_near_full:messaging', 'workspace:quota_full:messaging', 'whatsapp_account:disconnected'],
		description: 'What starts the workflow. Everything else that TimelinesAI sends is answered and dropped.',
	},
	outputField('Exactly what TimelinesAI sent'),
	collectionOf('options', [
		{
			displayName: 'One Event per Signature',
			name: 'oneEventPerSignature',
			type: 'boolean',
			default: true,
			description: 'Whether to refuse a signature that came with another event before, since it could have been stolen. TimelinesAI signs events of the same second alike: of these only one gets through, and the others only if TimelinesAI delivers them again later.',
		},
	]),
];
