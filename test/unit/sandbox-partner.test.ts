/** The sandbox's Partner API: signed requests, and signed deliveries. */
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type Sandbox, signJwt, startSandbox, partnerEventTypes } from '../sandbox';

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox({ webhooks: { retryDelayMs: 5 } });
});
beforeEach(() => sandbox.reset());
afterAll(() => sandbox.close());

const seconds = () => Math.floor(Date.now() / 1000);
const claims = () => ({ partner_id: sandbox.partner.id, nbf: seconds() - 180, exp: seconds() + 180 });

/** One request to the Partner API, correctly signed unless the headers say otherwise. */
async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
	const response = await fetch(`${sandbox.partnerApiUrl}${path}`, {
		method,
		headers: {
			authorization: `Bearer ${signJwt(claims(), sandbox.partner.secret)}`,
			'x-tl-partner-id': sandbox.partner.id,
			...(body !== undefined && { 'content-type': 'application/json' }),
			...headers,
		},
		...(body !== undefined && { body: JSON.stringify(body) }),
	});
	return { status: response.status, version: response.headers.get('x-tl-api-version'), json: (await response.json()) as Record<string, unknown> };
}

describe('A signed request', () => {
	it('is served, with the version of the API', async () => {
		const { status, version, json } = await call('GET', '/workspaces/acme-inc');
		expect([status, version]).toEqual([200, 'v1']);
		expect(json).toMatchObject({ workspace_id: 'acme-inc', seats: { total: 5, used: 2 }, users: [{ role: 'owner' }, { role: 'agent' }], whatsapp_accounts: [{ connected: true }], qr_links: [] });
		expect(sandbox.breaches).toEqual([]);
	});

	const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
	it.each([
		['another secret', () => bearer(signJwt(claims(), 'another')), 401, 'invalid_signature'],
		['no signature', () => bearer(signJwt(claims(), '', { alg: 'none' }).replace(/[^.]*$/, '')), 401, 'invalid_signature'],
		['another algorithm in the header', () => bearer(signJwt(claims(), sandbox.partner.secret, { alg: 'RS256' })), 401, 'invalid_signature'],
		['a token of the past', () => bearer(signJwt({ ...claims(), exp: seconds() - 1 }, sandbox.partner.secret)), 401, 'timestamp_out_of_range'],
		['a token of the future', () => bearer(signJwt({ ...claims(), nbf: seconds() + 60 }, sandbox.partner.secret)), 401, 'token_not_active'],
		['a token without times', () => bearer(signJwt({ partner_id: sandbox.partner.id }, sandbox.partner.secret)), 401, 'missing_claim'],
		['a token for another partner', () => bearer(signJwt({ ...claims(), partner_id: 'other' }, sandbox.partner.secret)), 401, 'invalid_signature'],
		['something that is no token', () => bearer('abc'), 401, 'token_decode_error'],
		['another partner in the header', () => ({ 'x-tl-partner-id': 'other' }), 404, 'partner_not_found'],
	])('is refused with %s', async (_what, headers, status, error) => {
		const answer = await call('GET', '/workspaces/acme-inc', undefined, headers());
		expect(answer).toMatchObject({ status, json: { error, status } });
	});

	it('with a token that is valid for another time than documented is a breach', async () => {
		const token = signJwt({ ...claims(), exp: seconds() + 3600 }, sandbox.partner.secret);
		expect((await call('GET', '/workspaces/acme-inc', undefined, { authorization: `Bearer ${token}` })).status).toBe(200);
		expect(sandbox.breaches.map(({ kind }) => kind)).toEqual(['authorization']);
	});
});

describe('The eight operations', () => {
	it('create a workspace once, and users as far as there are seats', async () => {
		const created = await call('POST', '/workspaces', { display_name: 'My First Workspace', seats_purchased: 3 });
		expect(created).toMatchObject({ status: 201, json: { workspace_id: 'my-first-workspace', seats_total: 3, seats_available: 2 } });
		expect(await call('POST', '/workspaces', { display_name: 'my first workspace', seats_purchased: 3 })).toMatchObject({ status: 409, json: { error: 'workspace_creation_failed' } });
		expect(await call('POST', '/workspaces/my-first-workspace/users', { count: 3 })).toMatchObject({ status: 409, json: { error: 'seats_full' } });
		expect(await call('POST', '/workspaces/my-first-workspace/users', { count: 2 })).toMatchObject({ status: 201, json: { seats_available: 0, users: [{ role: 'agent' }, { role: 'agent' }] } });
		expect(await call('POST', '/workspaces/my-first-workspace/users', { count: 100 })).toMatchObject({ status: 400, json: { error: 'invalid_request' } });
	});

	it('suspend those who came last when seats are reduced', async () => {
		const [, agent] = sandbox.partner.workspaces.get('acme-inc')?.users ?? [];
		const { json } = await call('PATCH', '/workspaces/acme-inc', { seats_purchased: 1 });
		expect(json).toMatchObject({ seats_total: 1, seats_available: 0, suspended_members: [{ user_id: agent?.id, phone_numbers: ['+302105550012'] }] });
	});

	it('make one QR link at a time, which disconnects the number', async () => {
		const [, agent] = sandbox.partner.workspaces.get('acme-inc')?.users ?? [];
		const path = `/workspaces/acme-inc/users/${agent?.id}`;
		expect((await call('POST', `${path}/qr`, { expires_in_hours: 2 })).json).toMatchObject({ whatsapp_disconnected: true, previous_qr_revoked: false });
		expect((await call('POST', `${path}/qr`)).json).toMatchObject({ whatsapp_disconnected: false, previous_qr_revoked: true });
		expect((await call('POST', `${path}/whatsapp/disconnect`)).json).toMatchObject({ disconnected: false });
	});

	it('rotate the token, which kills the old one for the Public API at once', async () => {
		const old = sandbox.token;
		expect((await call('GET', '/workspaces/acme-inc/api-token')).json).toEqual({ workspace_id: 'acme-inc', token: old });
		const { status, json } = await call('POST', '/workspaces/acme-inc/api-token');
		expect([status, json.token]).toEqual([201, sandbox.token]);
		const publicApi = (token: string) => fetch(`${sandbox.apiUrl}/workspace`, { headers: { authorization: `Bearer ${token}` } });
		expect([(await publicApi(old)).status, (await publicApi(sandbox.token)).status]).toEqual([401, 200]);
	});

	it('find only what the partner may manage', async () => {
		sandbox.partner.addWorkspace({ id: 'foreign', owned: false });
		sandbox.partner.addWorkspace({ id: 'paying', billingManaged: true });
		for (const [id, status, error] of [['nowhere', 404, 'workspace_not_found'], ['foreign', 404, 'workspace_not_owned_by_partner'], ['paying', 403, 'workspace_billing_managed']]) {
			expect(await call('GET', `/workspaces/${id}`)).toMatchObject({ status, json: { error } });
		}
	});
});

it('delivers its eight events with a signature', async () => {
	const received: Array<{ headers: NodeJS.Dict<string | string[]>; body: { event_type: string; partner_id: string } }> = [];
	const server = createServer((request, response) => {
		let text = '';
		request.on('data', (chunk: Buffer) => (text += chunk.toString()));
		request.on('end', () => {
			received.push({ headers: request.headers, body: JSON.parse(text) as { event_type: string; partner_id: string } });
			response.end();
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	sandbox.partner.webhookUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
	for (const event of partnerEventTypes) sandbox.partner.emit(event);
	sandbox.partner.emit('api_token:rotated', { workspace_id: 'other' }, (headers) => ({ ...headers, 'x-tl-signature': 'forged' }));
	await sandbox.settled();
	expect(received.map(({ body }) => body.event_type).sort()).toEqual([...partnerEventTypes, 'api_token:rotated'].sort());
	const genuine = received.filter(({ headers }) => headers['x-tl-signature'] !== 'forged');
	expect(genuine).toHaveLength(8);
	for (const { headers, body } of genuine) {
		expect([headers['x-tl-partner-id'], body.partner_id]).toEqual([sandbox.partner.id, sandbox.partner.id]);
		// The signature is one with which a request would be let in.
		expect((await call('GET', '/workspaces/acme-inc', undefined, { authorization: `Bearer ${String(headers['x-tl-signature'])}` })).status).toBe(200);
	}
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
});
