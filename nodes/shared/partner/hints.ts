/** What a partner does about a refusal, by the Partner API's error code, else by the HTTP status. */
import type { Hints } from '../transport/api';

const wrongUrl =
	'The Base URL in the credential is wrong: there is no Partner API at this address. The usual one is https://app.timelines.ai/partner/api/v1.';
const wrongSecret = 'The Partner Secret in the credential is wrong. Copy it again, without blanks around it.';
const wrongClock = 'The clock of n8n differs from that of TimelinesAI by more than three minutes. Let the clock of the server be set automatically.';
const wrongUser = 'Check the User ID. Workspace: Get shows the users of the workspace.';

export const partnerHints: Hints = {
	invalid_signature: wrongSecret,
	token_decode_error: wrongSecret,
	token_not_active: wrongClock,
	timestamp_out_of_range: wrongClock,
	partner_not_found: 'The Partner ID in the credential is wrong.',
	partner_not_active: 'TimelinesAI has switched this partner off. Ask its support.',
	workspace_not_found: 'Check the Workspace ID: Workspace: Create gives it.',
	workspace_not_owned_by_partner: 'The workspace belongs to another partner, or to nobody. Check the Workspace ID.',
	workspace_billing_managed: 'The workspace pays TimelinesAI itself, so that partners cannot manage it.',
	workspace_creation_failed: 'TimelinesAI makes the ID of a workspace from its name, and there is one of this ID already. Choose another name.',
	seats_full: 'Nothing was created. Raise the seats with Workspace: Update, or create fewer users.',
	user_not_found: wrongUser,
	user_not_in_workspace: wrongUser,
	user_not_active: 'The user is suspended. Raise the seats with Workspace: Update.',
	// The Public API answers so, when its address is in the credential.
	invalid_token: wrongUrl,
	missing_credentials: wrongUrl,
	401: 'Check the Partner ID and the Partner Secret in the credential.',
	403: 'The partner may not do this. Ask the support of TimelinesAI.',
	// What the Partner API does not find, it names with a code.
	404: wrongUrl,
};
