/** The choice that nearly every node has: what its items look like. */
import type { INodeProperties } from 'n8n-workflow';

/** The field *Output*, `simplified` unless the user wants `raw`; the arguments describe the two. */
export const outputField = (
	raw = 'Exactly what the API sent',
	simplified = 'The fields that workflows need, with times in ISO 8601 and absolute URLs',
): INodeProperties => ({
	displayName: 'Output',
	name: 'output',
	type: 'options',
	options: [
		{ name: 'Simplified', value: 'simplified', description: simplified },
		{ name: 'Raw', value: 'raw', description: raw },
	],
	default: 'simplified',
});
