import type { Resource } from '../../../shared/operation/types';
import { getAll } from './getAll.operation';

export const whatsappAccount: Resource = {
	value: 'whatsappAccount',
	name: 'WhatsApp Account',
	operations: [getAll],
};
