/**
 * The variables of a WABA template, read off the components that Meta has of it: `{{1}}` where its `parameter_format` is
 * POSITIONAL, `{{name}}` where it is NAMED, in the header and in the body.
 */
import type { IDataObject } from 'n8n-workflow';
import { isObject } from '../../../shared/output/simplify';

/** The parts of a template that can have variables, as the API calls them. */
export const sections = ['header', 'body'] as const;
export type Section = (typeof sections)[number];

export interface Variable {
	section: Section;
	/** What stands between the braces. */
	name: string;
	/** The value that Meta was shown for it. */
	example?: string;
}

/** All variables in the order in which the API takes their values, section by section. */
export const variablesOf = (template: IDataObject): Variable[] => sections.flatMap((section) => variablesIn(section, componentOf(template, section)));

/** The text of a section with its placeholders; empty where there is none, as in a header that is an image. */
export const textOf = (template: IDataObject, section: Section | 'footer'): string => String(componentOf(template, section)?.text ?? '');

function componentOf({ components }: IDataObject, section: string): IDataObject | undefined {
	const all = Array.isArray(components) ? (components as IDataObject[]) : [];
	return all.find(({ type }) => String(type).toLowerCase() === section);
}

function variablesIn(section: Section, component: IDataObject | undefined): Variable[] {
	const text = String(component?.text ?? '');
	const names = [...new Set([...text.matchAll(/\{\{\s*([^{}\s]+)\s*\}\}/g)].map(([, name = '']) => name))];
	// The number of a positional variable is its place, wherever it stands in the text.
	if (names.every((name) => /^\d+$/.test(name))) names.sort((a, b) => Number(a) - Number(b));
	const examples = examplesIn(section, component?.example);
	return names.map((name) => ({ section, name, example: examples.get(name) }));
}

/** Meta's examples by name; the name of a positional variable is its place from 1. */
function examplesIn(section: Section, example: unknown): Map<string, string> {
	if (!isObject(example)) return new Map();
	const named = example[`${section}_text_named_params`];
	if (Array.isArray(named)) return new Map((named as IDataObject[]).map(({ param_name: name, example: value }) => [String(name), String(value)]));
	// A list of values for the header, a list of such lists for the body.
	const positional = example[`${section}_text`];
	return new Map((Array.isArray(positional) ? positional.flat() : []).map((value, index) => [String(index + 1), String(value)]));
}
