/** The teammate operations, in real n8n against the sandbox. */
import { by, byId, explainsRefusals, jsonOf, onlyRequest, refusesBeforeAnyRequest, run, search, useSandbox } from './kit';

const sandbox = useSandbox();

describe('teammate', () => {
	it('lists everybody with role, team and numbers, up to a limit', async () => {
		sandbox().world.addTeammate({ userId: 77, name: 'Omar', email: 'omar@acme.example', team: 'Sales', role: 'admin' });

		const all = jsonOf(await run(sandbox(), 'teammate.getAll', { returnAll: true }));
		const one = jsonOf(await run(sandbox(), 'teammate.getAll', { limit: 1 }));

		expect(all[1]).toEqual({
			userId: 77,
			name: 'Omar',
			email: 'omar@acme.example',
			role: 'admin',
			team: 'Sales',
			status: 'Active',
			invitationStatus: null,
			createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/),
			phones: [],
		});
		expect(all).toHaveLength(2);
		expect(one.map(({ name }) => name)).toEqual(['Kate Smith']);
	});

	it('says whom the token belongs to', async () => {
		const [json] = jsonOf(await run(sandbox(), 'teammate.getMe'));

		expect(json).toMatchObject({ name: 'Kate Smith', role: 'owner', phones: [sandbox().world.accounts[0]?.phone] });
	});

	it('invites by email alone, and with name, team and role', async () => {
		await run(sandbox(), 'teammate.invite', { email: ' nina@acme.example ' });
		const [json] = jsonOf(
			await run(sandbox(), 'teammate.invite', {
				email: 'nathan@acme.example',
				options: { firstName: 'Nathan', lastName: 'Drake', role: 'team_supervisor', teamTitle: by('title', 'Sales') },
			}),
		);

		expect(sandbox().requests.map(({ body }) => body)).toEqual([
			{ email: 'nina@acme.example' },
			{ email: 'nathan@acme.example', first_name: 'Nathan', last_name: 'Drake', role: 'team_supervisor', team_title: 'Sales' },
		]);
		expect(json).toMatchObject({ name: 'Nathan Drake', team: 'Sales', role: 'team_supervisor', status: 'Invited', invitationStatus: 'Pending' });
	});

	it('never sends an invitation a second time when it is unknown what became of the first', async () => {
		sandbox().faults.add({ kind: 'resetAfter', match: 'POST /workspace/invitations' });

		const { error } = await run(sandbox(), 'teammate.invite', { email: 'nina@acme.example' }, { retryOnFail: { maxTries: 3, waitBetweenTries: 1 } });

		expect(error?.context).toMatchObject({ outcome: 'unknown' });
		onlyRequest(sandbox(), 'POST /workspace/invitations');
	});

	it('revokes an invitation that is pending', async () => {
		const invited = sandbox().world.addTeammate({ status: 'Invited' });

		const [json] = jsonOf(await run(sandbox(), 'teammate.revokeInvitation', { userId: byId(invited.userId) }));

		expect(json).toEqual({ userId: invited.userId, deleted: true });
		expect(sandbox().world.teammates).not.toContain(invited);
	});

	it('explains that a teammate who has joined cannot be uninvited', async () => {
		const { error } = await run(sandbox(), 'teammate.revokeInvitation', { userId: byId(sandbox().world.me.userId) });

		expect(error).toMatchObject({ httpCode: '409', message: 'The user has already accepted the invitation' });
		expect(error?.description).toContain('Only a pending invitation can be revoked');
	});

	it('offers pending invitations and teams in the editor', async () => {
		const invited = sandbox().world.addTeammate({ email: 'nina@acme.example', status: 'Invited', invitationStatus: 'Pending' });

		expect((await search(sandbox(), 'searchInvited')).results).toEqual([{ name: 'nina@acme.example (Pending)', value: String(invited.userId) }]);
		expect((await search(sandbox(), 'searchTeams', 'sal')).results).toEqual([{ name: 'Sales', value: 'Sales' }]);
	});

	explainsRefusals(sandbox, [
		['teammate.getAll', 'GET /workspace/teammates'],
		['teammate.getMe', 'GET /workspace/teammates/me'],
		['teammate.invite', 'POST /workspace/invitations', { email: 'nina@acme.example' }],
		['teammate.revokeInvitation', 'DELETE /workspace/invitations/{user_id}', { userId: byId(4711) }],
	]);

	refusesBeforeAnyRequest(sandbox, [
		['teammate.invite', { email: '={{ $json.nothing }}' }, '“Email” is empty'],
		['teammate.invite', { email: 'nina' }, '“nina” is not an email address'],
		['teammate.invite', { email: 'nina@acme.example', options: { firstName: 'x'.repeat(151) } }, /“First Name” has 151 characters/],
		['teammate.revokeInvitation', { userId: byId('nina') }, '“nina” is not a valid user ID: it must be a whole number'],
		['teammate.revokeInvitation', { userId: byId('={{ $json.nothing }}') }, 'No teammate is chosen'],
	]);
});
