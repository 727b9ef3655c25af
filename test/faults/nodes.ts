/** The nodes and credentials of the package, loaded from their sources as its manifest names them. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type ICredentialType, type INodeType } from 'n8n-workflow';
import { n8n as manifest } from '../../package.json';

const root = join(__dirname, '..', '..');
const load = createRequire(__filename);

/** `dist/nodes/X/X.node.js` is made of `nodes/X/X.node.ts`. The extension matters: beside it lies `X.node.json`. */
export const sourceOf = (built: string): string => join(root, built.replace(/^dist\//, '').replace(/\.js$/, '.ts'));

/** An instance of the class that a source file is named after. */
function instance<T>(built: string): T {
	const [, className = ''] = /(\w+)\.(?:node|credentials)\.js$/.exec(built) ?? [];
	const { [className]: Class } = load(sourceOf(built)) as Record<string, new () => T>;
	if (!Class) throw new Error(`${built} should have a class ${className}`);
	return new Class();
}

/** Every node of the package. */
export const packageNodes = (): INodeType[] => manifest.nodes.map((built) => instance<INodeType>(built));

/** The node with this name, for example `timelinesAi`. */
export function packageNode(name: string): INodeType {
	const found = packageNodes().find(({ description }) => description.name === name);
	if (!found) throw new Error(`The package has no node ${name}`);
	return found;
}

/** Every credential type of the package. */
export const credentialTypes = (): ICredentialType[] => manifest.credentials.map((built) => instance<ICredentialType>(built));
