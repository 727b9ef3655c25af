import { WithFiles, type Operation } from '../../../shared/operation/types';
import { download as downloadFile } from '../../../shared/transport/download';
import { outputDataField } from '../../fields/data';
import { idsOf } from '../makers';
import { aFile } from './file';

const endpoint = `GET ${aFile.path}`;

export const download: Operation = {
	value: 'download',
	name: 'Download',
	action: 'Download a file',
	description: 'Put a file of the workspace into an output data field',
	endpoints: [endpoint],
	effect: 'read',
	fields: [aFile.field, outputDataField],
	simplify: aFile.simplify,
	async execute(item) {
		const outputField = item.text('outputDataFieldName', { required: true }).trim();
		const ids = await idsOf(item, aFile);
		let details = {};
		const data = await downloadFile(
			item.functions,
			async () => {
				const file = await item.call(endpoint, { ids });
				details = file;
				return { url: String(file.temporary_download_url), filename: String(file.filename), mimetype: String(file.mimetype) };
			},
			item.api.signal,
		);
		return new WithFiles(details, { [outputField]: data });
	},
};
