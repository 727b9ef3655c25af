import { linkedChats } from '../../fields/chat';
import { getMessage } from './makers';

export const get = getMessage(linkedChats);
