/** The field that chooses a file of the workspace. */
import { locator, typed } from '../../shared/fields/common';
import type { Item } from '../../shared/operation/item';

export const fileField = locator(
	{ displayName: 'File', name: 'fileUid', required: true, description: 'A file that was uploaded to the workspace' },
	'searchFiles',
	typed('By UID', 'uid', 'e.g. 90d353e6-44c1-48ff-b15b-69b7721e5450'),
);

/** The UID of the file that the user chose. */
export function fileUidOf(item: Item): string {
	const { value } = item.locator('fileUid', 'uid');
	if (value === '') throw item.error('No file is chosen', 'Choose one from the list, or take its UID from File: Upload.');
	return value;
}
