import type { Resource } from '../../../shared/operation/types';
import { deleteFile } from './delete.operation';
import { download } from './download.operation';
import { get } from './get.operation';
import { getAll } from './getAll.operation';
import { upload } from './upload.operation';

export const file: Resource = {
	value: 'file',
	name: 'File',
	operations: [upload, deleteFile, download, get, getAll],
};
