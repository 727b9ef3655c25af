/** A WhatsApp Business API number: what it is to the operations that many resources have. */
import type { Simplify } from '../../../shared/operation/types';
import { isoTime, orNull } from '../../../shared/output/formats';
import { isObject } from '../../../shared/output/simplify';
import { wabaAccountField } from '../../fields/waba';
import type { Thing } from '../makers';

const simplify: Simplify = (account) => ({
	wabaAccountId: account.id,
	phone: account.display_phone_number,
	status: account.status,
	ownerName: orNull(account.owner_name),
	ownerEmail: orNull(account.owner_email),
	connectedAt: isoTime(account.connected_on),
	metaPhoneId: orNull(account.meta_phone_id),
	metaWabaId: orNull(account.meta_waba_id),
	...(isObject(account.waba_profile) && { profileName: account.waba_profile.name, accountIds: account.waba_profile.account_ids }),
});

export const anAccount: Thing = {
	noun: 'WABA account',
	path: '/waba/accounts/{account_id}',
	field: wabaAccountField({ name: 'accountId', required: true, description: 'The WhatsApp Business API number' }),
	simplify,
};
