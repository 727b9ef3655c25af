import { deleteOne } from '../makers';
import { aFile } from './file';

export const deleteFile = deleteOne(aFile, { description: 'Delete a file from the workspace' });
