import type { Operation } from '../../../shared/operation/types';
import { simplifyTeammate } from './teammate';

export const getMe: Operation = {
	value: 'getMe',
	name: 'Get Me',
	action: 'Get the teammate of the API token',
	description: 'Get the teammate whom the API token belongs to',
	endpoints: ['GET /workspace/teammates/me'],
	effect: 'read',
	fields: [],
	simplify: simplifyTeammate,
	async execute(item) {
		return await item.call('GET /workspace/teammates/me');
	},
};
