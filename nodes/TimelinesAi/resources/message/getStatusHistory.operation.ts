import { linkedChats } from '../../fields/chat';
import { getDeliveryHistory } from './makers';

export const getStatusHistory = getDeliveryHistory(linkedChats);
