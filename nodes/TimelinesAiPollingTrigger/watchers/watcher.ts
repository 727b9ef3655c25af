/** What the watchers have in common: each compares what it sees with what it saw before, and gives what to remember next time. */
import type { IDataObject } from 'n8n-workflow';
import type { Parameters } from '../../shared/operation/parameters';
import type { Api } from '../../shared/transport/api';

/** Something that changed. */
export interface Change {
	/** The value of its kind. */
	event: string;
	/** What the API says of the thing now; for one that is gone, what is remembered of it. */
	thing: IDataObject;
	/** What is added to it in either output: how it was before. */
	previous?: IDataObject;
	/** The thing in few fields, with ISO 8601 times and absolute URLs. */
	simplify(origin: string): IDataObject;
}

/** What a watcher works with. */
export interface Surroundings {
	api: Api;
	/** Whether a kind of change is wanted. */
	wants(event: string): boolean;
	parameters: Parameters;
	/** Milliseconds since 1970. */
	now: number;
}

/** What a watcher found. `Memory` is JSON, kept by n8n until the next poll. */
export interface Finding<Memory> {
	memory: Memory;
	changes: Change[];
}
