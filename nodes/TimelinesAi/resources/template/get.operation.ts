import { getOne } from '../makers';
import { aTemplate } from './template';

export const get = getOne(aTemplate, 'Get the name, text, visibility and team of a template');
