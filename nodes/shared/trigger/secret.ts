/**
 * The secret in the URL of a subscription. Deliveries are not signed and carry no header of their own, so the URL is all that
 * tells a delivery of TimelinesAI from a request of anybody who knows the path. The path is in the exported workflow; the secret is
 * in n8n's static data only.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** The query parameter that carries the secret. It also marks the subscriptions that these nodes made. */
const parameter = 'n8n_secret';

/** 256 random bits, in characters that need no encoding in a URL. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** The URL of a webhook with the secret in it. */
export function withSecret(url: string, secret: string): string {
	const address = new URL(url);
	address.searchParams.set(parameter, secret);
	return address.href;
}

/** Whether a subscription's URL is that of this webhook of this node, with whatever secret. */
export function isOwnUrl(subscribed: unknown, url: string): boolean {
	if (typeof subscribed !== 'string' || !URL.canParse(subscribed)) return false;
	const address = new URL(subscribed);
	if (!address.searchParams.has(parameter)) return false;
	address.searchParams.delete(parameter);
	return address.href === new URL(url).href;
}

/** A URL as others may see it: without its query, which can hold a secret. */
export function withoutQuery(url: unknown): string {
	if (typeof url !== 'string' || !URL.canParse(url)) return String(url);
	const { origin, pathname } = new URL(url);
	return `${origin}${pathname}`;
}

/**
 * Secrets of subscriptions that this process is just making: the first deliveries arrive before n8n has saved the static data.
 * By URL of the webhook, so there is at most one for each trigger.
 */
const announced = new Map<string, string>();

/** Makes a secret valid in this process at once. */
export function announceSecret(url: string, secret: string): void {
	announced.set(url, secret);
}

/** Takes that back, once the subscriptions are gone. */
export function forgetSecret(url: string): void {
	announced.delete(url);
}

/**
 * Whether the query of a delivery carries the secret. Takes the same time whatever is wrong with it.
 *
 * @param stored the secret in the static data
 * @param url of the webhook, for the secret that is not stored yet
 */
export function hasSecret(query: unknown, stored: unknown, url?: string): boolean {
	const given = (query as Record<string, unknown> | undefined)?.[parameter];
	if (typeof given !== 'string') return false;
	const expected = [stored, announced.get(url ?? '')].filter((secret): secret is string => typeof secret === 'string' && secret !== '');
	// Every comparison is made, so that the time does not tell which one fits.
	return expected.map((secret) => timingSafeEqual(digest(secret), digest(given))).includes(true);
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
