import { linkedChats } from '../../fields/chat';
import { replaceLabels } from './makers';

export const replace = replaceLabels(linkedChats);
