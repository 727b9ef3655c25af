/** The fields that name where a file comes from in the input and where one goes in the output. */
import type { INodeProperties } from 'n8n-workflow';

export const inputDataField: INodeProperties = {
	displayName: 'Input Data Field Name',
	name: 'inputDataFieldName',
	type: 'string',
	required: true,
	default: 'data',
	hint: 'The name of the input field that contains the file to send',
};

export const outputDataField: INodeProperties = {
	displayName: 'Output Data Field Name',
	name: 'outputDataFieldName',
	type: 'string',
	required: true,
	default: 'data',
	hint: 'The name of the output field to put the file in',
};

/** The link from which TimelinesAI fetches a file. */
export const fileUrlField: INodeProperties = {
	displayName: 'File URL',
	name: 'fileUrl',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. https://acme.com/brochure.pdf',
	description: 'A direct, public link. Share pages of cloud drives do not work.',
};
