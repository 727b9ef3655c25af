/** The forms that simplified output has: ISO 8601 times, absolute URLs, plain label names. */
import type { IDataObject } from 'n8n-workflow';

const apiTime = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)(?:(?:\.\d+)? ?([+-]\d\d):?(\d\d))?$/;

/**
 * `2026-05-18 10:44:21 +0300`, in which the API gives times, as `2026-05-18T10:44:21+03:00`; `2026-05-18 10:44` of the legacy
 * templates as `2026-05-18T10:44`. What is in ISO 8601 already or is no time stays as it is; nothing becomes `null`.
 */
export function isoTime(time: unknown): string | null {
	if (typeof time !== 'string' || time === '') return null;
	const [, date, clock, hours, minutes] = apiTime.exec(time) ?? [];
	if (!date) return time;
	return hours ? `${date}T${clock}${hours}:${minutes}` : `${date}T${clock}`;
}

/** Makes a path such as `/chat/123/messages/`, which the API sometimes gives in place of a URL, absolute. Nothing becomes `null`. */
export function absoluteUrl(url: unknown, origin: string): string | null {
	if (typeof url !== 'string' || url === '') return null;
	return URL.canParse(url, origin) ? new URL(url, origin).href : url;
}

/** Label names, whether the API sends names or objects that have one. */
export function labelNames(labels: unknown): string[] {
	if (!Array.isArray(labels)) return [];
	return labels.map((label: unknown) => String(typeof label === 'object' && label !== null ? (label as IDataObject).name : label));
}

/** `null` for what the API leaves out or sends empty, so that a field is always there. */
export const orNull = <T>(value: T | undefined): T | null => (value === undefined || value === '' ? null : value);

/** Text that quotes what somebody else wrote, of a length that people read. */
export const shortened = (text: string, max = 300): string => (text.length > max ? `${text.slice(0, max).replace(/[\ud800-\udbff]$/, '')}…` : text);

/** What is left of a quota `{total, used}`; never below zero, since a lowered plan can leave more used than there is. */
export const left = (quota: unknown): number | null => {
	const { total, used } = (quota ?? {}) as IDataObject;
	return typeof total === 'number' && typeof used === 'number' ? Math.max(0, total - used) : null;
};
