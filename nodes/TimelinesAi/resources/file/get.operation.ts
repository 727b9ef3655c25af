import { getOne } from '../makers';
import { aFile } from './file';

export const get = getOne(aFile, 'Get the name, type and size of a file, and a link to it that works for 15 minutes');
