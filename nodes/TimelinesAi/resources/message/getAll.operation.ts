import { linkedChats } from '../../fields/chat';
import { getHistory } from './makers';

export const getAll = getHistory(linkedChats, 'GET /v2/chats/{chat_id}/messages');
