/** What one execution under faults came to. */
export interface ExecutionReport<Ending extends string = string> {
	/** `execution 17: 12 × to a chat, continue …`: what was run. */
	title: string;
	/** How each item or list ended. */
	endings: Ending[];
	/** The kind of every fault that a request met. */
	faults: string[];
	/** What must not be. */
	violations: string[];
}
