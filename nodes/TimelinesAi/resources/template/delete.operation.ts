import { deleteOne } from '../makers';
import { aTemplate } from './template';

export const deleteTemplate = deleteOne(aTemplate, { description: 'Delete a template for all who have it' });
