import { wholeList } from '../makers';
import { simplifyTeammate } from './teammate';

export const getAll = wholeList({
	action: 'Get many teammates',
	description: 'Get the people of the workspace with their roles, teams and WhatsApp numbers',
	endpoints: ['GET /workspace/teammates'],
	simplify: simplifyTeammate,
	read: async (item) => (await item.call('GET /workspace/teammates')).teammates,
});
