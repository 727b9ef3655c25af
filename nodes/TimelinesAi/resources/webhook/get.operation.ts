import { getOne } from '../makers';
import { aWebhook } from './webhook';

export const get = getOne(aWebhook, 'Get the event, URL and state of a webhook, and how many deliveries failed in a row');
