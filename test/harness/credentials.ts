/** The credentials of a test workflow: kept in memory, otherwise treated as n8n's own credentials helper treats stored ones. */
import './environment';
import { Credentials, getAdditionalKeys } from 'n8n-core';
import {
	type ICredentialDataDecryptedObject,
	type ICredentials,
	ICredentialsHelper,
	type ICredentialsExpressionResolveValues,
	type ICredentialType,
	type IExecuteData,
	type IHttpRequestHelper,
	type IHttpRequestOptions,
	type INode,
	type INodeCredentials,
	type INodeCredentialsDetails,
	type INodeProperties,
	isExpression,
	type IWorkflowExecuteAdditionalData,
	NodeHelpers,
	UnexpectedError,
	Workflow,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import { NodeTypes } from './node-types';

/** The data of each credential by the name of its type, as the user typed it into the credential form. */
export type CredentialData = Record<string, ICredentialDataDecryptedObject>;

/** What a node stores when the user picks these credentials. */
export function credentialReferences(data: CredentialData): INodeCredentials {
	return Object.fromEntries(Object.keys(data).map((type) => [type, { id: type, name: `${type} account` }]));
}

/** Authenticates, applies defaults and resolves expressions as n8n 2.41 does (`credentials-helper` of the n8n package). */
export class CredentialsHelper extends ICredentialsHelper {
	constructor(
		private readonly data: CredentialData,
		private readonly types: ICredentialType[],
	) {
		super();
		Object.keys(data).forEach((name) => this.typeOf(name));
	}

	getParentTypes(name: string): string[] {
		return (this.typeOf(name).extends ?? []).flatMap((parent) => [parent, ...this.getParentTypes(parent)]);
	}

	/** The context that asks also checks that the node's description lists the type, which is what the restriction means. */
	isCredentialUsableByNode(): boolean {
		return true;
	}

	getCredentialsProperties(name: string): INodeProperties[] {
		const type = this.typeOf(name);
		const properties: INodeProperties[] = [];
		for (const parent of type.extends ?? []) {
			NodeHelpers.mergeNodeProperties(properties, this.getCredentialsProperties(parent));
		}
		NodeHelpers.mergeNodeProperties(properties, type.properties);
		return properties;
	}

	async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		incoming: IHttpRequestOptions,
		workflow?: Workflow,
		node?: INode,
	): Promise<IHttpRequestOptions> {
		const { authenticate } = this.typeOf(typeName);
		if (authenticate === undefined) return incoming;
		if (typeof authenticate === 'function') return await authenticate(credentials, incoming);
		if (!workflow || !node) throw new UnexpectedError('Workflow and node are required for declarative credential authentication');

		const resolve = (value: string) =>
			isExpression(value)
				? String(
						workflow.expression.getSimpleParameterValue(node, value, 'internal', { $credentials: credentials }, undefined, '') ?? '',
					)
				: value;
		const options = incoming as unknown as Record<string, Record<string, string>>;
		options.headers ??= {};
		for (const [part, values] of Object.entries(authenticate.properties)) {
			for (const [key, value] of Object.entries(values as Record<string, string>)) {
				(options[part] ??= {})[resolve(key)] = resolve(value);
			}
		}
		return incoming;
	}

	async preAuthentication(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		node: INode,
		credentialsExpired: boolean,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		const { properties } = this.typeOf(typeName);
		const expirable = properties.find(({ type, typeOptions }) => type === 'hidden' && typeOptions?.expirable === true);
		if (!expirable || !(credentialsExpired || credentials[expirable.name] === '')) return undefined;

		const output = await this.runPreAuthentication(helpers, credentials, typeName);
		if (output?.[expirable.name] === undefined || !node.credentials?.[typeName]) return undefined;
		Object.assign(this.dataOf(typeName), output);
		return Object.assign(credentials, output);
	}

	async runPreAuthentication(
		helpers: IHttpRequestHelper,
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
	): Promise<ICredentialDataDecryptedObject | undefined> {
		return (await this.typeOf(typeName).preAuthentication?.call(helpers, credentials)) as ICredentialDataDecryptedObject | undefined;
	}

	async getCredentials(reference: INodeCredentialsDetails, type: string): Promise<ICredentials> {
		const credentials = new Credentials({ id: reference.id, name: reference.name }, type);
		await credentials.setData(this.dataOf(type));
		return credentials;
	}

	async getDecrypted(
		additionalData: IWorkflowExecuteAdditionalData,
		_reference: INodeCredentialsDetails,
		type: string,
		mode: WorkflowExecuteMode,
		executeData?: IExecuteData,
		raw?: boolean,
		resolveValues?: ICredentialsExpressionResolveValues,
	): Promise<ICredentialDataDecryptedObject> {
		const stored = { ...this.dataOf(type) };
		return raw ? stored : await this.applyDefaults(additionalData, stored, type, mode, executeData, resolveValues);
	}

	/** Adds the defaults of the credential form and resolves the expressions in it, in the context of a node when there is one. */
	async applyDefaults(
		additionalData: IWorkflowExecuteAdditionalData,
		stored: ICredentialDataDecryptedObject,
		type: string,
		mode: WorkflowExecuteMode,
		executeData?: IExecuteData,
		resolveValues?: ICredentialsExpressionResolveValues,
	): Promise<ICredentialDataDecryptedObject> {
		const values = NodeHelpers.getNodeParameters(
			this.getCredentialsProperties(type), stored as never, true, false, null, null,
		) as ICredentialDataDecryptedObject;
		const keys = getAdditionalKeys(additionalData, mode, null, { isCredential: true });
		if (resolveValues) {
			const { workflow, runExecutionData, runIndex, itemIndex, node, connectionInputData } = resolveValues;
			return workflow.expression.getParameterValue(
				values as never, runExecutionData, runIndex, itemIndex, node.name, connectionInputData, mode, keys, executeData, false,
				values as never,
			) as ICredentialDataDecryptedObject;
		}
		const node: INode = { id: 'credential', name: 'Credential', type: 'harness.start', typeVersion: 1, position: [0, 0], parameters: {} };
		const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes: new NodeTypes() });
		return await workflow.expression.withIsolate(
			async () =>
				workflow.expression.getComplexParameterValue(
					node, values as never, mode, keys, undefined, undefined, values as never,
				) as unknown as ICredentialDataDecryptedObject,
		);
	}

	async updateCredentials(_reference: INodeCredentialsDetails, type: string, data: ICredentialDataDecryptedObject): Promise<void> {
		this.data[type] = data;
	}

	async updateCredentialsOauthTokenData(
		reference: INodeCredentialsDetails,
		type: string,
		data: ICredentialDataDecryptedObject,
	): Promise<void> {
		await this.updateCredentials(reference, type, { ...this.dataOf(type), oauthTokenData: data.oauthTokenData ?? {} });
	}

	private typeOf(name: string): ICredentialType {
		const type = this.types.find((candidate) => candidate.name === name);
		if (!type) throw new UnexpectedError(`The credential type "${name}" is missing: add it to credentialTypes`);
		return type;
	}

	private dataOf(name: string): ICredentialDataDecryptedObject {
		const data = this.data[name];
		if (!data) throw new UnexpectedError(`The test gives no credentials of type "${name}"`);
		return data;
	}
}
