import type { Resource } from '../../../shared/operation/types';
import { disconnect } from './disconnect.operation';

export const whatsappAccount: Resource = {
	value: 'whatsappAccount',
	name: 'WhatsApp Account',
	operations: [disconnect],
};
