/** The partner node, in real n8n against the sandbox: signed requests, eight operations, nothing destroyed twice. */
import { type INodeParameters } from 'n8n-workflow';
import { TimelinesAiPartnerApi } from '../../credentials/TimelinesAiPartnerApi.credentials';
import { TimelinesAiPartner } from '../../nodes/TimelinesAiPartner/TimelinesAiPartner.node';
import { listSearch, type NodeRun, runNode, testCredential } from '../harness';
import { startSandbox } from '../sandbox';
import { byId, jsonOf, onlyRequest, routes, useSandbox } from './kit';

const sandbox = useSandbox();

const credential = () => ({ partnerId: sandbox().partner.id, partnerSecret: sandbox().partner.secret, baseUrl: sandbox().partnerApiUrl });
const setup = () => ({
	node: new TimelinesAiPartner(),
	credentials: { timelinesAiPartnerApi: credential() },
	credentialTypes: [new TimelinesAiPartnerApi()],
});

/** Runs `workspace.get`, for example; whatever comes out never shows the partner secret. */
async function run(operation: string, parameters: INodeParameters = {}, more: Partial<NodeRun> = {}) {
	const [resource = '', value = ''] = operation.split('.');
	const result = await runNode({ ...setup(), parameters: { resource, operation: value, ...parameters }, ...more });
	expect(JSON.stringify([result.items, result.error, result.context])).not.toContain(sandbox().partner.secret);
	return result;
}

/** A customer's workspace of five seats: the owner, and one agent with a connected number. */
function acme() {
	const { partner } = sandbox();
	const workspace = partner.addWorkspace({ id: 'acme', name: 'Acme', seats: 5 });
	const agent = partner.addUser(workspace, { name: 'Kate' });
	partner.connect(agent, '+14155550123');
	return { workspace, agent, owner: workspace.users[0] };
}

describe('a request', () => {
	it('is signed afresh with a token that lives three minutes before and after now', async () => {
		acme();

		await run('workspace.get', { workspaceId: byId('acme') });

		const { headers } = onlyRequest(sandbox(), 'GET /workspaces/{workspace_id}');
		const [head, claims] = String(headers.authorization).replace('Bearer ', '').split('.').map((part) => Buffer.from(part, 'base64url').toString());
		const { partner_id: partnerId, nbf, exp } = JSON.parse(claims as string) as { partner_id: string; nbf: number; exp: number };
		expect(JSON.parse(head as string)).toEqual({ alg: 'HS256', typ: 'JWT' });
		expect([headers['x-tl-partner-id'], partnerId]).toEqual([sandbox().partner.id, sandbox().partner.id]);
		expect(exp - nbf).toBe(360);
		expect(Math.abs(Date.now() / 1000 - (nbf + exp) / 2)).toBeLessThan(30);
	});

	it('takes a new token when it is repeated', async () => {
		acme();
		sandbox().faults.add({ kind: 'rateLimited', retryAfter: 1, times: 1 });

		jsonOf(await run('workspace.get', { workspaceId: byId('acme') }));

		const tokens = sandbox().requests.map(({ headers }) => headers.authorization);
		expect(tokens).toHaveLength(2);
		expect(tokens[0]).not.toBe(tokens[1]);
	});

	it.each([
		['a path', byId('acme/../../x'), '“acme/../../x” is not a valid workspace ID: it must be letters, digits, dashes and underscores only'],
		['nothing', byId('={{ $json.nothing }}'), 'No workspace is chosen'],
	])('is not made with %s for a workspace', async (_, workspaceId, message) => {
		const { error } = await run('workspace.get', { workspaceId });

		expect(error).toMatchObject({ message, context: { itemIndex: 0 } });
		expect(sandbox().requests).toEqual([]);
	});

	it.each([
		['partnerId', 'The Partner ID in the credential is empty'],
		['partnerSecret', 'The Partner Secret in the credential is empty'],
	])('is not made without %s', async (name, message) => {
		const { error } = await run('workspace.get', { workspaceId: byId('acme') }, { credentials: { timelinesAiPartnerApi: { ...credential(), [name]: '' } } });

		expect(error?.message).toBe(message);
		expect(sandbox().requests).toEqual([]);
	});
});

describe('workspace: create', () => {
	it('creates a workspace with its owner', async () => {
		const [json] = jsonOf(await run('workspace.create', { displayName: 'My-First-Workspace', seatsPurchased: 3 }));

		expect(onlyRequest(sandbox(), 'POST /workspaces').body).toEqual({ display_name: 'My-First-Workspace', seats_purchased: 3 });
		expect(json).toMatchObject({ workspaceId: 'my-first-workspace', name: 'My-First-Workspace', seatsTotal: 3, seatsAvailable: 2, suspendedMembers: [] });
		expect(json?.ownerUserId).toEqual(expect.any(Number));
		expect(Object.keys(json ?? {}).length).toBeLessThanOrEqual(10);
	});

	it('says what to do when there is one of this name', async () => {
		acme();

		const { error } = await run('workspace.create', { displayName: 'Acme', seatsPurchased: 1 });

		expect(error).toMatchObject({ message: 'Workspace with this name already exists', httpCode: '409', context: { errorCode: 'workspace_creation_failed', itemIndex: 0 } });
		expect(error?.description).toContain('Choose another name.');
	});

	it.each([
		[{ displayName: '={{ $json.nothing }}' }, '“Display Name” is empty'],
		[{ displayName: 'x'.repeat(101) }, '“Display Name” has 101 characters; at most 100 are allowed'],
		[{ displayName: 'x', seatsPurchased: 0 }, '“Seats Purchased” must be a whole number between 1 and 999'],
		[{ displayName: 'x', seatsPurchased: 1000 }, '“Seats Purchased” must be a whole number between 1 and 999'],
		[{ displayName: 'x', seatsPurchased: 1.5 }, '“Seats Purchased” must be a whole number between 1 and 999'],
		[{ displayName: 'x', seatsPurchased: '={{ $json.nothing }}' }, '“Seats Purchased” is empty'],
	])('refuses %j before anything is sent', async (parameters, message) => {
		const { error } = await run('workspace.create', parameters as unknown as INodeParameters);

		expect(error?.message).toBe(message);
		expect(sandbox().requests).toEqual([]);
	});

	it('takes 1 and 999 seats, also as text', async () => {
		jsonOf(await run('workspace.create', { displayName: '={{ $json.name }}', seatsPurchased: '={{ $json.seats }}' }, { items: [{ name: 'one', seats: '1' }, { name: 'many', seats: 999 }] }));

		expect([...sandbox().partner.workspaces.values()].slice(-2).map(({ seats }) => seats)).toEqual([1, 999]);
	});
});

describe('workspace: get', () => {
	it('gives what is left, with users, accounts and QR links in lists', async () => {
		const { workspace, agent, owner } = acme();
		Object.assign(workspace, { messages: { total: 100, used: 90 }, apiCalls: { total: 10, used: 20 }, nonRecurringBalance: 7 });
		(owner as typeof agent).qr = { link: 'https://timelines.ai/qr/1', expiresAt: Date.now() + 3_600_000 };

		const [json] = jsonOf(await run('workspace.get', { workspaceId: byId('acme') }));

		expect(json).toMatchObject({
			workspaceId: 'acme', name: 'Acme', seatsTotal: 5, seatsLeft: 3, messagesLeft: 10, apiCallsLeft: 0, extraMessagesLeft: 7,
			users: [{ userId: owner?.id, role: 'owner', status: 'activated' }, { userId: agent.id, name: 'Kate', role: 'agent' }],
			whatsappAccounts: [{ userId: agent.id, phone: '+14155550123', connected: true, status: 'connected' }],
			qrLinks: [{ userId: owner?.id, qrLink: 'https://timelines.ai/qr/1' }],
		});
		expect(Object.keys(json ?? {}).length).toBeLessThanOrEqual(10);
	});

	it('gives what the API sent with Output: Raw', async () => {
		acme();

		const [json] = jsonOf(await run('workspace.get', { workspaceId: byId('acme'), output: 'raw' }));

		expect(json).toMatchObject({ workspace_id: 'acme', seats: { total: 5, used: 2 }, qr_links: [] });
	});

	it('splits users, accounts and QR links into items that know their workspace and their input item', async () => {
		const { agent, owner } = acme();
		const split = { workspaceId: byId('={{ $json.id }}'), options: { split: ['users', 'whatsapp_accounts', 'qr_links'] } };

		const result = await run('workspace.get', split, { items: [{ id: 'acme' }, { id: 'acme' }] });
		const raw = await run('workspace.get', { ...split, output: 'raw' }, { items: [{ id: 'acme' }] });

		const entries = [
			{ type: 'user', workspaceId: 'acme', userId: owner?.id },
			{ type: 'user', workspaceId: 'acme', userId: agent.id },
			{ type: 'whatsappAccount', workspaceId: 'acme', userId: agent.id, phone: '+14155550123' },
		];
		expect(jsonOf(result)).toMatchObject([...entries, ...entries]);
		expect(result.items.map(({ pairedItem }) => pairedItem)).toEqual([0, 0, 0, 1, 1, 1].map((item) => ({ item })));
		expect(jsonOf(raw)).toMatchObject(entries.map(({ type, userId }) => ({ type, workspace_id: 'acme', user_id: userId })));
	});

	it('refuses to split by something that there is not', async () => {
		const { error } = await run('workspace.get', { workspaceId: byId('acme'), options: { split: '={{ "teams" }}' } });

		expect(error?.message).toBe('“Split Into Items” must consist of: qr_links, users, whatsapp_accounts');
	});

	it.each([
		['an unknown workspace', 'nowhere', '404', 'Workspace not found', 'Check the Workspace ID'],
		['a workspace of somebody else', 'foreign', '404', 'Workspace not owned by partner', 'belongs to another partner'],
		['a workspace that pays itself', 'paying', '403', 'Workspace belongs to a paid account and cannot be managed via partner API', 'pays TimelinesAI itself'],
	])('explains %s', async (_, id, httpCode, message, hint) => {
		sandbox().partner.addWorkspace({ id: 'foreign', owned: false });
		sandbox().partner.addWorkspace({ id: 'paying', billingManaged: true });

		const { error } = await run('workspace.get', { workspaceId: byId(id) });

		expect(error).toMatchObject({ message, httpCode });
		expect(error?.description).toContain(hint);
	});
});

describe('workspace: update', () => {
	it('changes only what is set', async () => {
		const { workspace } = acme();

		const [json] = jsonOf(await run('workspace.update', { workspaceId: byId('acme'), updateFields: { displayName: 'Acme-Two' } }));

		expect(onlyRequest(sandbox(), 'PATCH /workspaces/{workspace_id}').body).toEqual({ display_name: 'Acme-Two' });
		expect(json).toMatchObject({ workspaceId: 'acme', name: 'Acme-Two', seatsTotal: 5 });
		expect(workspace.seats).toBe(5);
	});

	it('names the members whom fewer seats have suspended', async () => {
		const { agent } = acme();

		const [json] = jsonOf(await run('workspace.update', { workspaceId: byId('acme'), updateFields: { seatsPurchased: 1 } }));

		expect(json?.suspendedMembers).toEqual([{ userId: agent.id, whatsappAccountId: expect.any(Number), phones: ['+14155550123'] }]);
	});

	it('refuses an update of nothing and seats out of range', async () => {
		const nothing = await run('workspace.update', { workspaceId: byId('acme') });
		const seats = await run('workspace.update', { workspaceId: byId('acme'), updateFields: { seatsPurchased: 1000 } });

		expect([nothing.error?.message, seats.error?.message]).toEqual(['Nothing to update', '“Seats Purchased” must be a whole number between 1 and 999']);
		expect(sandbox().requests).toEqual([]);
	});
});

describe('user: create', () => {
	it('gives one item for each user', async () => {
		const { workspace } = acme();

		const json = jsonOf(await run('user.create', { workspaceId: byId('acme'), count: 2 }));

		expect(onlyRequest(sandbox(), 'POST /workspaces/{workspace_id}/users').body).toEqual({ count: 2 });
		expect(json).toMatchObject(workspace.users.slice(-2).map(({ id }) => ({ workspaceId: 'acme', userId: id, role: 'agent', seatsAvailable: 1 })));
	});

	it('creates none when there are too few seats, and says what to do', async () => {
		const { workspace } = acme();

		const { error } = await run('user.create', { workspaceId: byId('acme'), count: 4 });

		expect(error).toMatchObject({ message: 'Only 3 seats are available', context: { errorCode: 'seats_full' } });
		expect(error?.description).toContain('Raise the seats with Workspace: Update');
		expect(workspace.users).toHaveLength(2);
	});

	it.each([0, 100, -1, 'many'])('refuses to create %s users', async (count) => {
		const { error } = await run('user.create', { workspaceId: byId('acme'), count });

		expect(error?.message).toBe('“Count” must be a whole number between 1 and 99');
		expect(sandbox().requests).toEqual([]);
	});
});

describe('QR code: generate', () => {
	it('gives a link, and says whether a number was disconnected and a link revoked for it', async () => {
		const { agent } = acme();
		const user = { workspaceId: byId('acme'), userId: byId(agent.id) };

		const [first] = jsonOf(await run('qrCode.generate', user));
		const [second] = jsonOf(await run('qrCode.generate', { ...user, expiresInHours: 168 }));

		expect(first).toMatchObject({ workspaceId: 'acme', userId: agent.id, whatsappDisconnected: true, previousQrRevoked: false });
		expect(second).toMatchObject({ qrLink: agent.qr?.link, whatsappDisconnected: false, previousQrRevoked: true });
		expect(sandbox().requests.map(({ body }) => body)).toEqual([{ expires_in_hours: 24 }, { expires_in_hours: 168 }]);
	});

	it.each([0, 169, 1.5])('refuses a lifetime of %s hours', async (expiresInHours) => {
		const { error } = await run('qrCode.generate', { workspaceId: byId('acme'), userId: byId(1), expiresInHours });

		expect(error?.message).toBe('“Expires In Hours” must be a whole number between 1 and 168');
		expect(sandbox().requests).toEqual([]);
	});

	it.each([
		['no user', byId('={{ $json.nothing }}'), 'No user is chosen'],
		['a path', byId('1/../2'), '“1/../2” is not a valid user ID: it must be a whole number'],
	])('refuses %s', async (_, userId, message) => {
		const { error } = await run('qrCode.generate', { workspaceId: byId('acme'), userId });

		expect(error?.message).toBe(message);
		expect(sandbox().requests).toEqual([]);
	});

	it('explains a user of another workspace and a suspended one', async () => {
		const { owner } = acme();
		const { partner } = sandbox();
		const other = partner.addUser(partner.addWorkspace({ id: 'other' }));
		Object.assign(owner ?? {}, { status: 'suspended' });

		const stranger = await run('qrCode.generate', { workspaceId: byId('acme'), userId: byId(other.id) });
		const suspended = await run('qrCode.generate', { workspaceId: byId('acme'), userId: byId(Number(owner?.id)) });

		expect(stranger.error?.description).toContain('Workspace: Get shows the users of the workspace.');
		expect(suspended.error?.description).toContain('The user is suspended.');
	});
});

describe('WhatsApp account: disconnect', () => {
	it('ends the connection, and does nothing where there is none', async () => {
		const { agent } = acme();
		const user = { workspaceId: byId('acme'), userId: byId(agent.id) };

		const [first] = jsonOf(await run('whatsappAccount.disconnect', user));
		const [second] = jsonOf(await run('whatsappAccount.disconnect', user));

		expect(first).toMatchObject({ workspaceId: 'acme', userId: agent.id, disconnected: true, phone: '+14155550123' });
		expect(first?.disconnectedAt).toMatch(/^\d{4}-\d\d-\d\dT/);
		expect(second).toMatchObject({ disconnected: false, disconnectedAt: null, phone: null });
		expect(agent.account).toBeNull();
	});
});

describe('API token', () => {
	it('is given, and created where there is none', async () => {
		const { workspace } = acme();

		const [first, second] = jsonOf(await run('apiToken.get', { workspaceId: byId('acme') }, { items: [{}, {}] }));

		expect(first).toEqual({ workspaceId: 'acme', token: workspace.token });
		expect(second).toEqual(first);
	});

	it('is rotated: the output has the new one', async () => {
		const { workspace } = acme();
		sandbox().partner.token(workspace);
		const old = workspace.token;

		const [json] = jsonOf(await run('apiToken.rotate', { workspaceId: byId('acme') }));

		expect(json).toEqual({ workspaceId: 'acme', token: workspace.token, rotatedAt: expect.stringMatching(/^\d{4}-/) });
		expect(json?.token).not.toBe(old);
	});

	it('is a field that n8n is told to mask, in both forms of the output', async () => {
		acme();

		const outputs = [...jsonOf(await run('apiToken.rotate', { workspaceId: byId('acme') })), ...jsonOf(await run('apiToken.get', { workspaceId: byId('acme'), output: 'raw' }))];

		const [path = ''] = new TimelinesAiPartner().description.sensitiveOutputFields ?? [];
		for (const json of outputs) expect(json).toHaveProperty(path);
	});

	it('is not kept a second time with the execution: a retry of the node reads it again and rotates nothing', async () => {
		const { workspace } = acme();
		const items = [{ id: 'acme' }, { id: 'nowhere' }];

		const failed = await run('apiToken.rotate', { workspaceId: byId('={{ $json.id }}') }, { items });
		const rotated = String(workspace.token);
		expect(failed.error?.message).toBe('Workspace not found');
		expect(JSON.stringify(failed.context)).not.toContain(rotated);
		sandbox().partner.addWorkspace({ id: 'nowhere' });
		const retried = await run('apiToken.rotate', { workspaceId: byId('={{ $json.id }}') }, { items, retryOf: failed });

		expect(jsonOf(retried)[0]).toEqual({ workspaceId: 'acme', token: rotated, rotatedAt: expect.any(String) });
		expect(workspace.token).toBe(rotated);
		const rotations = sandbox().requests.filter(({ route, path }) => route === 'POST /workspaces/{workspace_id}/api-token' && path.includes('acme'));
		expect(rotations).toHaveLength(1);
	});
});

describe('what destroys or creates', () => {
	it.each([
		['workspace.create', { displayName: 'new', seatsPurchased: 1 }, 'Workspace: Get shows whether it is there'],
		['user.create', { count: 2 }, 'Workspace: Get shows who is there'],
		['qrCode.generate', {}, 'Workspace: Get shows the QR links'],
		['apiToken.rotate', {}, 'API Token: Get gives the one that is valid now'],
	])('%s is never repeated when its answer is lost, and says how to find out', async (operation, parameters, hint) => {
		const { agent } = acme();
		const given = { workspaceId: byId('acme'), userId: byId(agent.id), ...parameters };
		sandbox().faults.add({ kind: 'resetAfter', times: 1 });

		const { error, attempts } = await run(operation, given, { retryOnFail: { maxTries: 2, waitBetweenTries: 1 } });

		expect(attempts).toBe(2);
		expect(error).toMatchObject({ message: 'An earlier attempt of this execution may have sent this already', context: { outcome: 'unknown' } });
		expect(error?.description).toContain(hint);
		expect(sandbox().requests).toHaveLength(1);
	});

	it('is not repeated for the items that an earlier attempt has done', async () => {
		const { workspace } = acme();
		sandbox().faults.add({ kind: 'status', status: 429, after: 1, times: 1, body: { error: 'quota_exceeded', status: 429 } });

		const items = jsonOf(await run('user.create', { workspaceId: byId('acme'), count: 1 }, { items: [{}, {}], retryOnFail: { maxTries: 2, waitBetweenTries: 1 } }));

		expect(items.map(({ userId }) => userId)).toEqual(workspace.users.slice(-2).map(({ id }) => id));
		expect(workspace.users).toHaveLength(4);
	});

	it('is repeated where repeating changes nothing', async () => {
		const { agent } = acme();
		sandbox().faults.add({ kind: 'resetBefore', times: 1 });

		const [json] = jsonOf(await run('whatsappAccount.disconnect', { workspaceId: byId('acme'), userId: byId(agent.id) }));

		expect(json?.disconnected).toBe(true);
		expect(routes(sandbox())).toHaveLength(2);
	});

	it.each(['apiToken.get', 'apiToken.rotate', 'qrCode.generate', 'whatsappAccount.disconnect', 'workspace.update'])('%s says in the panel what to beware of', (operation) => {
		const [resource, value] = operation.split('.');
		const notices = new TimelinesAiPartner().description.properties.filter(
			({ type, displayOptions }) => type === 'notice' && displayOptions?.show?.resource?.includes(resource as string) && displayOptions.show.operation?.includes(value as string),
		);

		expect(notices.length).toBeGreaterThan(0);
	});
});

describe('the list of users', () => {
	const search = async (filter?: string, workspaceId = byId('acme')) =>
		await listSearch({ ...setup(), method: 'searchUsers', filter, parameters: { resource: 'qrCode', operation: 'generate', workspaceId } });

	it('shows the users of the chosen workspace with their numbers', async () => {
		const { agent, owner } = acme();
		Object.assign(owner ?? {}, { status: 'suspended' });
		const kate = { name: 'Kate (+14155550123)', value: String(agent.id) };

		expect((await search()).results).toEqual([{ name: 'Owner (suspended)', value: String(owner?.id) }, kate]);
		expect((await search('5550123')).results).toEqual([kate]);
	});

	it('asks for the workspace first', async () => {
		await expect(search('', byId(''))).rejects.toThrow('No workspace is chosen');
	});
});

describe('the credential test', () => {
	const test = async (data: object = {}) =>
		await testCredential({ type: new TimelinesAiPartnerApi(), node: new TimelinesAiPartner(), data: { ...credential(), ...data } });

	it('passes and changes nothing', async () => {
		const before = JSON.stringify([...sandbox().partner.workspaces]);

		expect(await test()).toEqual({ status: 'OK', message: 'Connection successful!' });
		expect(await test({ baseUrl: `${sandbox().partnerApiUrl}/`, partnerId: ` ${sandbox().partner.id} ` })).toMatchObject({ status: 'OK' });

		expect(sandbox().requests.map(({ method }) => method)).toEqual(['GET', 'GET']);
		expect(JSON.stringify([...sandbox().partner.workspaces])).toBe(before);
	});

	it.each([
		['a wrong secret', () => ({ partnerSecret: 'wrong' }), 'The Partner Secret in the credential is wrong'],
		['a wrong partner', () => ({ partnerId: 'partner_666' }), 'The Partner ID in the credential is wrong'],
		['a path without an API', () => ({ baseUrl: `${sandbox().origin}/nothing` }), 'The Base URL in the credential is wrong'],
		['the address of the Public API', () => ({ baseUrl: sandbox().apiUrl }), 'The Base URL in the credential is wrong'],
		['no URL', () => ({ baseUrl: 'app.timelines.ai' }), 'The Base URL in the credential is not a URL'],
		['no secret', () => ({ partnerSecret: '' }), 'The Partner Secret in the credential is empty'],
	])('tells %s', async (_, wrong, message) => {
		const result = await test(wrong());

		expect(result.status).toBe('Error');
		expect(result.message).toContain(message);
		expect(result.message).not.toContain(sandbox().partner.secret);
		sandbox().breaches.splice(0);
	});

	it('tells a partner who was switched off', async () => {
		sandbox().partner.active = false;

		expect((await test()).message).toContain('TimelinesAI has switched this partner off');
	});

	it.each([
		['a wrong clock', { kind: 'status', status: 401, body: { error: 'timestamp_out_of_range', status: 401 } }, 'The clock of n8n differs'],
		['a refusal without a code', { kind: 'status', status: 401 }, 'Check the Partner ID and the Partner Secret'],
		['a page that is no API', { kind: 'html', status: 200 }, 'Check the Base URL'],
		['a redirect', { kind: 'redirect' }, 'The Base URL redirects'],
		['an answer that cannot be', { kind: 'status', status: 200, body: { workspace_id: 'x' } }, 'The Base URL in the credential is wrong'],
		['trouble at TimelinesAI', { kind: 'status', status: 500, body: { error: 'internal_error', status: 500 } }, 'Internal error. TimelinesAI has a problem at the moment'],
	] as const)('tells %s', async (_, fault, message) => {
		sandbox().faults.add(fault as Parameters<ReturnType<typeof sandbox>['faults']['add']>[0]);

		expect(await test()).toEqual({ status: 'Error', message: expect.stringContaining(message) });
	});

	it('tells an address where nobody answers', async () => {
		const gone = await startSandbox();
		await gone.close();

		expect((await test({ baseUrl: gone.partnerApiUrl })).message).toContain('TimelinesAI cannot be reached');
	});
});
