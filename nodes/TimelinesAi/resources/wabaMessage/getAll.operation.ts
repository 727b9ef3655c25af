import { wabaChats } from '../../fields/chat';
import { getHistory } from '../message/makers';

export const getAll = getHistory(wabaChats);
