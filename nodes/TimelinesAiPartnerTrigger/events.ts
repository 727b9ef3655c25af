/** The events that TimelinesAI tells a partner of, as data: what the panel offers and what the simplified output has of each. */
import type { IDataObject } from 'n8n-workflow';
import { isoTime, orNull } from '../shared/output/formats';

/** One event of a partner. */
export interface PartnerEvent {
	/** The API's own name, which `event_type` of the payload repeats. */
	value: string;
	/** The name in the list, beginning with what it is about. */
	name: string;
	description: string;
	/** What only this event has, for the simplified output. */
	details(payload: IDataObject): IDataObject;
}

const seats = (payload: IDataObject): IDataObject => ({
	seatsPurchased: payload.seats_purchased,
	seatsAvailable: payload.seats_available,
});

/** What a quota holds is named after the quota; its period has one name everywhere. */
const quota = (total: string, used: string) => (payload: IDataObject): IDataObject => ({
	quotaTotal: orNull(payload[total]),
	quotaUsed: orNull(payload[used]),
	utilizationPercent: orNull(payload.utilization_pct),
	periodStart: isoTime(payload.current_period_start),
	periodEnd: isoTime(payload.current_period_end),
});
const messages = quota('messaging_quota_total', 'messaging_quota_used');

const account = (payload: IDataObject): IDataObject => ({
	userId: payload.user_id,
	whatsappAccountId: payload.whatsapp_account_id,
	phone: payload.phone_number_e164,
});

/** All eight events, in the order of the panel. */
export const partnerEvents: PartnerEvent[] = [
	{
		value: 'workspace:seats_full',
		name: 'Workspace: Seats Full',
		description: 'All seats of a workspace are taken',
		details: seats,
	},
	{
		value: 'workspace:quota_near_full:messaging',
		name: 'Workspace: Message Quota Nearly Used Up',
		description: 'A workspace has used 90 percent of its messages of the billing period',
		details: messages,
	},
	{
		value: 'workspace:quota_full:messaging',
		name: 'Workspace: Message Quota Used Up',
		description: 'A workspace has used all its messages of the billing period',
		details: messages,
	},
	{
		value: 'workspace:quota_full:transactions',
		name: 'Workspace: Transaction Quota Used Up',
		description: 'A workspace has used all its transactions of the billing period',
		details: quota('transactions_quota_total', 'transactions_quota_used'),
	},
	{
		value: 'workspace:quota_full:api_calls',
		name: 'Workspace: API Call Quota Used Up',
		description: 'A workspace has used all its calls of the Public API of the billing period',
		details: quota('api_calls_limit', 'api_calls_used'),
	},
	{
		value: 'whatsapp_account:connected',
		name: 'WhatsApp Account: Connected',
		description: 'A user has connected a WhatsApp account',
		details: account,
	},
	{
		value: 'whatsapp_account:disconnected',
		name: 'WhatsApp Account: Disconnected',
		description: 'The WhatsApp account of a user was disconnected, whatever the reason',
		details: (payload) => ({ ...account(payload), disconnectedAt: isoTime(payload.disconnected_at), reason: orNull(payload.reason) }),
	},
	{
		value: 'api_token:rotated',
		name: 'API Token: Rotated',
		description: 'A workspace has a new token for the Public API; the old one has ended',
		details: (payload) => ({ rotatedAt: isoTime(payload.rotated_at) }),
	},
];

/** The event that a payload tells of, unless it is one that is not known. */
export const eventOf = (payload: IDataObject): PartnerEvent | undefined => partnerEvents.find(({ value }) => value === payload.event_type);

/** The simplified output of an event. */
export const simplifyEvent = (payload: IDataObject, { details }: PartnerEvent): IDataObject => ({
	event: payload.event_type,
	workspaceId: payload.workspace_id,
	triggeredAt: isoTime(payload.triggered_at),
	...details(payload),
});

/**
 * What tells one event from every other one, however often it is delivered. Payloads have no id of their own, but the time of what
 * happened, and whom it happened to.
 */
export function identityOf(payload: IDataObject): { of: unknown; unique: boolean } {
	const { event_type: event, workspace_id: workspace, triggered_at: at, user_id: user, whatsapp_account_id: number, rotated_at: rotated } = payload;
	return at ? { of: [event, workspace, at, user, number, rotated], unique: true } : { of: payload, unique: false };
}
