import { linkedChats } from '../../fields/chat';
import { setReaction } from './makers';

export const set = setReaction(linkedChats);
