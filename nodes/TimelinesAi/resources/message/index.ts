import type { Resource } from '../../../shared/operation/types';
import { get } from './get.operation';
import { getAll } from './getAll.operation';
import { getStatusHistory } from './getStatusHistory.operation';
import { send } from './send.operation';
import { sendAndWait } from './sendAndWait.operation';
import { sendFile } from './sendFile.operation';
import { sendVoice } from './sendVoice.operation';
import { waitForReply } from './waitForReply.operation';

export const message: Resource = {
	value: 'message',
	name: 'Message',
	operations: [send, get, getAll, getStatusHistory, sendAndWait, sendFile, sendVoice, waitForReply],
};
