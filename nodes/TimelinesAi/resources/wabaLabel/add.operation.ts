import { wabaChats } from '../../fields/chat';
import { addLabels } from '../label/makers';

export const add = addLabels(wabaChats);
