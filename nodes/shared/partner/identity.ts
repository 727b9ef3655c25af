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

/** Reads the credential. The secret is taken as it is. */
export const partnerOf = ({ partnerId, partnerSecret }: ICredentialDataDecryptedObject): Partner => ({
	id: String(partnerId ?? '').trim(),
	secret: String(partnerSecret ?? ''),
});

/**
 * Gives a partner with whom requests can be signed and checked.
 *
 * @throws UserError where the credential is incomplete: with an empty secret everybody could sign
 */
export function complete(partner: Partner): Partner {
	if (partner.id === '') throw new UserError('The Partner ID in the credential is empty');
	if (partner.secret === '') throw new UserError('The Partner Secret in the credential is empty');
	return partner;
}

/** The headers of one request, with a token made now: TimelinesAI wants a fresh one every time. */
export function signedHeaders(partner: Partner, now = Date.now()): Record<string, string> {
	const { id, secret } = complete(partner);
	const seconds = Math.floor(now / 1000);
	const token = signToken({ partner_id: id, nbf: seconds - toleranceSeconds, exp: seconds + toleranceSeconds }, secret);
	return { Authorization: `Bearer ${token}`, 'X-TL-Partner-Id': id };
}
