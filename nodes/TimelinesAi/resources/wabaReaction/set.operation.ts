import { wabaChats } from '../../fields/chat';
import { setReaction } from '../reaction/makers';

export const set = setReaction(wabaChats);
