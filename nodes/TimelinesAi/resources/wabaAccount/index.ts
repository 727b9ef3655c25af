import type { Resource } from '../../../shared/operation/types';
import { get } from './get.operation';
import { getAll } from './getAll.operation';
import { getAnalytics } from './getAnalytics.operation';

export const wabaAccount: Resource = {
	value: 'wabaAccount',
	name: 'WABA Account',
	operations: [getAll, get, getAnalytics],
};
