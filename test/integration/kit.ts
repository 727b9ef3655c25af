/** What the integration tests have in common: a sandbox for each file, and one line to run an operation in real n8n against it. */
import { type IDataObject, type INodeParameters } from 'n8n-workflow';
import { TimelinesAiApi } from '../../credentials/TimelinesAiApi.credentials';
import { TimelinesAi } from '../../nodes/TimelinesAi/TimelinesAi.node';
import { listSearch, type NodeRun, type NodeRunResult, runNode } from '../harness';
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

/** Opens a searchable list in the editor. */
export const search = async (sandbox: Sandbox, method: string, filter?: string, paginationToken?: string) =>
	await listSearch({ ...setup(sandbox), method, filter, paginationToken, parameters: { resource: 'chat', operation: 'get' } });

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
