import { wabaChats } from '../../fields/chat';
import { removeLabels } from '../label/makers';

export const remove = removeLabels(wabaChats);
