/** What an operation of an action node is: a value that says everything about itself and nothing about the machinery. */
import type { IBinaryKeyData, IDataObject, INodeProperties } from 'n8n-workflow';
import type { Hints } from '../transport/api';
import type { Effect } from '../transport/retry';
import type { Item } from './item';

/** JSON with files beside it, for operations that put data into an output field. */
export class WithFiles {
	constructor(
		readonly json: IDataObject,
		readonly binary: IBinaryKeyData,
	) {}
}

/** One output item of an operation. */
export type Output = IDataObject | WithFiles;

/** Makes one flat object of useful fields out of what the API sent. `origin` turns relative URLs into absolute ones. */
export type Simplify = (raw: IDataObject, origin: string) => IDataObject;

/** One operation of a resource, as the editor shows it and as the executor runs it. */
export interface Operation {
	/** The stored value, for example `getAll`: a contract, since workflows keep it. */
	value: string;
	/** The name in the Operation list. */
	name: string;
	/** What the node is called in the canvas and the node list. */
	action: string;
	description: string;
	/** Every endpoint that it may call, as the API writes them: `GET /chats/{chat_id}`. The tables in the docs come from here. */
	endpoints: string[];
	/** What a repeated request would do: nothing (`read`), the same again (`write`), or something twice (`send`). */
	effect: Effect;
	/** Its parameters without display conditions for resource and operation: the assembler adds those. */
	fields: INodeProperties[];
	/** The simplified form of each output. Where it is given, the panel offers Output: Simplified or Raw. */
	simplify?: Simplify;
	/** Runs for one input item: reads its parameters, calls the API, returns what comes out. */
	execute(item: Item): Promise<Output | Output[]>;
}

/** A group of operations on one kind of thing. */
export interface Resource {
	value: string;
	name: string;
	/** In any order; the panel offers the first one first and lists them by name. */
	operations: [Operation, ...Operation[]];
}

/** An action node as data: enough to describe it and to run it. */
export interface ActionNode {
	/** The credential type that its requests are made with. */
	credential: string;
	/** The value of the resource that the panel offers first. */
	defaultResource: string;
	resources: Resource[];
	/** Advice on the errors of an API that is not the Public API. */
	hints?: Hints;
}
