import { wholeList } from '../makers';
import { anAccount } from './account';

export const getAll = wholeList({
	action: 'Get many WABA accounts',
	description: 'Get the WhatsApp Business API numbers of the workspace with their status',
	endpoints: ['GET /waba/accounts'],
	simplify: anAccount.simplify,
	read: async (item) => (await item.call('GET /waba/accounts')).waba_accounts,
});
