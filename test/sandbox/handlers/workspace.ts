/** The workspace itself, its linked numbers and its people. */
import { Reply } from '../api';
import { type PublicHandlers } from '../context';
import { ApiError, invalid, notFound } from '../errors';

export const workspaceHandlers = {
	'GET /workspace': (_call, { views }) => views.workspace(),
	'GET /workspace/teammates': (_call, { world, views }) => ({
		teams: world.teams.map((title) => ({ title })),
		teammates: world.teammates.map((teammate) => views.teammate(teammate)),
	}),
	'GET /workspace/teammates/me': (_call, { world, views }) => views.teammate(world.me),
	'GET /whatsapp_accounts': (_call, { world, views }) => ({ whatsapp_accounts: world.accounts.map((account) => views.account(account)) }),
	'GET /v2/whatsapp_accounts': (_call, { world, views }) => ({
		whatsapp_accounts: world.accounts.map((account) => ({ ...views.account(account), is_visible: account.visible })),
	}),
	'POST /workspace/invitations': ({ body }, { world, views }) => {
		const { email, first_name = '', last_name = '', team_title: team = 'Default' } = body;
		const role = body.role?.toLowerCase() ?? 'agent';
		if (!world.teams.includes(team)) throw invalid(`Team "${team}" not found`);
		const known = world.teammates.find((teammate) => teammate.email.toLowerCase() === email.toLowerCase());
		if (known) return views.teammate(Object.assign(known, { role, team }));
		const name = `${first_name} ${last_name}`.trim() || email;
		const invited = { name, email, role, team, status: 'Invited', invitationStatus: 'Pending', createdAt: world.clock.now() };
		return views.teammate(world.addTeammate(invited));
	},
	'DELETE /workspace/invitations/{user_id}': ({ params }, { world }) => {
		const place = world.teammates.findIndex(({ userId }) => userId === Number(params.user_id));
		const teammate = world.teammates[place];
		if (!teammate) throw notFound('User');
		if (teammate.status !== 'Invited') throw new ApiError('validation_error', 'The user has already accepted the invitation', undefined, 409);
		world.teammates.splice(place, 1);
		return new Reply({ status: 200, body: { message: 'Invitation revoked successfully', status: 'ok' } });
	},
} satisfies Partial<PublicHandlers>;
