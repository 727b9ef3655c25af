/**
 * Puts the demo together: a sandbox, an n8n with the packed package, a login, a credential and the example workflow, live.
 * `npm start` shows it to a person, and the end-to-end run does with it what that person would.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onEnd, Trouble } from '../n8n/cleanup';
import { type N8nInstallation } from '../n8n/install';
import { installPackage } from '../n8n/package';
import { type Credential, N8nClient, N8nError, type Login, type Workflow, type WorkflowFile } from '../n8n/rest';
import { freePort, type N8nServer, startN8n } from '../n8n/server';
import { type Sandbox, type SandboxOptions, startSandbox } from '../sandbox';
import exampleWorkflow from './workflow.json';

export interface StageOptions {
	installation: N8nInstallation;
	/** The packed package. */
	tarball: string;
	/** Keeps n8n's data, and what the demo has made in it: the same folder again continues with both. */
	userFolder: string;
	sandbox?: SandboxOptions;
	/** Where n8n listens; any free port when left out. */
	n8nPort?: number;
}

export interface Stage {
	sandbox: Sandbox;
	n8n: N8nServer;
	client: N8nClient;
	login: Login;
	credential: Credential;
	workflow: Workflow;
	/** Why workflows that should be live are not; empty when all is well. */
	problems: string[];
	/** Starts n8n again in the same folder and at the same address, after it was stopped or killed; with these environment variables. */
	restartN8n(env?: Record<string, string>): Promise<void>;
}

/** What the demo has made in the user folder. */
interface Made {
	login: Login;
	credentialId?: string;
	workflowId?: string;
}

const credentialType = 'timelinesAiApi';

/**
 * Starts everything. It ends with the command.
 *
 * @throws {Trouble} when n8n does not start, or its login is no longer the one that the demo knows
 */
export async function openStage(options: StageOptions): Promise<Stage> {
	const { installation, userFolder } = options;
	await installPackage(options.tarball, userFolder);
	const sandbox = await startSandbox({ chats: 'demo', ...options.sandbox });
	onEnd(() => sandbox.close());

	const port = options.n8nPort ?? (await freePort());
	const start = async (env: Record<string, string> = {}) => await startN8n({ installation, userFolder, port, env });
	const n8n = await start();

	const file = join(userFolder, 'demo.json');
	const made: Made = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Made) : { login: newLogin() };
	const save = () => writeFileSync(file, JSON.stringify(made, null, '\t'), { mode: 0o600 });
	save();

	const client = new N8nClient(n8n.origin);
	await signIn(client, made.login);
	const credential = await provideCredential(client, made, sandbox);
	const workflow = await provideWorkflow(client, made, credential);
	save();
	const problems = await publishAll(client, workflow);

	const stage: Stage = {
		sandbox,
		n8n,
		client,
		login: made.login,
		credential,
		workflow,
		problems,
		restartN8n: async (env) => {
			stage.n8n = await start(env);
		},
	};
	return stage;
}

/** n8n wants a capital letter and a digit. */
const newLogin = (): Login => ({ email: 'owner@example.com', password: `Demo1-${randomBytes(5).toString('hex')}` });

async function signIn(client: N8nClient, login: Login): Promise<void> {
	try {
		await client.enter(login);
	} catch (error) {
		if (!(error instanceof N8nError)) throw error;
		throw new Trouble(
			`The demo cannot sign in to its n8n as ${login.email}: ${error.message}\n` +
				'If you changed the password, `npm start -- --fresh` starts over, without your changes to the workflows.',
		);
	}
}

/** The sandbox may be at another address than last time, so an existing credential gets the present one. */
async function provideCredential(client: N8nClient, made: Made, sandbox: Sandbox): Promise<Credential> {
	const data = { apiToken: sandbox.token, baseUrl: sandbox.apiUrl };
	const existing = (await client.credentials()).find(({ id }) => id === made.credentialId);
	if (existing) {
		await client.updateCredential(existing, data);
		return existing;
	}
	const credential = await client.createCredential(credentialType, 'TimelinesAI', data);
	made.credentialId = credential.id;
	return credential;
}

async function provideWorkflow(client: N8nClient, made: Made, credential: Credential): Promise<Workflow> {
	const existing = (await client.workflows()).find(({ id, isArchived }) => id === made.workflowId && !isArchived);
	if (existing) return await client.workflow(existing.id);
	const workflow = await client.createWorkflow(withCredential(exampleWorkflow as unknown as WorkflowFile, credential));
	made.workflowId = workflow.id;
	return workflow;
}

/** The workflow with this credential wherever it wants one of its type. */
export function withCredential(workflow: WorkflowFile, { id, name, type }: Credential): WorkflowFile {
	const nodes = workflow.nodes.map((node) =>
		node.credentials?.[type] ? { ...node, credentials: { ...node.credentials, [type]: { id, name } } } : node,
	);
	return { ...workflow, nodes };
}

/**
 * Publishes the example, and every workflow that is live already once more: a sandbox that has just started knows no
 * subscription, and n8n registers its triggers when it publishes, not when it starts.
 */
async function publishAll(client: N8nClient, example: Workflow): Promise<string[]> {
	const problems: string[] = [];
	for (const { id, name, activeVersionId, isArchived } of await client.workflows()) {
		if (isArchived || (activeVersionId === null && id !== example.id)) continue;
		try {
			if (activeVersionId !== null) await client.deactivate(id);
			await client.activate(id, activeVersionId ?? undefined);
		} catch (error) {
			problems.push(`“${name}” is not live: ${error instanceof Error ? error.message : String(error)}`);
		}
	}
	return problems;
}
