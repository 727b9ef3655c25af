import { getOne } from '../makers';
import { anAccount } from './account';

export const get = getOne(anAccount, 'Get the phone number, status and owner of a WABA account, and its IDs at Meta');
