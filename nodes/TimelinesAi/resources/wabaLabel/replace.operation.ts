import { wabaChats } from '../../fields/chat';
import { replaceLabels } from '../label/makers';

export const replace = replaceLabels(wabaChats);
