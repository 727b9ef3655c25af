import type { Resource } from '../../../shared/operation/types';
import { get } from './get.operation';
import { remove } from './remove.operation';
import { set } from './set.operation';

export const wabaReaction: Resource = { value: 'wabaReaction', name: 'WABA Reaction', operations: [set, get, remove] };
