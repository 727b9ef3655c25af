import { wabaChats } from '../../fields/chat';
import { getMessage } from '../message/makers';

export const get = getMessage(wabaChats);
