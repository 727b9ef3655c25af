/** Tokens of the partner, and what a token can vouch for. */
import * as fc from 'fast-check';
import { complete, partnerOf, signedHeaders } from '../../nodes/shared/partner/identity';
import { signToken, verifiedClaims } from '../../nodes/shared/partner/jwt';
import { check, Vouched } from '../../nodes/TimelinesAiPartnerTrigger/signature';
import { decodeJwt, isSignedBy } from '../sandbox/jwt';

const now = Date.UTC(2026, 4, 18);
const partner = { id: 'partner_12345', secret: 'a secret' };

describe('a token', () => {
	it('is the one that RFC 7519 and HS256 give for its claims and secret', () => {
		expect(signToken({ sub: '1234567890', name: 'John Doe', iat: 1516239022 }, 'your-256-bit-secret')).toBe(
			'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c',
		);
	});

	it('is understood by others, and theirs by us, whatever the claims and the secret', () => {
		fc.assert(
			fc.property(fc.dictionary(fc.string(), fc.string()), fc.string({ minLength: 1 }), (claims, secret) => {
				const plain = { ...claims };
				const token = signToken(plain, secret);
				expect(isSignedBy(token, secret)).toBe(true);
				expect(decodeJwt(token)?.claims).toEqual(plain);
				expect(verifiedClaims(token, secret)).toEqual(plain);
			}),
		);
	});

	it('is worth nothing when one of its characters is another', () => {
		const token = signToken({ partner_id: partner.id }, partner.secret);

		fc.assert(
			fc.property(fc.nat(token.length - 1), fc.constantFrom(...'AZaz09-_.= '), (at, character) => {
				fc.pre(token[at] !== character);
				expect(verifiedClaims(token.slice(0, at) + character + token.slice(at + 1), partner.secret)).toBeUndefined();
			}),
		);
	});

	it('of a request is valid three minutes before and after its making', () => {
		const { Authorization, 'X-TL-Partner-Id': id } = signedHeaders(partner, now + 999);

		expect(id).toBe(partner.id);
		expect(verifiedClaims(String(Authorization).replace('Bearer ', ''), partner.secret)).toEqual({ partner_id: partner.id, nbf: now / 1000 - 180, exp: now / 1000 + 180 });
	});
});

describe('the credential', () => {
	it('is read without blanks around the ID, and with all of the secret', () => {
		expect(partnerOf({ partnerId: ' partner_12345\n', partnerSecret: ' s ' })).toEqual({ id: 'partner_12345', secret: ' s ' });
		expect(() => complete(partnerOf({}))).toThrow('The Partner ID in the credential is empty');
	});
});

describe('a delivery', () => {
	const seconds = now / 1000;
	const headers = { 'x-tl-partner-id': partner.id, 'x-tl-signature': signToken({ partner_id: partner.id, nbf: seconds - 180, exp: seconds + 180 }, partner.secret) };
	const delivery = { headers, body: { partner_id: partner.id } };

	it.each([
		[-241, 'its signature is not valid yet; is the clock of n8n right?'],
		[-240, undefined],
		[0, undefined],
		[240, undefined],
		[241, 'its signature has expired; is the clock of n8n right?'],
	])('%d seconds after its making: %s', (after, refusal) => {
		const verdict = check(delivery, partner, now + after * 1000);

		expect('refusal' in verdict ? verdict.refusal : undefined).toBe(refusal);
	});

	it('ends for good when its signature does, the tolerance included', () => {
		expect(check(delivery, partner, now)).toMatchObject({ endsAt: now + 240_000, payload: delivery.body });
	});
});

describe('a token that came with another body before', () => {
	const with_ = (body: number) => ({ token: 'token', endsAt: now + 1000, payload: { body } });

	it('is known for each trigger of its own, until it ends', () => {
		const vouched = new Vouched();

		expect(vouched.forAnother('one', with_(1), now)).toBe(false);
		expect(vouched.forAnother('one', with_(1), now)).toBe(false);
		expect(vouched.forAnother('one', with_(2), now)).toBe(true);
		expect(vouched.forAnother('other', with_(2), now)).toBe(false);
		expect(vouched.forAnother('one', with_(2), now + 1001)).toBe(false);
	});
});
