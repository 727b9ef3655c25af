/** Who the partner is: the credential, and the headers that a request of the Partner API shows it with. */
import { UserError, type ICredentialDataDecryptedObject } from 'n8n-workflow';
import { signToken } from './jwt';

/** The name of the credential type. */
export const partnerCredential = 'timelinesAiPartnerApi';

/** A token is valid from so long before its making to so long after it, for clocks that differ. */
const toleranceSeconds = 180;

/** The partner of a credential. */
export interface Partner {
	id: string;
	secret: string;
}

/**
 * Reads the credential. The secret is taken as it is.
 *
 * @throws UserError where it is incomplete: with an empty secret everybody could sign
 */
export function partnerOf({ partnerId, partnerSecret }: ICredentialDataDecryptedObject): Partner {
	const id = String(partnerId ?? '').trim();
	const secret = String(partnerSecret ?? '');
	if (id === '') throw new UserError('The Partner ID in the credential is empty');
	if (secret === '') throw new UserError('The Partner Secret in the credential is empty');
	return { id, secret };
}

/** The headers of one request, with a token of its own: TimelinesAI wants a fresh one every time. */
export function signedHeaders({ id, secret }: Partner, now = Date.now()): Record<string, string> {
	const seconds = Math.floor(now / 1000);
	const token = signToken({ partner_id: id, nbf: seconds - toleranceSeconds, exp: seconds + toleranceSeconds }, secret);
	return { Authorization: `Bearer ${token}`, 'X-TL-Partner-Id': id };
}
