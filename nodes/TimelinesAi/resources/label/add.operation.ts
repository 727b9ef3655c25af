import { linkedChats } from '../../fields/chat';
import { addLabels } from './makers';

export const add = addLabels(linkedChats);
