import { linkedChats } from '../../fields/chat';
import { getReactions } from './makers';

export const get = getReactions(linkedChats);
