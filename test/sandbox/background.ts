/** What goes on after an answer (status changes, webhook deliveries): it can be awaited, and ends with the sandbox. */

export class Background {
	private readonly timers = new Set<NodeJS.Timeout>();
	private underWay = 0;
	private waiting: Array<() => void> = [];
	private generation = 0;

	/** Runs `task` after so many milliseconds. */
	later(ms: number, task: () => void | Promise<void>): void {
		const generation = this.generation;
		this.underWay++;
		const timer = setTimeout(() => {
			this.timers.delete(timer);
			void (async () => task())().finally(() => this.ended(generation));
		}, ms);
		this.timers.add(timer);
	}

	/** Resolves as soon as nothing is under way; what is started meanwhile counts too. */
	settled(): Promise<void> {
		if (this.underWay === 0) return Promise.resolve();
		return new Promise((resolve) => this.waiting.push(resolve));
	}

	/** Drops everything that has not begun yet. */
	cancel(): void {
		this.generation++;
		for (const timer of this.timers) clearTimeout(timer);
		this.timers.clear();
		this.underWay = 0;
		this.wake();
	}

	private ended(generation: number): void {
		if (generation !== this.generation) return;
		this.underWay--;
		if (this.underWay === 0) this.wake();
	}

	private wake(): void {
		const waiting = this.waiting;
		this.waiting = [];
		for (const resolve of waiting) resolve();
	}
}
