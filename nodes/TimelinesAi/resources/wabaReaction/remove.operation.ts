import { wabaChats } from '../../fields/chat';
import { removeReaction } from '../reaction/makers';

export const remove = removeReaction(wabaChats);
