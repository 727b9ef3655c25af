import type { Resource } from '../../../shared/operation/types';
import { get } from './get.operation';
import { remove } from './remove.operation';
import { set } from './set.operation';

export const reaction: Resource = { value: 'reaction', name: 'Reaction', operations: [set, get, remove] };
