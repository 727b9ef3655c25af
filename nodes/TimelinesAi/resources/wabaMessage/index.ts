import type { Resource } from '../../../shared/operation/types';
import { get } from './get.operation';
import { getAll } from './getAll.operation';
import { getStatusHistory } from './getStatusHistory.operation';
import { send } from './send.operation';

export const wabaMessage: Resource = {
	value: 'wabaMessage',
	name: 'WABA Message',
	operations: [send, get, getAll, getStatusHistory],
};
