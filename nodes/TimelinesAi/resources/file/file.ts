/** A file of the workspace: what it is to the operations that many resources have. */
import type { Simplify } from '../../../shared/operation/types';
import { absoluteUrl, isoTime, orNull } from '../../../shared/output/formats';
import { fileField } from '../../fields/file';
import type { Thing } from '../makers';

const simplify: Simplify = (file, origin) => ({
	fileUid: file.uid,
	filename: file.filename,
	mimeType: file.mimetype,
	size: file.size,
	uploadedBy: orNull(file.uploaded_by_email),
	uploadedAt: isoTime(file.uploaded_at),
	...(file.temporary_download_url !== undefined && { downloadUrl: absoluteUrl(file.temporary_download_url, origin) }),
});

export const aFile: Thing = { noun: 'file', path: '/files/{file_uid}', field: fileField, simplify };
