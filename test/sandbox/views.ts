/** How the API shows what the world holds: the response shapes of the specification. */
import { type StoredContentUrls } from './links';
import {
	type Chat,
	type Message,
	type Quota,
	type Reaction,
	type StatusRecord,
	type StoredFile,
	type Teammate,
	type Template,
	type WabaAccount,
	type WabaChat,
	type WabaTemplate,
	type Webhook,
	type WhatsappAccount,
	type World,
} from './world';

const SERVICE_WINDOW = 24 * 3_600_000;

/** The views of one world; attachments and files get a fresh temporary link each time they are shown. */
export class Views {
	constructor(
		private readonly world: World,
		private readonly links: StoredContentUrls,
	) {}

	time(at: number): string {
		return this.world.clock.format(at);
	}

	temporaryUrl(file: StoredFile): string {
		return this.links.temporaryUrl(file);
	}

	/** ChatInfo or WabaChatInfo. `chat_url` and `photo` are relative, as in recorded traffic. */
	chat(chat: Chat, withMessage = true): object {
		const last = lastMessage(chat);
		return {
			id: chat.id,
			name: chat.name,
			phone: chat.phone,
			...(chat.platform === 'whatsapp' && { jid: chat.jid }),
			is_group: chat.isGroup,
			closed: chat.closed,
			read: chat.read,
			labels: chat.labels,
			chatgpt_autoresponse_enabled: chat.autoresponse,
			responsible_email: chat.responsible?.email ?? null,
			responsible_name: chat.responsible?.name ?? null,
			...(chat.platform === 'whatsapp' && { whatsapp_account_id: chat.account.id }),
			chat_url: `/chat/${chat.id}/messages/`,
			created_timestamp: this.time(chat.createdAt),
			last_message_uid: last?.uid ?? null,
			last_message_timestamp: last ? this.time(last.at) : null,
			...(withMessage && { last_message: last ? this.messageSummary(last) : null }),
			unattended: chat.unattended,
			...(chat.platform === 'whatsapp' && { photo: chat.photo }),
			group_members: chat.groupMembers.map((member) => ({
				...member,
				chat_id: this.world.directChat(chat.account, member.phone)?.id ?? null,
			})),
			...(chat.platform === 'whatsapp'
				? { is_allowed_to_message: chat.canBeMessaged && chat.account.status === 'active' }
				: { waba_account_id: chat.account.id, ...this.serviceWindow(chat) }),
		};
	}

	/** The two fields about Meta's 24 hours, counted from the contact's latest message; null where it never wrote. */
	serviceWindow(chat: WabaChat): { service_window_is_open: boolean | null; service_window_expires_at: string | null } {
		const closesAt = windowClosesAt(chat);
		const open = closesAt === undefined ? null : closesAt > this.world.clock.now();
		return { service_window_is_open: open, service_window_expires_at: open && closesAt !== undefined ? this.time(closesAt) : null };
	}

	/** MessageInfo */
	message(message: Message): object {
		return {
			...this.messageSummary(message),
			reactions: this.reactions(message.reactions),
			...(message.chat.platform === 'waba' && { failure_reason: message.failure }),
		};
	}

	/** MessageSummary: the same without reactions. */
	messageSummary(message: Message): object {
		const { sender, recipient } = parties(message);
		return {
			uid: message.uid,
			chat_id: message.chat.id,
			timestamp: this.time(message.at),
			received_timestamp: this.time(message.receivedAt),
			sender_phone: sender.phone,
			sender_name: sender.name,
			recipient_phone: recipient.phone,
			recipient_name: recipient.name,
			from_me: message.fromMe,
			text: message.text,
			attachment_url: message.attachment && this.temporaryUrl(message.attachment),
			attachment_filename: message.attachment?.filename ?? null,
			status: message.status,
			origin: message.origin,
			has_attachment: message.attachment !== null,
			message_type: message.type,
			data: message.data,
			created_by: message.createdBy,
		};
	}

	statusHistory(records: StatusRecord[]): object[] {
		return records.map((record) => ({ status: record.status, timestamp: this.time(record.at), failure_reason: record.failure }));
	}

	reactions(reactions: Reaction[]): { users: object[]; reactions: Record<string, number>; total: number } {
		const counts: Record<string, number> = {};
		for (const { emoji } of reactions) counts[emoji] = (counts[emoji] ?? 0) + 1;
		return {
			users: reactions.map(({ name, phone, emoji, own }) => ({ name, phone, reaction: emoji, current: own })),
			reactions: counts,
			total: reactions.length,
		};
	}

	account(account: WhatsappAccount): object {
		return {
			id: account.id,
			phone: account.phone,
			connected_on: this.time(account.connectedAt),
			status: account.status,
			owner_name: account.owner.name,
			owner_email: account.owner.email,
			account_name: account.name,
		};
	}

	wabaAccount(account: WabaAccount): object {
		return {
			id: account.id,
			status: account.status,
			owner_name: account.owner.name,
			owner_email: account.owner.email,
			connected_on: this.time(account.connectedAt),
			meta_phone_id: account.metaPhoneId,
			meta_waba_id: account.metaWabaId,
			display_phone_number: account.displayPhone,
		};
	}

	wabaTemplate(template: WabaTemplate): object {
		return {
			id: template.id,
			meta_template_id: template.metaId,
			name: template.name,
			status: template.status,
			parameter_format: template.parameterFormat,
			language: template.language,
			category: template.category,
			meta_waba_id: template.metaWabaId,
		};
	}

	teammate(teammate: Teammate): object {
		return {
			user_id: teammate.userId,
			display_name: teammate.name,
			email: teammate.email,
			role: teammate.role,
			team: teammate.team,
			status: teammate.status,
			...(teammate.invitationStatus && { invitation_status: teammate.invitationStatus }),
			created_at: this.time(teammate.createdAt),
			whatsapp_accounts: this.world.accounts.filter(({ owner }) => owner === teammate).map((account) => this.account(account)),
		};
	}

	/** FileInfoShort: what the list shows. */
	fileShort(file: StoredFile): object {
		return {
			uid: file.uid,
			filename: file.filename,
			size: file.size,
			mimetype: file.mimetype,
			uploaded_by_email: file.uploadedBy?.email ?? '(removed)',
			uploaded_at: this.time(file.uploadedAt),
		};
	}

	/** FileInfo: with a link that lives for 15 minutes. */
	file(file: StoredFile): object {
		return { ...this.fileShort(file), temporary_download_url: this.temporaryUrl(file) };
	}

	/** AttachmentInfo of the webhooks. */
	attachments(file: StoredFile | null): object[] {
		if (!file) return [];
		return [{ temporary_download_url: this.temporaryUrl(file), filename: file.filename, size: file.size, mimetype: file.mimetype }];
	}

	template(template: Template): object {
		return {
			id: template.id,
			name: template.name,
			text: template.text,
			visibility: template.visibility,
			team_title: template.team,
			created_by_name: template.createdBy.name,
			created_at: isoSeconds(template.createdAt),
			updated_by_name: template.updatedBy.name,
			updated_at: isoSeconds(template.updatedAt),
		};
	}

	/** The richer legacy form of `GET /v2/templates`. */
	templateV2(template: Template): object {
		return {
			id: template.id,
			name: template.name,
			text: template.text,
			created_by_name: template.createdBy.name,
			updated_by_name: template.updatedBy.name,
			updated_at: this.world.clock.formatMinute(template.updatedAt),
			can_be_edited: template.editable,
			can_be_deleted: template.deletable,
			visibility: template.visibility,
			team_any: template.team === null,
			team: template.team === null ? null : this.world.teams.indexOf(template.team) + 12,
			sample_data: {},
			variable_source: 0,
			attachment: template.attachment && { filename: template.attachment.filename, size: template.attachment.size },
		};
	}

	webhook(webhook: Webhook): object {
		return {
			id: webhook.id,
			event_type: webhook.eventType,
			enabled: webhook.enabled,
			url: webhook.url,
			errors_counter: webhook.errorsCounter,
		};
	}

	workspace(): object {
		const { workspace, seats, messagingQuota, apiCallsQuota, nonRecurringBalance } = this.world;
		const quota = (value: Quota) => ({
			...value,
			period_start: this.time(workspace.periodStart),
			period_end: this.time(workspace.periodEnd),
		});
		return {
			workspace_id: workspace.id,
			display_name: workspace.name,
			plan: workspace.plan,
			seats: quota(seats),
			messaging_quota: quota(messagingQuota),
			api_calls_quota: quota(apiCallsQuota),
			non_recurring_quota: { remaining_balance: nonRecurringBalance, last_updated_at: this.time(workspace.periodStart) },
		};
	}
}

export const lastMessage = (chat: Chat): Message | undefined => chat.messages[chat.messages.length - 1];

/** When the contact's latest message allows free text no longer; undefined where it never wrote. */
export function windowClosesAt(chat: WabaChat): number | undefined {
	const latest = chat.messages.reduce((at, message) => (message.fromMe ? at : Math.max(at, message.at)), -1);
	return latest < 0 ? undefined : latest + SERVICE_WINDOW;
}

/** Who wrote a message and to whom. */
export function parties({ chat, fromMe, author }: Message): { sender: { name: string; phone: string }; recipient: { name: string; phone: string } } {
	const own = { name: chat.account.owner.name, phone: chat.account.phone };
	const other = { name: chat.name, phone: chat.phone ?? '' };
	return fromMe ? { sender: own, recipient: other } : { sender: author, recipient: own };
}

/** `2026-07-17T09:00:00Z`, which templates use in place of the workspace's time. */
export const isoSeconds = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;
