import { linkedChats } from '../../fields/chat';
import { getLabels } from './makers';

export const getAll = getLabels(linkedChats);
