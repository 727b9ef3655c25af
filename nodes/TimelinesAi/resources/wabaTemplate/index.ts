import type { Resource } from '../../../shared/operation/types';
import { get } from './get.operation';
import { getAll } from './getAll.operation';

export const wabaTemplate: Resource = { value: 'wabaTemplate', name: 'WABA Template', operations: [getAll, get] };
