/** The simplified form of workspaces and of what is in them. */
import type { IDataObject } from 'n8n-workflow';
import type { Simplify } from '../../shared/operation/types';
import { isoTime, left, orNull } from '../../shared/output/formats';

/** A user, as `POST …/users` and `GET /workspaces/{workspace_id}` give it. */
export const simplifyUser = (user: IDataObject): IDataObject => ({
	userId: user.user_id,
	name: user.display_name,
	role: orNull(user.role),
	email: user.email,
	status: user.status,
	createdAt: isoTime(user.created_at),
});

const simplifyAccount = (account: IDataObject): IDataObject => ({
	whatsappAccountId: account.whatsapp_account_id,
	userId: orNull(account.user_id),
	phone: account.phone_number_e164,
	connected: account.connected,
	status: account.connection_status,
	connectedAt: isoTime(account.connected_at),
});

const simplifyQrLink = ({ qr_link: qrLink, user_id: userId, expires_at: expiresAt }: IDataObject): IDataObject => ({
	qrLink,
	userId,
	expiresAt: isoTime(expiresAt),
});

/** One of the lists in the details of a workspace. */
interface EntryKind {
	/** The API's name of the list. */
	list: 'qr_links' | 'users' | 'whatsapp_accounts';
	/** The name in the panel. */
	name: string;
	/** What tells the items apart when lists are split into items. */
	type: string;
	simplify(entry: IDataObject): IDataObject;
}

export const entryKinds: EntryKind[] = [
	{ list: 'qr_links', name: 'QR Links', type: 'qrLink', simplify: simplifyQrLink },
	{ list: 'users', name: 'Users', type: 'user', simplify: simplifyUser },
	{ list: 'whatsapp_accounts', name: 'WhatsApp Accounts', type: 'whatsappAccount', simplify: simplifyAccount },
];

const listOf = (workspace: IDataObject, list: EntryKind['list']): IDataObject[] => (workspace[list] ?? []) as IDataObject[];

/** The entries of one list, each with its type and the ID of its workspace. */
export const entriesOf = (workspace: IDataObject, { list, type }: EntryKind): IDataObject[] =>
	listOf(workspace, list).map((entry) => ({ type, workspace_id: workspace.workspace_id, ...entry }));

/** The details of a workspace, or one of the entries that {@link entriesOf} made of it. */
export const simplifyWorkspaceDetails: Simplify = (raw) => {
	const kind = entryKinds.find(({ type }) => type === raw.type);
	if (kind) return { type: raw.type, workspaceId: raw.workspace_id, ...kind.simplify(raw) };
	const simplified = (list: EntryKind['list'], simplify: EntryKind['simplify']) => listOf(raw, list).map(simplify);
	return {
		workspaceId: raw.workspace_id,
		name: raw.display_name,
		seatsTotal: orNull(((raw.seats ?? {}) as IDataObject).total),
		seatsLeft: left(raw.seats),
		messagesLeft: left(raw.messages_quota),
		apiCallsLeft: left(raw.api_calls_quota),
		extraMessagesLeft: orNull(((raw.non_recurring_quota ?? {}) as IDataObject).remaining_balance),
		users: simplified('users', simplifyUser),
		whatsappAccounts: simplified('whatsapp_accounts', simplifyAccount),
		qrLinks: simplified('qr_links', simplifyQrLink),
	};
};

/** A workspace that was created or changed. */
export const simplifyWorkspace: Simplify = (workspace) => ({
	workspaceId: workspace.workspace_id,
	name: workspace.display_name,
	planId: workspace.plan_id,
	seatsTotal: workspace.seats_total,
	seatsAvailable: workspace.seats_available,
	ownerUserId: orNull(workspace.owner_user_id),
	groupId: orNull(workspace.group_id),
	createdAt: isoTime(workspace.created_at),
	updatedAt: isoTime(workspace.updated_at),
	suspendedMembers: ((workspace.suspended_members ?? []) as IDataObject[]).map((member) => ({
		userId: member.user_id,
		whatsappAccountId: orNull(member.whatsapp_account_id),
		phones: (member.phone_numbers ?? []) as string[],
	})),
});
