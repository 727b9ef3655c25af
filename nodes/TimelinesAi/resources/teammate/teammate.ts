/** A teammate in simplified form. */
import type { IDataObject } from 'n8n-workflow';
import type { Simplify } from '../../../shared/operation/types';
import { isoTime, orNull } from '../../../shared/output/formats';

export const simplifyTeammate: Simplify = (teammate) => ({
	userId: teammate.user_id,
	name: teammate.display_name,
	email: teammate.email,
	role: teammate.role,
	team: teammate.team,
	status: teammate.status,
	invitationStatus: orNull(teammate.invitation_status),
	createdAt: isoTime(teammate.created_at),
	phones: ((teammate.whatsapp_accounts ?? []) as IDataObject[]).map(({ phone }) => phone),
});
