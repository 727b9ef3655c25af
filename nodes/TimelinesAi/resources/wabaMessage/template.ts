/** A template as the content of a message: the form that asks for its variables, and the request that follows from the filled form. */
import type { IDataObject, INodeProperties, ResourceMapperField, ResourceMapperFields } from 'n8n-workflow';
import type { Item } from '../../../shared/operation/item';
import type { Api } from '../../../shared/transport/api';
import { idsOf } from '../makers';
import { aTemplate } from '../wabaTemplate/template';
import { sections, textOf, variablesOf, type Variable } from '../wabaTemplate/variables';

export const templateEndpoint = `GET ${aTemplate.path}`;

/** The variables of the chosen template as named fields. */
export const variablesField: INodeProperties = {
	displayName: 'Template Variables',
	name: 'templateVariables',
	type: 'resourceMapper',
	noDataExpression: true,
	default: { mappingMode: 'defineBelow', value: null },
	typeOptions: {
		loadOptionsDependsOn: ['templateId.value'],
		resourceMapper: {
			resourceMapperMethod: 'getTemplateVariables',
			mode: 'add',
			valuesLabel: 'Template Variables',
			fieldWords: { singular: 'variable', plural: 'variables' },
			addAllFields: true,
			multiKeyMatch: false,
			supportAutoMap: false,
			noFieldsError: 'Choose a template to see its variables',
		},
	},
};

/** The form for a template: its text to read, and a field for each variable. A template without variables has its text only. */
export function formOf(template: IDataObject): ResourceMapperFields {
	const fields = variablesOf(template).map(
		(variable): ResourceMapperField => ({
			id: idOfField(variable),
			displayName: `${nameOf(variable)}${variable.example ? ` (e.g. ${variable.example})` : ''}`,
			required: true,
			defaultMatch: false,
			display: true,
			type: 'string',
		}),
	);
	if (fields.length === 0) return { fields, emptyFieldsNotice: 'This template has no variables: there is nothing to fill in.' };
	return { fields: [hintOf(template), ...fields] };
}

/** n8n has no hints in such a form, so the text stands in a field that cannot be edited. */
function hintOf(template: IDataObject): ResourceMapperField {
	const text = ([...sections, 'footer'] as const).map((section) => textOf(template, section)).filter((part) => part !== '').join('\n');
	return {
		id: 'text',
		displayName: 'Text of the Template',
		required: false,
		defaultMatch: false,
		display: true,
		type: 'string',
		readOnly: true,
		// A leading = would make it an expression.
		defaultValue: text.replace(/^=/, ' ='),
	};
}

const idOfField = ({ section, name }: Variable): string => `${section}:${name}`;
const nameOf = ({ section, name }: Variable): string => `${section === 'header' ? 'Header' : 'Body'}: ${name}`;

/**
 * The chosen template with the values of its variables, in the template's order, as the API takes it. Reads the template, once an
 * execution.
 *
 * @throws NodeOperationError which names the variables that have no value
 */
export async function templateContent(item: Item): Promise<IDataObject> {
	const template = await readTemplate(item);
	const variables = variablesOf(template);
	const values = item.collection('templateVariables').collection('value');
	const missing = variables.filter((variable) => values.text(idOfField(variable)).trim() === '');
	if (missing.length > 0) {
		throw item.error(
			`The template “${String(template.name)}” needs a value for: ${missing.map(nameOf).join(', ')}`,
			'Fill in the fields under Template Variables. If they are not there, choose the template again or refresh the list of fields.',
		);
	}
	const lists = sections.map((section) => [section, variables.filter((one) => one.section === section).map((one) => values.text(idOfField(one)))] as const);
	const filled = lists.filter(([, list]) => list.length > 0);
	return {
		name: template.name,
		language: template.language,
		...(filled.length > 0 && { variables: Object.fromEntries(filled) }),
	};
}

/** Templates read so far, by their IDs. An API lives as long as an execution of the node, which sends its items one after another. */
const templates = new WeakMap<Api, Map<string, IDataObject>>();

async function readTemplate(item: Item): Promise<IDataObject> {
	const ids = await idsOf(item, aTemplate);
	const id = String(ids.template_id);
	const known = templates.get(item.api) ?? new Map<string, IDataObject>();
	templates.set(item.api, known);
	const template = known.get(id) ?? (await item.call(templateEndpoint, { ids }));
	known.set(id, template);
	return template;
}
