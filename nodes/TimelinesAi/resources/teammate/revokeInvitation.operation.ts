import { invitedField } from '../../fields/people';
import { deleteOne, type Thing } from '../makers';
import { simplifyTeammate } from './teammate';

const anInvitation: Thing = { noun: 'teammate', path: '/workspace/invitations/{user_id}', field: invitedField, simplify: simplifyTeammate };

export const revokeInvitation = deleteOne(
	anInvitation,
	{
		value: 'revokeInvitation',
		name: 'Revoke Invitation',
		action: 'Revoke the invitation of a teammate',
		description: 'Take back an invitation that has not been accepted yet',
	},
	{ 409: 'Only a pending invitation can be revoked. Remove a teammate who has joined in TimelinesAI itself.' },
);
