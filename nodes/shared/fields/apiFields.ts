/** Fields of a collection that go to the API under their own name: what the panel shows and what is sent come from one value. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { Parameters } from '../operation/parameters';
import { exactPhone } from '../phone';

/** How a field's value is read; see {@link Parameters}. `list` is sent as one comma-separated value in a query. */
export type FieldKind = 'text' | 'integer' | 'flag' | 'moment' | 'list' | 'phone';

/** A field of the panel and how its value is sent. `max`: characters at most. The bounds of a number are those of the panel. */
export interface ApiField {
	kind: FieldKind;
	property: INodeProperties;
	max?: number;
}

/** Shorthand for the panel's side of a field; its type follows from the kind. */
export function apiField(
	kind: FieldKind,
	property: Omit<INodeProperties, 'type' | 'default'> & Partial<Pick<INodeProperties, 'type' | 'default'>>,
	max?: number,
): ApiField {
	const [type, standard] = panelTypes[kind];
	return { kind, max, property: { type, default: standard, ...property } };
}

const panelTypes: Record<FieldKind, [INodeProperties['type'], INodeProperties['default']]> = {
	text: ['string', ''],
	integer: ['number', 0],
	flag: ['boolean', true],
	moment: ['dateTime', ''],
	list: ['string', ''],
	phone: ['string', ''],
};

/** The values that are set, under the API's names. A required one that is not set is an error. */
export function apiValues(parameters: Parameters, fields: ApiField[]): IDataObject {
	const values = fields.map((field) => [snakeCase(field.property.name), valueOf(parameters, field), field] as const);
	for (const [, value, { property }] of values) {
		if (value !== undefined || !property.required) continue;
		throw parameters.error(`“${property.displayName}” is empty`, 'Fill in this field, or check what the expression in it gives.');
	}
	return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function valueOf(parameters: Parameters, { kind, property, max }: ApiField): IDataObject[string] {
	const { name, displayName, typeOptions } = property;
	switch (kind) {
		case 'text':
			if (property.type === 'options') return parameters.choice(name, ['', ...valuesOf(property)]) || undefined;
			return parameters.text(name, { max }) || undefined;
		case 'integer':
			return parameters.integer(name, { min: typeOptions?.minValue, max: typeOptions?.maxValue });
		case 'flag':
			return parameters.flag(name);
		case 'moment':
			return parameters.moment(name);
		case 'list': {
			const entries = parameters.list(name, { max });
			return entries.length > 0 ? entries : undefined;
		}
		case 'phone': {
			const phones = parameters.list(name).map((phone) => {
				const clean = exactPhone(phone);
				if (clean) return clean;
				throw parameters.error(`“${phone}” in “${displayName}” is not a phone number`, 'Give it in international form, for example +14155550123.');
			});
			return phones.length > 0 ? phones : undefined;
		}
	}
}

/** What can be chosen in a field with a fixed list. */
const valuesOf = ({ options = [] }: INodeProperties): string[] => options.map((option) => ('value' in option ? String(option.value) : ''));

/** `whatsappAccountPhone` is `whatsapp_account_phone` in the API. */
export const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
