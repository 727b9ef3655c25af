import type { Resource } from '../../../shared/operation/types';
import { create } from './create.operation';

export const user: Resource = {
	value: 'user',
	name: 'User',
	operations: [create],
};
