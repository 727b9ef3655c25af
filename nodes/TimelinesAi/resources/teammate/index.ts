import type { Resource } from '../../../shared/operation/types';
import { getAll } from './getAll.operation';
import { getMe } from './getMe.operation';
import { invite } from './invite.operation';
import { revokeInvitation } from './revokeInvitation.operation';

export const teammate: Resource = {
	value: 'teammate',
	name: 'Teammate',
	operations: [getAll, getMe, invite, revokeInvitation],
};
