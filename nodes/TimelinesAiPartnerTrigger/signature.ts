/**
 * Is a delivery genuine? TimelinesAI signs a token with the partner's secret and sends it along. The token says which partner it is
 * for and when it is valid; it says nothing about the body. So it proves that TimelinesAI has lately made it, and nothing more: whoever
 * gets hold of one, from a proxy or a log, can send another body with it until it expires. {@link Vouched} is what can be done.
 */
import type { IDataObject } from 'n8n-workflow';
import { verifiedClaims } from '../shared/partner/jwt';
import type { Partner } from '../shared/partner/identity';

/** The parts of a delivery that count. */
export interface SignedDelivery {
	/** Names in lower case. */
	headers: Record<string, unknown>;
	body: unknown;
}

/** How far the clock of n8n may differ from that of TimelinesAI. */
const toleranceSeconds = 60;

/** A delivery that is genuine, with its token and when that ends, in milliseconds since 1970; or why it is refused. */
export type Verdict = { token: string; endsAt: number; payload: IDataObject } | { refusal: string };

/** Checks a delivery. Partner in token, header, body and credential must be the same. */
export function check({ headers, body }: SignedDelivery, { id, secret }: Partner, now: number): Verdict {
	const token = headers['x-tl-signature'];
	if (typeof token !== 'string' || token === '') return { refusal: 'it has no X-TL-Signature' };
	const claims = verifiedClaims(token, secret);
	if (!claims) return { refusal: 'its signature was not made with the partner secret in the credential' };

	const { partner_id: partner, nbf, exp } = claims;
	if (typeof nbf !== 'number' || typeof exp !== 'number') return { refusal: 'its signature does not say when it is valid' };
	const seconds = now / 1000;
	if (seconds < nbf - toleranceSeconds) return { refusal: 'its signature is not valid yet; is the clock of n8n right?' };
	if (seconds > exp + toleranceSeconds) return { refusal: 'its signature has expired; is the clock of n8n right?' };

	const payload = (typeof body === 'object' && body !== null ? body : {}) as IDataObject;
	const partners = [partner, headers['x-tl-partner-id'], payload.partner_id];
	if (id === '' || partners.some((one) => one !== id)) return { refusal: 'it is not for the partner in the credential' };
	return { token, endsAt: (exp + toleranceSeconds) * 1000, payload };
}

/**
 * Which body each token came with first. With it, a token that was used is worth nothing for another body. It has a price: tokens
 * that TimelinesAI makes within one second are the same, so of two events in one second only one gets through at once.
 *
 * Kept in this process only, until the tokens end.
 */
export class Vouched {
	private readonly bodies = new Map<string, { body: string; endsAt: number }>();

	/** Whether the token came with another body before; remembers it where it did not. */
	forAnother(listener: string, { token, endsAt, payload }: Exclude<Verdict, { refusal: string }>, now: number): boolean {
		for (const [old, entry] of this.bodies) if (entry.endsAt < now) this.bodies.delete(old);
		const key = `${listener} ${token}`;
		const body = JSON.stringify(payload);
		const before = this.bodies.get(key);
		if (!before) this.bodies.set(key, { body, endsAt });
		return before !== undefined && before.body !== body;
	}
}
