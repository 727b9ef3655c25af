import type { Resource } from '../../../shared/operation/types';
import { create } from './create.operation';

export const note: Resource = { value: 'note', name: 'Note', operations: [create] };
