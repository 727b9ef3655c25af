import { collectionOf, shownFor } from '../../../shared/fields/common';
import type { Operation } from '../../../shared/operation/types';
import { fileUrlField, inputDataField } from '../../fields/data';
import { aFile } from './file';
import { uploadEndpoints, uploadInput, uploadUrl } from './upload';

export const upload: Operation = {
	value: 'upload',
	name: 'Upload',
	action: 'Upload a file',
	description: 'Put a file into the workspace, so that messages can be sent with it',
	endpoints: uploadEndpoints,
	effect: 'send',
	fields: [
		{
			displayName: 'File From',
			name: 'source',
			type: 'options',
			options: [
				{ name: 'Input Data', value: 'data', description: 'A file that an earlier node gave' },
				{ name: 'URL', value: 'url', description: 'A public link that leads straight to the file' },
			],
			default: 'data',
		},
		{ ...inputDataField, ...shownFor('source', 'data'), hint: 'The name of the input field that contains the file to upload' },
		{ ...fileUrlField, ...shownFor('source', 'url') },
		collectionOf('options', [
			{
				displayName: 'Content Type',
				name: 'contentType',
				type: 'string',
				default: '',
				placeholder: 'e.g. application/pdf',
				description: 'The MIME type that the file gets. By default it is that of the input or what the URL says.',
			},
			{
				displayName: 'Filename',
				name: 'filename',
				type: 'string',
				default: '',
				placeholder: 'e.g. price-list.pdf',
				description: 'The name that the file gets. By default it is that of the input or the end of the URL.',
			},
		]),
	],
	simplify: aFile.simplify,
	async execute(item) {
		const options = item.collection('options');
		const words = {
			filename: options.text('filename', { max: 1024 }) || undefined,
			contentType: options.text('contentType', { max: 140 }).trim() || undefined,
		};
		if (item.choice('source', ['data', 'url']) === 'url') {
			return await uploadUrl(item, item.text('fileUrl', { required: true }).trim(), words);
		}
		return await uploadInput(item, item.text('inputDataFieldName', { required: true }), words);
	},
};
