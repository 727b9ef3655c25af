/** What the integration tests have in common: a sandbox for each file, and one line to run an operation in real n8n against it. */
import { type IDataObject, type INodeParameters } from 'n8n-workflow';
import { TimelinesAiApi } from '../../credentials/TimelinesAiApi.credentials';
import { TimelinesAi } from '../../nodes/TimelinesAi/TimelinesAi.node';
import { listSearch, type NodeRun, type NodeRunResult, resourceMapping, runNode } from '../harness';
import { type RecordedRequest, type Sandbox, type SandboxOptions, startSandbox } from '../sandbox';

export { type NodeRunResult } from '../harness';

/**
 * A sandbox for all tests of a file, with a fresh workspace before each. After each test it fails on every request that broke the
 * contract of the API, and on every error that shows the token.
 */
export function useSandbox(options: SandboxOptions = {}): () => Sandbox {
	let sandbox: Sandbox;
	beforeAll(async () => {
		sandbox = await startSandbox(options);
	});
	beforeEach(async () => {
		await sandbox.reset();
	});
	afterEach(() => {
		expect(sandbox.breaches.map(({ kind, message, request }) => `${kind}: ${message} (${request.method} ${request.path})`)).toEqual([]);
	});
	afterAll(async () => {
		await sandbox.close();
	});
	return () => sandbox;
}

/** The credential of a sandbox as n8n hands it to nodes. */
export const credentialsOf = ({ token, apiUrl }: Pick<Sandbox, 'token' | 'apiUrl'>) => ({
	timelinesAiApi: { apiToken: token, baseUrl: apiUrl },
});

const setup = (sandbox: Sandbox) => ({
	node: new TimelinesAi(),
	credentials: credentialsOf(sandbox),
	credentialTypes: [new TimelinesAiApi()],
});

/** An operation with its parameters, ready to be run. */
export function runSetup(sandbox: Sandbox, operation: string, parameters: INodeParameters) {
	const [resource = '', value = ''] = operation.split('.');
	return { ...setup(sandbox), parameters: { resource, operation: value, ...parameters } };
}

/** Runs `message.send`, for example, in real n8n against a sandbox: `run(sandbox, 'message.send', { phone: … })`. */
export async function run(
	sandbox: Sandbox,
	operation: string,
	parameters: INodeParameters = {},
	more: Partial<NodeRun> = {},
): Promise<NodeRunResult> {
	const result = await runNode({ ...runSetup(sandbox, operation, parameters), ...more });
	expect(JSON.stringify([result.items, result.error])).not.toContain(sandbox.token);
	return result;
}

/** The JSON of the output items of a run that must have succeeded. */
export function jsonOf({ items, error }: NodeRunResult): IDataObject[] {
	expect(error).toBeUndefined();
	return items.map(({ json }) => json);
}

/** Opens a searchable list in the editor, with the panel as these parameters fill it. */
export const search = async (
	sandbox: Sandbox,
	method: string,
	filter?: string,
	paginationToken?: string,
	parameters: INodeParameters = { resource: 'chat', operation: 'get' },
) => await listSearch({ ...setup(sandbox), method, filter, paginationToken, parameters });

/** What reached the API: `PUT /chats/{chat_id}/labels`. */
export const routes = ({ requests }: Sandbox): Array<string | undefined> => requests.map(({ route }) => route);

/** The only request to a route; fails when there were none or several. */
export function onlyRequest({ requests }: Sandbox, route: string): RecordedRequest {
	const found = requests.filter((request) => request.route === route);
	expect(found).toHaveLength(1);
	return found[0] as RecordedRequest;
}

/** A chat chosen by its id, as the editor stores it. */
export const byId = (id: number | string) => ({ __rl: true as const, mode: 'id', value: String(id) });

/** A thing chosen in another mode. */
export const by = (mode: string, value: string) => ({ __rl: true as const, mode, value });

/** Asks for the form that a resource mapper shows, with the panel as these parameters fill it. */
export const form = async (sandbox: Sandbox, method: string, parameters: INodeParameters) =>
	await resourceMapping({ ...setup(sandbox), method, path: 'parameters', parameters });

/** An operation, the endpoint that it calls first, and parameters that name things which do not exist. */
export type Refused = [operation: string, route: string, parameters?: INodeParameters];

/** The two refusals that every operation must explain: the token may not do it, and what is named is not there. */
export function explainsRefusals(sandbox: () => Sandbox, operations: Refused[]): void {
	const rows = operations.map(([operation, route, parameters = {}]) => [operation, route, parameters] as const);

	it.each(rows)('%s explains that the token may not do it', async (operation, route, parameters) => {
		sandbox().world.permissions.set(route, 'permission_denied');

		const { error } = await run(sandbox(), operation, parameters);

		expect(error).toMatchObject({ httpCode: '403', context: { itemIndex: 0, errorCode: 'permission_denied', outcome: 'notProcessed' } });
		expect(error?.description).toContain('has no right to do this');
		expect(error?.description).toContain(route);
	});

	const naming = rows.filter(([, route]) => route.includes('{'));
	if (naming.length > 0) it.each(naming)('%s explains that there is no such thing', async (operation, _, parameters) => {
		const { error } = await run(sandbox(), operation, parameters);

		expect(error).toMatchObject({ httpCode: '404', context: { itemIndex: 0, errorCode: 'not_found' } });
		expect(error?.description).toContain('Check the ID');
	});
}

/** Parameters that cannot be right: the error says why, and no request is made. */
export function refusesBeforeAnyRequest(sandbox: () => Sandbox, cases: Array<[operation: string, parameters: INodeParameters, message: string | RegExp]>): void {
	it.each(cases)('%s with %j is refused without a request', async (operation, parameters, message) => {
		const { error } = await run(sandbox(), operation, parameters);

		expect(error?.message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message));
		expect(error?.context).toMatchObject({ itemIndex: 0 });
		expect(sandbox().requests).toEqual([]);
	});
}
