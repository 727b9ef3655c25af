import { deleteOne } from '../makers';
import { aWebhook, notice } from './webhook';

const operation = deleteOne(aWebhook, { description: 'Delete a webhook; deliveries stop at once' });

export const deleteWebhook = { ...operation, fields: [notice, ...operation.fields] };
