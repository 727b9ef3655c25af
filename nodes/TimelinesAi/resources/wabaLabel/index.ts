import type { Resource } from '../../../shared/operation/types';
import { add } from './add.operation';
import { getAll } from './getAll.operation';
import { remove } from './remove.operation';
import { replace } from './replace.operation';

export const wabaLabel: Resource = {
	value: 'wabaLabel',
	name: 'WABA Label',
	operations: [add, getAll, remove, replace],
};
