import { wabaChats } from '../../fields/chat';
import { getLabels } from '../label/makers';

export const getAll = getLabels(wabaChats);
