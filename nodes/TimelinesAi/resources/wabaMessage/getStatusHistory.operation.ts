import { wabaChats } from '../../fields/chat';
import { getDeliveryHistory } from '../message/makers';

export const getStatusHistory = getDeliveryHistory(wabaChats);
