/** Reads parameters as what they are meant to be. Whatever an expression or a model put there, it becomes right or a clear error. */
import { NodeOperationError, tryToParseDateTime, type IDataObject, type INode } from 'n8n-workflow';
import { shortened } from '../output/formats';

/** Where a parameter sits, for the words of an error. */
export interface Place {
	node: INode;
	itemIndex?: number;
	/** The zone that a time without one is in: the workflow's. */
	timezone?: string;
}

/** A resource locator: how the thing was chosen, and its id or name. */
export interface Locator {
	mode: string;
	value: string;
}

/**
 * A typed view on parameters by name: those of a node for one item, or those of a collection. Values that are `undefined`,
 * `null` or empty text count as not set.
 */
export class Parameters {
	constructor(
		private readonly read: (name: string) => unknown,
		private readonly place: Place,
	) {}

	/**
	 * Text, trimmed only where it is used as a name or an id. Numbers are accepted, since models and sheets give them. Blanks alone are
	 * not enough for what is `required`.
	 */
	text(name: string, { max, required = false }: { max?: number; required?: boolean } = {}): string {
		const value = plain(this.read(name));
		if (required && (!isSet(value) || (typeof value === 'string' && value.trim() === ''))) {
			throw this.error(`“${labelOf(name)}” is empty`, 'Fill in this field, or check what the expression in it gives.');
		}
		if (!isSet(value)) return '';
		if (typeof value === 'object') throw this.error(`“${labelOf(name)}” must be text, not ${kindOf(value)}`, 'Choose one field of it in the expression.');
		const text = String(value);
		if (text.includes('\0')) throw this.error(`“${labelOf(name)}” contains the NUL character`, 'Remove it: the API accepts no text with it.');
		if (max !== undefined && charactersIn(text) > max) {
			throw this.error(`“${labelOf(name)}” has ${charactersIn(text)} characters; at most ${max} are allowed`, 'Shorten it.');
		}
		return text;
	}

	/** A whole number between `min` and `max`, also when given as text; `undefined` where it is not set. */
	integer(name: string, { min = 0, max = Number.MAX_SAFE_INTEGER }: { min?: number; max?: number } = {}): number | undefined {
		const value = plain(this.read(name));
		if (!isSet(value)) return undefined;
		const number = typeof value === 'string' && /^\s*-?\d+\s*$/.test(value) ? Number(value) : value;
		if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < min || number > max) {
			const range = max === Number.MAX_SAFE_INTEGER ? `from ${min}` : `between ${min} and ${max}`;
			throw this.error(`“${labelOf(name)}” must be a whole number ${range}`);
		}
		return number;
	}

	/** True or false, also when given as text; `undefined` where it is not set. */
	flag(name: string): boolean | undefined {
		const value = plain(this.read(name));
		if (!isSet(value)) return undefined;
		if (typeof value === 'boolean') return value;
		const word = typeof value === 'string' ? value.toLowerCase() : '';
		if (word === 'true' || word === 'false') return word === 'true';
		throw this.error(`“${labelOf(name)}” must be true or false`);
	}

	/** One of the given values; the first where it is not set. */
	choice<T extends string>(name: string, values: readonly [T, ...T[]]): T {
		const value = plain(this.read(name));
		if (!isSet(value)) return values[0];
		const found = values.find((known) => known === value);
		if (found === undefined) throw this.error(`“${labelOf(name)}” must be one of: ${values.filter(Boolean).join(', ')}`);
		return found;
	}

	/** A list of texts: a list, or text with commas between. Blanks around an entry and empty entries are dropped. */
	list(name: string, { max }: { max?: number } = {}): string[] {
		const value = plain(this.read(name));
		if (!isSet(value)) return [];
		const entries = Array.isArray(value) ? value : this.text(name).split(',');
		return entries.map((entry) => this.of(entry).text(name, { max }).trim()).filter((entry) => entry !== '');
	}

	/** A moment as the API takes it: ISO 8601 with an offset. A time without one is in the workflow's zone. */
	moment(name: string): string | undefined {
		const value = this.read(name);
		if (!isSet(value)) return undefined;
		try {
			return tryToParseDateTime(value, this.place.timezone).toISO({ suppressMilliseconds: true }) ?? undefined;
		} catch {
			throw new NodeOperationError(this.place.node, `“${labelOf(name)}” is not a date`, {
				description: 'Give a date such as 2026-05-18 or 2026-05-18T10:44:21+03:00.',
				itemIndex: this.place.itemIndex,
			});
		}
	}

	/** How a thing was chosen and what was chosen. Plain text or a number counts as chosen by `defaultMode`. */
	locator(name: string, defaultMode = 'id'): Locator {
		const raw = this.read(name);
		const { mode, value } = isLocator(raw) ? raw : { mode: defaultMode, value: raw };
		return { mode: typeof mode === 'string' ? mode : defaultMode, value: this.of(value).text(name).trim() };
	}

	/** The parameters inside a collection. */
	collection(name: string): Parameters {
		return this.inside(name, this.read(name));
	}

	/** The parameters inside each of the entries of a collection that can be added several times. */
	collections(name: string): Parameters[] {
		const value = this.read(name);
		if (!isSet(value)) return [];
		if (!Array.isArray(value)) throw this.error(`“${labelOf(name)}” must be a list`);
		return value.map((entry) => this.inside(name, entry));
	}

	/** The error to throw when a value cannot be used; it names the item. A value that the message quotes may be of any length. */
	error(message: string, description?: string): NodeOperationError {
		return new NodeOperationError(this.place.node, shortened(message), { description, itemIndex: this.place.itemIndex });
	}

	private inside(name: string, value: unknown): Parameters {
		if (!isSet(value)) return this.of(undefined);
		if (typeof value !== 'object' || Array.isArray(value)) throw this.error(`“${labelOf(name)}” must be an object`);
		const entries = value as IDataObject;
		return new Parameters((key) => (Object.hasOwn(entries, key) ? entries[key] : undefined), this.place);
	}

	/** The same view on a single value. */
	private of(value: unknown): Parameters {
		return new Parameters(() => value, this.place);
	}
}

/** `whatsappAccountPhone` as the panel writes it: WhatsApp Account Phone. */
export function labelOf(name: string): string {
	const words = name.replace(/([A-Z])/g, ' $1').trim().split(' ');
	return words.map((word) => acronyms[word.toLowerCase()] ?? word.charAt(0).toUpperCase() + word.slice(1)).join(' ');
}

const acronyms: Record<string, string> = { id: 'ID', uid: 'UID', url: 'URL', jid: 'JID', ai: 'AI', whatsapp: 'WhatsApp', waba: 'WABA' };

const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== '';

const isLocator = (value: unknown): value is { mode?: unknown; value?: unknown } =>
	typeof value === 'object' && value !== null && '__rl' in value;

/** A resource locator stands for its value. */
const plain = (value: unknown): unknown => (isLocator(value) ? value.value : value);

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'a list' : 'an object');

/** Characters as the API counts them: an emoji is one. */
export const charactersIn = (text: string): number => [...text].length;
