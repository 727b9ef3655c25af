import { linkedChats } from '../../fields/chat';
import { removeReaction } from './makers';

export const remove = removeReaction(linkedChats);
