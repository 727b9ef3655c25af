/** The Partner API: workspaces that a partner manages for its customers, behind signed requests; and its signed webhooks. */
import { type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type ApiDefinition, Reply } from './api';
import { type EndpointSpec, type Handlers } from './contract';
import { type Deliveries } from './deliveries';
import { ApiError } from './errors';
import { type Answer } from './faults';
import { decodeJwt, isSignedBy, signJwt } from './jwt';
import { isoSeconds } from './views';
import { digits, type Quota, type World } from './world';

export const PARTNER_ROOT = '/partner/api/v1';

/** Half the life of a token: it is valid from this long before to this long after its making. */
const TOKEN_SECONDS = 180;
/** How far a token's making may be from its use before it does not count as fresh. */
const FRESH_SECONDS = 30;
const HOUR = 3_600_000;

export const partnerEventTypes = [
	'workspace:seats_full',
	'workspace:quota_near_full:messaging',
	'workspace:quota_full:messaging',
	'workspace:quota_full:transactions',
	'workspace:quota_full:api_calls',
	'whatsapp_account:connected',
	'whatsapp_account:disconnected',
	'api_token:rotated',
] as const;
export type PartnerEventType = (typeof partnerEventTypes)[number];

export interface PartnerUser {
	id: number;
	name: string;
	role: 'owner' | 'agent';
	status: 'activated' | 'suspended';
	createdAt: number;
	account: { id: number; phone: string; connectedAt: number } | null;
	qr: { link: string; expiresAt: number } | null;
}

export interface PartnerWorkspace {
	id: string;
	name: string;
	seats: number;
	users: PartnerUser[];
	messages: Quota;
	apiCalls: Quota;
	nonRecurringBalance: number;
	/** Undefined until somebody asks for it. The workspace of the sandbox's own world has the world's token instead. */
	token: string | undefined;
	createdAt: number;
	updatedAt: number;
	/** False: it belongs to somebody else. */
	owned: boolean;
	/** True: it pays TimelinesAI itself, and cannot be managed. */
	billingManaged: boolean;
}

/** The Partner API's errors with their HTTP status. The specification names them without all of the statuses. */
const statusOfError = {
	missing_header: 400,
	token_decode_error: 401,
	invalid_signature: 401,
	missing_claim: 401,
	token_not_active: 401,
	timestamp_out_of_range: 401,
	partner_not_found: 404,
	partner_not_active: 403,
	invalid_request: 400,
	method_not_allowed: 405,
	workspace_creation_failed: 409,
	workspace_not_found: 404,
	workspace_not_owned_by_partner: 404,
	workspace_billing_managed: 403,
	seats_full: 409,
	user_not_found: 404,
	user_not_in_workspace: 404,
	user_not_active: 409,
	internal_error: 500,
} as const;
export type PartnerErrorCode = keyof typeof statusOfError;

class PartnerError extends Error {
	constructor(
		readonly code: PartnerErrorCode,
		description: string,
	) {
		super(description);
	}
}

const wholeNumber = (min: number, max: number) => z.number().int().min(min).max(max);
const displayName = z.string().min(1).max(100);

export const partnerContract = {
	'POST /workspaces': { body: z.object({ display_name: displayName, seats_purchased: wholeNumber(1, 999) }) },
	'GET /workspaces/{workspace_id}': {},
	'PATCH /workspaces/{workspace_id}': { body: z.object({ display_name: displayName, seats_purchased: wholeNumber(1, 999) }).partial(), bodyOptional: true },
	'POST /workspaces/{workspace_id}/users': { body: z.object({ count: wholeNumber(1, 99) }) },
	'POST /workspaces/{workspace_id}/users/{user_id}/qr': { body: z.object({ expires_in_hours: wholeNumber(1, 168).default(24) }), bodyOptional: true },
	'POST /workspaces/{workspace_id}/users/{user_id}/whatsapp/disconnect': {},
	'GET /workspaces/{workspace_id}/api-token': {},
	'POST /workspaces/{workspace_id}/api-token': {},
} satisfies Record<string, EndpointSpec>;

export interface PartnerOptions {
	/** Default `partner_12345`. */
	id?: string;
	/** Default: a fixed one. */
	secret?: string;
	/** Where partner webhooks go; TimelinesAI's support sets it in reality. Default: nowhere. */
	webhookUrl?: string;
}

/** What a partner has, and what happens to it. */
export class Partner {
	readonly id: string;
	secret: string;
	webhookUrl: string | undefined;
	active = true;
	readonly workspaces = new Map<string, PartnerWorkspace>();

	constructor(
		readonly world: World,
		private readonly deliveries: Deliveries,
		options: PartnerOptions = {},
	) {
		this.id = options.id ?? 'partner_12345';
		this.secret = options.secret ?? 'sandbox-partner-secret';
		const own = this.addWorkspace({ id: world.workspace.id, name: world.workspace.name, seats: 5 });
		this.connect(this.addUser(own), '+302105550012');
		// What was there from the start is no news.
		this.webhookUrl = options.webhookUrl;
	}

	/** Adds a workspace with its owner. */
	addWorkspace(given: Partial<PartnerWorkspace> = {}): PartnerWorkspace {
		const now = this.world.clock.now();
		const workspace: PartnerWorkspace = {
			id: `workspace-${this.world.ids.number('partnerWorkspace', 1)}`,
			name: 'Globex',
			seats: 3,
			users: [],
			messages: { total: 10_000, used: 0 },
			apiCalls: { total: 200_000, used: 0 },
			nonRecurringBalance: 0,
			token: undefined,
			createdAt: now,
			updatedAt: now,
			owned: true,
			billingManaged: false,
			...given,
		};
		this.workspaces.set(workspace.id, workspace);
		this.addUser(workspace, { role: 'owner', name: 'Owner' });
		return workspace;
	}

	addUser(workspace: PartnerWorkspace, given: Partial<PartnerUser> = {}): PartnerUser {
		const id = this.world.ids.number('partnerUser', 9001);
		const user: PartnerUser = { id, name: `Agent ${id}`, role: 'agent', status: 'activated', createdAt: this.world.clock.now(), account: null, qr: null, ...given };
		workspace.users.push(user);
		return user;
	}

	/** A user scans the QR code: the number is connected from now on. Tells the partner's webhook. */
	connect(user: PartnerUser, phone: string): void {
		user.qr = null;
		user.account = { id: this.world.ids.number('partnerAccount', 1_092_930), phone, connectedAt: this.world.clock.now() };
		this.tell('whatsapp_account:connected', this.workspaceOf(user), accountOf(user));
	}

	/** Ends a user's connection, and tells the partner's webhook. Gives what was connected. */
	disconnect(user: PartnerUser, reason = '(logged out)'): NonNullable<PartnerUser['account']> | null {
		const { account } = user;
		if (!account) return null;
		this.tell('whatsapp_account:disconnected', this.workspaceOf(user), { ...accountOf(user), disconnected_at: this.iso(), reason });
		user.account = null;
		return account;
	}

	/** The workspace's Public API token, made where there is none. */
	token(workspace: PartnerWorkspace): string {
		if (workspace.id === this.world.workspace.id) return this.world.token;
		return (workspace.token ??= this.world.ids.uid());
	}

	/** A new token; the old one is worth nothing from now on. */
	rotate(workspace: PartnerWorkspace): string {
		workspace.token = workspace.id === this.world.workspace.id ? this.world.rotateToken() : this.world.ids.uid();
		this.tell('api_token:rotated', workspace, { rotated_at: this.iso() });
		return workspace.token;
	}

	/** Seats in use; suspended users have none. */
	seatsUsed(workspace: PartnerWorkspace): number {
		return workspace.users.filter(({ status }) => status === 'activated').length;
	}

	/**
	 * Sends one event about the first workspace to the partner's webhook, with a fresh signature.
	 * @param overrides replace fields of the payload.
	 * @param forge changes the genuine headers, for tests of what must be refused.
	 */
	emit(event: PartnerEventType, overrides: Record<string, unknown> = {}, forge: (headers: Record<string, string>) => Record<string, string> = (headers) => headers): object {
		const workspace = [...this.workspaces.values()][0] as PartnerWorkspace;
		const user = workspace.users.find(({ account }) => account) ?? workspace.users[0];
		const payload = { ...this.payload(event, workspace, this.sample(event, workspace, user as PartnerUser)), ...overrides };
		this.send(event, payload, forge);
		return payload;
	}

	/** The headers of a genuine delivery. */
	signature(): Record<string, string> {
		return { 'x-tl-partner-id': this.id, 'x-tl-signature': signJwt(freshClaims(this.id), this.secret) };
	}

	/** Tells the webhook of something that happened. */
	tell(event: PartnerEventType, workspace: PartnerWorkspace, details: object): void {
		this.send(event, this.payload(event, workspace, details));
	}

	iso(at = this.world.clock.now()): string {
		return isoSeconds(at);
	}

	/** The quota's period is the world's own billing period. */
	period(): { start: string; end: string } {
		return { start: this.iso(this.world.workspace.periodStart), end: this.iso(this.world.workspace.periodEnd) };
	}

	private payload(event: PartnerEventType, workspace: PartnerWorkspace, details: object): Record<string, unknown> {
		return { workspace_id: workspace.id, partner_id: this.id, event_type: event, triggered_at: this.iso(), ...details };
	}

	private send(event: PartnerEventType, payload: object, forge = (headers: Record<string, string>) => headers): void {
		if (this.webhookUrl) this.deliveries.deliver({ event, url: this.webhookUrl, payload, headers: () => forge(this.signature()) });
	}

	private workspaceOf(user: PartnerUser): PartnerWorkspace {
		const found = [...this.workspaces.values()].find(({ users }) => users.includes(user));
		if (!found) throw new Error(`User ${user.id} is in no workspace`);
		return found;
	}

	private sample(event: PartnerEventType, workspace: PartnerWorkspace, user: PartnerUser): object {
		const { start, end } = this.period();
		const period = { current_period_start: start, current_period_end: end };
		const messaging = (pct: number) => ({ messaging_quota_total: 1000, messaging_quota_used: pct * 10, utilization_pct: pct, ...period });
		switch (event) {
			case 'workspace:seats_full':
				return { seats_purchased: workspace.seats, seats_available: 0 };
			case 'workspace:quota_near_full:messaging':
				return messaging(90);
			case 'workspace:quota_full:messaging':
				return messaging(100);
			case 'workspace:quota_full:transactions':
				return period;
			case 'workspace:quota_full:api_calls':
				return { api_calls_limit: 200_000, api_calls_used: 200_000, ...period };
			case 'whatsapp_account:connected':
				return accountOf(user);
			case 'whatsapp_account:disconnected':
				return { ...accountOf(user), disconnected_at: this.iso(), reason: '(logged out)' };
			case 'api_token:rotated':
				return { rotated_at: this.iso() };
		}
	}
}

/** The Partner API of a partner, which a reset replaces. */
export function partnerApi(partner: () => Partner): ApiDefinition<Partner> {
	return {
		root: PARTNER_ROOT,
		contract: partnerContract,
		handlers,
		context: partner,
		authorize: (request, _route, breach) => authorize(partner(), request, breach),
		wrap: (body) => answer(200, body as object),
		fail: (error) => {
			const known = error instanceof PartnerError ? error : error instanceof ApiError ? translated(error) : undefined;
			return known && answer(statusOfError[known.code], { error: known.code, status: statusOfError[known.code], description: known.message });
		},
	};
}

const handlers: Handlers<typeof partnerContract, Partner> = {
	'POST /workspaces': ({ body }, partner) => {
		const id = body.display_name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 30);
		if (id === '' || partner.workspaces.has(id)) throw new PartnerError('workspace_creation_failed', 'Workspace with this name already exists');
		return created(showWorkspace(partner.addWorkspace({ id, name: body.display_name, seats: body.seats_purchased }), partner));
	},
	'GET /workspaces/{workspace_id}': ({ params }, partner) => {
		const workspace = workspaceOf(params, partner);
		const { start, end } = partner.period();
		const quota = (value: Quota) => ({ ...value, period_start: start, period_end: end });
		return {
			workspace_id: workspace.id,
			display_name: workspace.name,
			seats: quota({ total: workspace.seats, used: partner.seatsUsed(workspace) }),
			messages_quota: quota(workspace.messages),
			api_calls_quota: quota(workspace.apiCalls),
			non_recurring_quota: { remaining_balance: workspace.nonRecurringBalance, last_updated_at: start },
			users: workspace.users.map((user) => showUser(user, workspace)),
			whatsapp_accounts: workspace.users.flatMap(({ id, account }) =>
				account
					? [
							{
								user_id: id,
								connected: true,
								whatsapp_account_id: account.id,
								phone_number_e164: account.phone,
								connection_status: 'connected',
								connected_at: isoSeconds(account.connectedAt),
							},
						]
					: [],
			),
			qr_links: workspace.users.flatMap(({ id, qr }) =>
				qr && qr.expiresAt > partner.world.clock.now() ? [{ qr_link: qr.link, user_id: id, expires_at: isoSeconds(qr.expiresAt) }] : [],
			),
		};
	},
	'PATCH /workspaces/{workspace_id}': ({ params, body }, partner) => {
		const workspace = workspaceOf(params, partner);
		workspace.name = body.display_name ?? workspace.name;
		workspace.seats = body.seats_purchased ?? workspace.seats;
		workspace.updatedAt = partner.world.clock.now();
		// Those who came last lose their seats first; the owner keeps his.
		const surplus = Math.max(0, partner.seatsUsed(workspace) - workspace.seats);
		const active = workspace.users.filter(({ status, role }) => status === 'activated' && role !== 'owner');
		const suspended = surplus === 0 ? [] : active.slice(-surplus);
		const members = suspended.map((user) => {
			user.status = 'suspended';
			const account = partner.disconnect(user, '(suspended)');
			return { user_id: user.id, ...(account && { whatsapp_account_id: account.id, phone_numbers: [account.phone] }) };
		});
		return { ...showWorkspace(workspace, partner), ...(members.length > 0 && { suspended_members: members }) };
	},
	'POST /workspaces/{workspace_id}/users': ({ params, body }, partner) => {
		const workspace = workspaceOf(params, partner);
		const available = workspace.seats - partner.seatsUsed(workspace);
		if (body.count > available) throw new PartnerError('seats_full', `Only ${Math.max(0, available)} seats are available`);
		const users = Array.from({ length: body.count }, () => partner.addUser(workspace));
		if (body.count === available) partner.tell('workspace:seats_full', workspace, { seats_purchased: workspace.seats, seats_available: 0 });
		return created({
			workspace_id: workspace.id,
			seats_total: workspace.seats,
			seats_available: available - body.count,
			users: users.map((user) => showUser(user, workspace)),
		});
	},
	'POST /workspaces/{workspace_id}/users/{user_id}/qr': ({ params, body }, partner) => {
		const workspace = workspaceOf(params, partner);
		const user = userOf(params, workspace, partner);
		if (user.status !== 'activated') throw new PartnerError('user_not_active', 'User not active');
		const now = partner.world.clock.now();
		const disconnected = partner.disconnect(user) !== null;
		const revoked = user.qr !== null && user.qr.expiresAt > now;
		user.qr = { link: `https://timelines.ai/qr/${digits(partner.world.ids.uid())}`, expiresAt: now + body.expires_in_hours * HOUR };
		return {
			workspace_id: workspace.id,
			user_id: user.id,
			qr_link: user.qr.link,
			expires_at: isoSeconds(user.qr.expiresAt),
			whatsapp_disconnected: disconnected,
			previous_qr_revoked: revoked,
		};
	},
	'POST /workspaces/{workspace_id}/users/{user_id}/whatsapp/disconnect': ({ params }, partner) => {
		const workspace = workspaceOf(params, partner);
		const user = userOf(params, workspace, partner);
		const account = partner.disconnect(user);
		const about = { workspace_id: workspace.id, user_id: user.id, disconnected: account !== null };
		if (!account) return { ...about, description: 'The user has no connected WhatsApp account' };
		return { ...about, disconnected_at: partner.iso(), whatsapp_account_id: account.id, phone_number: account.phone };
	},
	'GET /workspaces/{workspace_id}/api-token': ({ params }, partner) => {
		const workspace = workspaceOf(params, partner);
		return { workspace_id: workspace.id, token: partner.token(workspace) };
	},
	'POST /workspaces/{workspace_id}/api-token': ({ params }, partner) => {
		const workspace = workspaceOf(params, partner);
		return created({ workspace_id: workspace.id, token: partner.rotate(workspace), rotated_at: partner.iso() });
	},
};

const answer = (status: number, body: object): Answer => ({ status, body, headers: { 'x-tl-api-version': 'v1' } });
const created = (body: object) => new Reply(answer(201, body));

/** The claims of a token made now. */
function freshClaims(partnerId: string): { partner_id: string; nbf: number; exp: number } {
	const now = Math.floor(Date.now() / 1000);
	return { partner_id: partnerId, nbf: now - TOKEN_SECONDS, exp: now + TOKEN_SECONDS };
}

/** Checks the header and the token: signature, claims and times. A token that is valid but not as documented is a breach. */
function authorize(partner: Partner, request: FastifyRequest, breach: (message: string) => void): void {
	const id = request.headers['x-tl-partner-id'];
	if (typeof id !== 'string' || id === '') {
		breach('there is no X-TL-Partner-Id header');
		throw new PartnerError('missing_header', 'Header X-TL-Partner-Id is missing');
	}
	const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
	if (token === undefined) {
		breach('the Authorization header is not "Bearer JWT"');
		throw new PartnerError('missing_header', 'Header Authorization is missing');
	}
	const decoded = decodeJwt(token);
	if (!decoded) throw new PartnerError('token_decode_error', 'The token cannot be decoded');
	if (id !== partner.id) throw new PartnerError('partner_not_found', 'Partner not found');
	if (!partner.active) throw new PartnerError('partner_not_active', 'Partner not active');
	if (!isSignedBy(token, partner.secret)) throw new PartnerError('invalid_signature', 'Invalid signature');
	const { partner_id: claimed, nbf, exp } = decoded.claims;
	if (typeof nbf !== 'number' || typeof exp !== 'number' || claimed === undefined) throw new PartnerError('missing_claim', 'partner_id, nbf and exp are needed');
	if (claimed !== id) throw new PartnerError('invalid_signature', 'The token is for another partner');
	const now = Date.now() / 1000;
	if (nbf > now) throw new PartnerError('token_not_active', 'The token is not yet active');
	if (exp < now) throw new PartnerError('timestamp_out_of_range', 'The token has expired');
	if (!Number.isInteger(nbf) || exp - nbf !== 2 * TOKEN_SECONDS) breach(`the token lives from ${nbf} to ${exp}, which is not ${TOKEN_SECONDS} s around its making`);
	else if (Math.abs(nbf + TOKEN_SECONDS - now) > FRESH_SECONDS) breach('the token is not fresh: every request takes its own');
}

/** Errors of the contract check, in the words of this API. */
function translated(error: ApiError): PartnerError {
	const details = error.errors?.map(({ fields, msg }) => `${fields.join('.')}: ${msg}`).join('; ');
	const code = error.code === 'validation_error' ? 'invalid_request' : error.code === 'not_supported' ? 'method_not_allowed' : 'internal_error';
	return new PartnerError(code, details || error.message);
}

function workspaceOf(params: Record<string, string>, partner: Partner): PartnerWorkspace {
	const workspace = partner.workspaces.get(params.workspace_id ?? '');
	if (!workspace) throw new PartnerError('workspace_not_found', 'Workspace not found');
	if (!workspace.owned) throw new PartnerError('workspace_not_owned_by_partner', 'Workspace not owned by partner');
	if (workspace.billingManaged) throw new PartnerError('workspace_billing_managed', 'Workspace belongs to a paid account and cannot be managed via partner API');
	return workspace;
}

function userOf(params: Record<string, string>, workspace: PartnerWorkspace, partner: Partner): PartnerUser {
	const id = Number(params.user_id);
	const user = workspace.users.find((candidate) => candidate.id === id);
	if (user) return user;
	const elsewhere = [...partner.workspaces.values()].some(({ users }) => users.some((candidate) => candidate.id === id));
	throw elsewhere ? new PartnerError('user_not_in_workspace', 'User is not a member of the workspace') : new PartnerError('user_not_found', 'User not found');
}

function showWorkspace(workspace: PartnerWorkspace, partner: Partner): object {
	return {
		workspace_id: workspace.id,
		display_name: workspace.name,
		plan_id: 1,
		seats_total: workspace.seats,
		seats_available: Math.max(0, workspace.seats - partner.seatsUsed(workspace)),
		created_at: isoSeconds(workspace.createdAt),
		updated_at: isoSeconds(workspace.updatedAt),
		owner_user_id: workspace.users[0]?.id,
		group_id: 7,
	};
}

const showUser = (user: PartnerUser, workspace: PartnerWorkspace) => ({
	user_id: user.id,
	display_name: user.name,
	role: user.role,
	email: `${user.id}-${workspace.id}@partners.timelines.ai`,
	status: user.status,
	created_at: isoSeconds(user.createdAt),
});

const accountOf = ({ id, account }: PartnerUser) => ({
	whatsapp_account_id: account?.id ?? 0,
	phone_number_e164: account?.phone ?? '',
	user_id: id,
});
