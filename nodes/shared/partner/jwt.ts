/** JSON Web Tokens with HS256, the one algorithm that TimelinesAI and its partners sign with, made and checked with node:crypto. */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a token says. Nothing of it is to be trusted before the signature was checked, nor its types after that. */
export type Claims = Record<string, unknown>;

const header = { alg: 'HS256', typ: 'JWT' };

/** Makes a token out of claims. */
export function signToken(claims: Claims, secret: string): string {
	const content = `${encode(header)}.${encode(claims)}`;
	return `${content}.${signatureOf(content, secret)}`;
}

/**
 * The claims of a token that this secret has signed; `undefined` for anything else. The algorithm is ours, whatever the token's
 * header says, and a header that says anything else is refused. Times and all other claims are for the caller to check.
 */
export function verifiedClaims(token: string, secret: string): Claims | undefined {
	const [, content, header, claims, signature] = shape.exec(token) ?? [];
	// An empty secret would let everybody sign.
	if (content === undefined || secret === '') return undefined;
	// Compared as text, in the same time whatever differs: one token has one spelling.
	if (!timingSafeEqual(Buffer.from(signature as string), Buffer.from(signatureOf(content, secret)))) return undefined;
	const { alg, crit } = decode(header) ?? {};
	return alg === 'HS256' && crit === undefined ? decode(claims) : undefined;
}

/** Three parts in base64url; the signature of HS256 has 43 characters. */
const shape = /^(([\w-]+)\.([\w-]+))\.([\w-]{43})$/;

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const signatureOf = (content: string, secret: string): string => createHmac('sha256', secret).update(content).digest('base64url');

function decode(part = ''): Claims | undefined {
	try {
		const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
		return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : undefined;
	} catch {
		return undefined;
	}
}
