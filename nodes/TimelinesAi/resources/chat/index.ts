import type { Resource } from '../../../shared/operation/types';
import { assign } from './assign.operation';
import { close } from './close.operation';
import { get } from './get.operation';
import { getAll } from './getAll.operation';
import { reopen } from './reopen.operation';
import { unassign } from './unassign.operation';
import { update } from './update.operation';

export const chat: Resource = {
	value: 'chat',
	name: 'Chat',
	operations: [get, assign, close, getAll, reopen, unassign, update],
};
