import type { Resource } from '../../../shared/operation/types';
import { get } from './get.operation';
import { getAll } from './getAll.operation';
import { update } from './update.operation';

export const wabaChat: Resource = { value: 'wabaChat', name: 'WABA Chat', operations: [get, getAll, update] };
