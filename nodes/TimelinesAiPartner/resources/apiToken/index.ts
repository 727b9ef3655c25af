import type { Resource } from '../../../shared/operation/types';
import { get } from './get.operation';
import { rotate } from './rotate.operation';

export const apiToken: Resource = {
	value: 'apiToken',
	name: 'API Token',
	operations: [get, rotate],
};
