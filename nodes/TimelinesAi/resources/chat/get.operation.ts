import { linkedChats } from '../../fields/chat';
import { aChat } from '../../fields/chatKind';
import { getOne } from '../makers';

export const get = getOne(aChat(linkedChats), 'Get the name, phone, labels, responsible teammate and state of one chat');
