import { apiField, apiValues } from '../../../shared/fields/apiFields';
import { collectionOf } from '../../../shared/fields/common';
import type { Operation } from '../../../shared/operation/types';
import { teamField } from '../../fields/people';
import { lookAt } from '../makers';
import { simplifyTeammate } from './teammate';

const endpoint = 'POST /workspace/invitations';

const options = [
	apiField('text', { displayName: 'First Name', name: 'firstName' }, 150),
	apiField('text', { displayName: 'Last Name', name: 'lastName' }, 150),
	apiField('text', {
		displayName: 'Role',
		name: 'role',
		type: 'options',
		options: [
			{ name: 'Admin', value: 'admin' },
			{ name: 'Agent', value: 'agent' },
			{ name: 'Collaborator', value: 'collaborator' },
			{ name: 'Team Supervisor', value: 'team_supervisor' },
			{ name: 'Teammate', value: 'teammate' },
		],
		default: 'agent',
	}),
	apiField('text', teamField({ displayName: 'Team', name: 'teamTitle', description: 'The team to join. By default it is the default team.' })),
];

export const invite: Operation = {
	value: 'invite',
	name: 'Invite',
	action: 'Invite a teammate',
	description: 'Invite somebody to the workspace by email. Somebody who is in it already gets the role and the team.',
	endpoints: [endpoint],
	effect: 'send',
	fields: [
		{
			displayName: 'Email',
			name: 'email',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. nathan@acme.com',
			description: 'Where the invitation goes',
		},
		collectionOf('options', options.map(({ property }) => property)),
	],
	simplify: simplifyTeammate,
	async execute(item) {
		const email = item.text('email', { required: true, max: 254 }).trim();
		if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) throw item.error(`“${email}” is not an email address`, 'It looks like nathan@acme.com.');
		return await item.call(endpoint, { body: { email, ...apiValues(item.collection('options'), options) }, hints: lookAt('Teammate: Get Many') });
	},
};
