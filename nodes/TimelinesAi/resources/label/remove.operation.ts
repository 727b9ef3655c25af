import { linkedChats } from '../../fields/chat';
import { removeLabels } from './makers';

export const remove = removeLabels(linkedChats);
