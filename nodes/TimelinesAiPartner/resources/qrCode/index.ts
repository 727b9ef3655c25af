import type { Resource } from '../../../shared/operation/types';
import { generate } from './generate.operation';

export const qrCode: Resource = {
	value: 'qrCode',
	name: 'QR Code',
	operations: [generate],
};
