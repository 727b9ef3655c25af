import { wabaChats } from '../../fields/chat';
import { getReactions } from '../reaction/makers';

export const get = getReactions(wabaChats);
