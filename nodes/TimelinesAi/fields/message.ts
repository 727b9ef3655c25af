/** The field that names a message. */
import type { INodeProperties } from 'n8n-workflow';
import type { Item } from '../../shared/operation/item';

export const messageField: INodeProperties = {
	displayName: 'Message UID',
	name: 'messageUid',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. de919486-0c93-409d-ae66-c2bbb544faca',
	description: 'The message. The trigger, Message: Send and Message: Get Many give its UID as messageUid.',
};

/** The UID of the message that the user named. */
export const messageUidOf = (item: Item): string => item.text('messageUid', { required: true }).trim();
