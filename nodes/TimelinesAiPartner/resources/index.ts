/** Everything that the partner node can do. */
import type { ActionNode } from '../../shared/operation/types';
import { partnerHints } from '../../shared/partner/hints';
import { partnerCredential } from '../../shared/partner/identity';
import { apiToken } from './apiToken';
import { qrCode } from './qrCode';
import { user } from './user';
import { whatsappAccount } from './whatsappAccount';
import { workspace } from './workspace';

export const timelinesAiPartner: ActionNode = {
	credential: partnerCredential,
	defaultResource: 'workspace',
	resources: [apiToken, qrCode, user, whatsappAccount, workspace],
	hints: partnerHints,
};
