/** The searchable list of users behind the user field. */
import type { IDataObject, ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { Parameters } from '../../shared/operation/parameters';
import { partnerHints } from '../../shared/partner/hints';
import { partnerCredential } from '../../shared/partner/identity';
import { Api } from '../../shared/transport/api';
import { interactivePatience } from '../../shared/transport/retry';

/** Users of the workspace that is chosen above, with the number that is connected: by name, number or ID. */
async function searchUsers(this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
	const panel = new Parameters((name) => this.getCurrentNodeParameter(name), { node: this.getNode() });
	const { value: workspaceId } = panel.locator('workspaceId');
	if (workspaceId === '') throw panel.error('No workspace is chosen', 'Fill in the workspace first: the list shows its users.');

	const api = new Api(this, partnerCredential, interactivePatience, partnerHints);
	const workspace = await api.call('GET /workspaces/{workspace_id}', { ids: { workspace_id: workspaceId } });
	const accounts = (workspace.whatsapp_accounts ?? []) as IDataObject[];
	const users = ((workspace.users ?? []) as IDataObject[]).map(({ user_id: id, display_name: name, status }) => {
		const phone = accounts.find((account) => account.user_id === id)?.phone_number_e164;
		const details = [phone, status === 'suspended' ? status : undefined].filter(Boolean).join(', ');
		return { name: details ? `${String(name)} (${details})` : String(name), value: String(id) };
	});
	const wanted = filter.trim().toLowerCase();
	return { results: users.filter(({ name, value }) => `${name}\n${value}`.toLowerCase().includes(wanted)) };
}

export const listSearch = { searchUsers };
