/** Phone numbers as people write them and as the API takes them. */

/**
 * Strips what people put between digits (blanks, dashes, brackets, dots, slashes), which the API refuses. Never alters a digit.
 * Gives `undefined` where something else is left than digits with or without a leading `+`.
 */
export function cleanPhone(phone: string): string | undefined {
	const clean = phone.replace(/[\s\u00a0\u2007\u202a-\u202f\u2060().\-\u2010-\u2015/[\]]/g, '');
	return /^\+?\d{4,20}$/.test(clean) ? clean : undefined;
}

/** The same with a leading `+`, which the API's filters need for an exact match. */
export function exactPhone(phone: string): string | undefined {
	const clean = cleanPhone(phone);
	return clean && (clean.startsWith('+') ? clean : `+${clean}`);
}
