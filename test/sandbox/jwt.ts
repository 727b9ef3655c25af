/** JSON Web Tokens as the Partner API uses them: HS256, made and checked with nothing but node:crypto. */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface Claims {
	partner_id?: unknown;
	nbf?: unknown;
	exp?: unknown;
	[claim: string]: unknown;
}

const encode = (value: object | Buffer) => Buffer.from(Buffer.isBuffer(value) ? value : JSON.stringify(value)).toString('base64url');
const hmac = (text: string, secret: string) => createHmac('sha256', secret).update(text).digest();

/** Makes a token. Another header than the usual one is for tests of what must be refused: the signature stays HMAC-SHA256. */
export function signJwt(claims: Claims, secret: string, header: object = { alg: 'HS256', typ: 'JWT' }): string {
	const content = `${encode(header)}.${encode(claims)}`;
	return `${content}.${encode(hmac(content, secret))}`;
}

/** Reads a token without trusting it; undefined where it is none. */
export function decodeJwt(token: string): { header: Record<string, unknown>; claims: Claims } | undefined {
	const [header, claims, signature] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString('utf8'));
	if (header === undefined || claims === undefined || signature === undefined) return undefined;
	try {
		return { header: JSON.parse(header) as Record<string, unknown>, claims: JSON.parse(claims) as Claims };
	} catch {
		return undefined;
	}
}

/** Whether a token bears the HS256 signature of this secret. Says nothing about its claims. */
export function isSignedBy(token: string, secret: string): boolean {
	const end = token.lastIndexOf('.');
	const given = Buffer.from(token.slice(end + 1), 'base64url');
	const wanted = hmac(token.slice(0, end), secret);
	return decodeJwt(token)?.header.alg === 'HS256' && given.length === wanted.length && timingSafeEqual(given, wanted);
}
