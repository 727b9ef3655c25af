/** The workspace itself, its linked numbers and its people. */
import { type PublicHandlers } from '../context';

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
} satisfies Partial<PublicHandlers>;
