/** Work on many things at a time, but not on all of them. */

/** Calls `work` for every index, at most `width` at a time; after a failure none is begun any more. */
export async function inFlight(count: number, width: number, work: (index: number) => Promise<void>): Promise<void> {
	let next = 0;
	let failed = false;
	const worker = async () => {
		while (next < count && !failed) {
			try {
				await work(next++);
			} catch (error) {
				failed = true;
				throw error as Error;
			}
		}
	};
	const ends = await Promise.allSettled(Array.from({ length: Math.min(width, count) }, worker));
	const failure = ends.find((end) => end.status === 'rejected');
	if (failure) throw failure.reason as Error;
}
