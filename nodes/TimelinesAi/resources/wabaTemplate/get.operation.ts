import { getOne } from '../makers';
import { aTemplate } from './template';

export const get = getOne(aTemplate, 'Get a WABA template with its components as Meta has them, and the accounts that may send it');
