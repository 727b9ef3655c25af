/** The calls that n8n's editor makes, for commands and tests: the same doors, the same checks, no browser. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type IConnections, type IDataObject, type INode, type INodeParameters, type IRunExecutionData } from 'n8n-workflow';

export interface Login {
	email: string;
	password: string;
}

export interface WorkflowFile {
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings?: Record<string, unknown>;
}

export interface Workflow extends WorkflowFile {
	id: string;
	/** The version in the editor. */
	versionId: string;
	/** The version that is live, null when it is not activated. */
	activeVersionId: string | null;
	/** Put away by its owner: not in the list of workflows, and not to be published. */
	isArchived: boolean;
}

export interface Execution {
	id: string;
	workflowId: string;
	/** How it was started: `webhook` in production, `manual` from the editor. */
	mode: string;
	status: 'success' | 'error' | 'crashed' | 'running' | 'waiting' | 'new' | 'canceled' | 'unknown';
}

export interface Credential {
	id: string;
	name: string;
	type: string;
}

interface PublicationStatus {
	status: 'in_progress' | 'not_published' | 'published' | 'partial' | 'failed';
	triggers: Array<{ errorMessage: string | null }>;
}

/** An answer of n8n that is not a success. */
export class N8nError extends Error {
	constructor(
		readonly status: number,
		call: string,
		message: string,
	) {
		super(`${call} answered ${status}: ${message}`);
	}
}

/** A signed-in user of n8n. */
export class N8nClient {
	/** n8n binds a login to the browser that made it. */
	private readonly browserId = 'timelinesai-demo';

	private cookie = '';

	constructor(readonly origin: string) {}

	/** Makes the owner of a fresh n8n, or signs in where there is one already. */
	async enter(login: Login): Promise<void> {
		const { data } = await this.call<{ data: { userManagement: { showSetupOnFirstLoad: boolean } } }>('GET', '/rest/settings');
		if (data.userManagement.showSetupOnFirstLoad) {
			await this.call('POST', '/rest/owner/setup', { ...login, firstName: 'Demo', lastName: 'Owner' });
		}
		await this.call('POST', '/rest/login', { emailOrLdapLoginId: login.email, password: login.password });
	}

	async credentials(): Promise<Credential[]> {
		return await this.data('GET', '/rest/credentials');
	}

	async createCredential(type: string, name: string, data: Record<string, string>): Promise<Credential> {
		return await this.data('POST', '/rest/credentials', { type, name, data });
	}

	async updateCredential({ id, type, name }: Credential, data: Record<string, string>): Promise<void> {
		await this.data('PATCH', `/rest/credentials/${id}`, { type, name, data });
	}

	/** The *Retry* button of a saved credential. */
	async testCredential({ id, type, name }: Credential): Promise<{ status: 'OK' | 'Error'; message: string }> {
		// Like the editor: with what it shows, secrets blanked; n8n puts the stored ones in their place.
		const { data } = await this.data<{ data: Record<string, unknown> }>('GET', `/rest/credentials/${id}?includeData=true`);
		return await this.data('POST', '/rest/credentials/test', { credentials: { id, type, name, data } });
	}

	async workflows(): Promise<Array<Pick<Workflow, 'id' | 'name' | 'activeVersionId' | 'isArchived'>>> {
		return await this.data('GET', '/rest/workflows');
	}

	async workflow(id: string): Promise<Workflow> {
		return await this.data('GET', `/rest/workflows/${id}`);
	}

	async createWorkflow(workflow: WorkflowFile): Promise<Workflow> {
		return await this.data('POST', '/rest/workflows', { settings: { executionOrder: 'v1' }, ...workflow });
	}

	/** Saves other nodes and connections; what is live stays as it is until it is activated again. */
	async updateWorkflow(id: string, { nodes, connections }: Pick<Workflow, 'nodes' | 'connections'>): Promise<Workflow> {
		const { versionId } = await this.workflow(id);
		return await this.data('PATCH', `/rest/workflows/${id}`, { nodes, connections, versionId });
	}

	/**
	 * Publishes a version (default: the one in the editor) and waits until its triggers are registered; an error tells why
	 * one is not.
	 */
	async activate(id: string, version?: string): Promise<void> {
		const versionId = version ?? (await this.workflow(id)).versionId;
		await this.data('POST', `/rest/workflows/${id}/activate`, { versionId });
		const { status, triggers } = await this.publication(id);
		if (status !== 'published') {
			const reasons = triggers.map(({ errorMessage }) => errorMessage).filter(Boolean);
			throw new Error(`The workflow was not activated (${status}): ${reasons.join('; ') || 'n8n names no reason'}`);
		}
	}

	/** Takes the workflow off the air and waits until its triggers are gone. */
	async deactivate(id: string): Promise<void> {
		await this.data('POST', `/rest/workflows/${id}/deactivate`, {});
		await this.publication(id);
	}

	/** The newest executions of a workflow, at most 20. */
	async executions(workflowId: string): Promise<Execution[]> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		return (await this.data<{ results: Execution[] }>('GET', `/rest/executions?filter=${filter}`)).results;
	}

	/**
	 * All executions of a workflow that n8n still has. n8n sorts by the time of the start and goes on by ID, and would leave some out
	 * where the two disagree: so its pages are made to overlap.
	 */
	async allExecutions(workflowId: string): Promise<Execution[]> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const all = new Map<string, Execution>();
		for (let cursor: string | undefined = ''; cursor !== undefined; ) {
			const page: { results: Execution[]; nextCursor?: string | null } = await this.data(
				'GET',
				`/rest/executions?limit=100&filter=${filter}${cursor && `&cursor=${cursor}`}`,
			);
			for (const one of page.results) all.set(one.id, one);
			cursor = page.nextCursor ? before(page.nextCursor, 40) : undefined;
		}
		return [...all.values()];
	}

	/** The editor's *Execute workflow*: waits for the next event of a trigger, beside production. */
	async listenForTestEvent(workflowId: string, trigger: string): Promise<void> {
		await this.data('POST', `/rest/workflows/${workflowId}/run`, { triggerToStartFrom: { name: trigger } });
	}

	/** The editor's *Stop listening*. */
	async stopListening(workflowId: string): Promise<void> {
		await this.data('DELETE', `/rest/test-webhook/${workflowId}`);
	}

	/** What each node of an execution gave, by the node's name: the items of its first output in its last run. */
	async output(executionId: string): Promise<Record<string, IDataObject[]>> {
		const { data } = await this.data<{ data: string }>('GET', `/rest/executions/${executionId}`);
		const { resultData } = unflatten(data) as IRunExecutionData;
		return Object.fromEntries(
			Object.entries(resultData.runData).map(([node, runs]) => [node, (runs.at(-1)?.data?.main?.[0] ?? []).map(({ json }) => json)]),
		);
	}

	/** What a resource locator's *From list* offers. */
	async listSearch(
		node: { type: string; version: number; parameters: INodeParameters; credential: Credential },
		methodName: string,
		path: string,
		filter?: string,
		paginationToken?: string,
	): Promise<{ results: Array<{ name: string; value: string; url?: string }>; paginationToken?: string }> {
		return await this.data('POST', '/rest/dynamic-node-parameters/resource-locator-results', {
			methodName,
			path: `parameters.${path}`,
			nodeTypeAndVersion: { name: node.type, version: node.version },
			currentNodeParameters: node.parameters,
			credentials: { [node.credential.type]: { id: node.credential.id, name: node.credential.name } },
			...(filter !== undefined && { filter }),
			...(paginationToken !== undefined && { paginationToken }),
		});
	}

	/** Any call of the editor, answered with the `data` of its answer. */
	async data<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
		return (await this.call<{ data: T }>(method, path, body)).data;
	}

	/** Publishing goes on after its call has been answered. */
	private async publication(id: string): Promise<PublicationStatus> {
		for (;;) {
			const answer = await this.data<PublicationStatus>('GET', `/rest/workflows/${id}/publication-status`);
			if (answer.status !== 'in_progress') return answer;
			await sleep(100);
		}
	}

	private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
		const answer = await fetch(this.origin + path, {
			method,
			headers: {
				'browser-id': this.browserId,
				...(this.cookie && { cookie: this.cookie }),
				...(body !== undefined && { 'content-type': 'application/json' }),
			},
			...(body !== undefined && { body: JSON.stringify(body) }),
		});
		for (const cookie of answer.headers.getSetCookie()) {
			if (cookie.startsWith('n8n-auth=')) this.cookie = cookie.split(';', 1)[0] ?? '';
		}
		const text = await answer.text();
		if (!answer.ok) throw new N8nError(answer.status, `${method} ${path}`, messageOf(text));
		return (text === '' ? {} : JSON.parse(text)) as T;
	}
}

/** A cursor of n8n's list of executions, so many IDs further back. */
function before(cursor: string, ids: number): string {
	const { v1, ...rest } = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as { v1: { id: string } };
	return Buffer.from(JSON.stringify({ ...rest, v1: { ...v1, id: String(Number(v1.id) + ids) } })).toString('base64url');
}

function messageOf(text: string): string {
	try {
		return (JSON.parse(text) as { message?: string }).message ?? text;
	} catch {
		return text.slice(0, 500);
	}
}

/**
 * n8n keeps an execution as one flat JSON list: its first entry is the whole, and every string inside an object or a list is
 * the position of the value that belongs there.
 */
function unflatten(text: string): unknown {
	const entries = JSON.parse(text) as unknown[];
	const restored = new Map<number, unknown>();
	const restore = (index: number): unknown => {
		const entry = entries[index];
		if (typeof entry !== 'object' || entry === null) return entry;
		if (!restored.has(index)) {
			const whole: unknown[] | Record<string, unknown> = Array.isArray(entry) ? [] : {};
			// Known before its parts are: one of them may be the whole again.
			restored.set(index, whole);
			Object.assign(whole, Object.fromEntries(Object.entries(entry).map(([key, value]) => [key, typeof value === 'string' ? restore(Number(value)) : value])));
		}
		return restored.get(index);
	};
	return restore(0);
}
