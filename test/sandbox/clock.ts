/** The workspace's time: an adjustable clock, and the API's own way of writing moments (`2026-05-18 10:44:21 +0300`). */

const HOUR = 3_600_000;

export class Clock {
	private skew = 0;
	private readonly offsets = new Map<number, number>();
	private readonly zoneName: Intl.DateTimeFormat;

	/** @param zone IANA name of the workspace's time zone; its offset may move with daylight saving. */
	constructor(readonly zone = 'Europe/Athens') {
		this.zoneName = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
	}

	/** Now, in milliseconds since 1970, as far as the workspace is concerned. */
	now(): number {
		return Date.now() + this.skew;
	}

	/** Moves the workspace's time on by so many milliseconds: links expire, service windows close. Timers do not run faster. */
	advance(ms: number): void {
		this.skew += ms;
	}

	/** `2026-05-18 10:44:21 +0300` */
	format(at: number): string {
		const minutes = this.offsetMinutes(at);
		const sign = minutes < 0 ? '-' : '+';
		const zone = `${two(Math.floor(Math.abs(minutes) / 60))}${two(Math.abs(minutes) % 60)}`;
		return `${this.local(at).slice(0, 19).replace('T', ' ')} ${sign}${zone}`;
	}

	/** `2026-05-18 10:44`, the form of the legacy templates. */
	formatMinute(at: number): string {
		return this.local(at).slice(0, 16).replace('T', ' ');
	}

	/**
	 * Reads a date or date-time in ISO 8601; without an offset it is the workspace's own time.
	 * Gives the first and the last millisecond that the text means (a day, or a second), or undefined.
	 */
	parse(text: string): { from: number; to: number } | undefined {
		const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(Z|[+-]\d\d:?\d\d)?)?$/.exec(text);
		if (!match) return undefined;
		const [, date, time = '00:00', offset] = match;
		const asUtc = Date.parse(`${date}T${time}${offset?.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2') ?? 'Z'}`);
		if (Number.isNaN(asUtc)) return undefined;
		const from = offset ? asUtc : asUtc - this.offsetMinutes(asUtc) * 60_000;
		return { from, to: from + (match[2] ? 999 : 24 * HOUR - 1) };
	}

	private local(at: number): string {
		return new Date(at + this.offsetMinutes(at) * 60_000).toISOString();
	}

	/** Minutes east of Greenwich. Asking Intl is slow, so each hour is asked once. */
	private offsetMinutes(at: number): number {
		const hour = Math.floor(at / HOUR);
		const known = this.offsets.get(hour);
		if (known !== undefined) return known;
		const [, sign = '+', hours = '0', minutes = '0'] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(this.zoneName.format(hour * HOUR)) ?? [];
		const offset = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
		this.offsets.set(hour, offset);
		return offset;
	}
}

const two = (value: number) => String(value).padStart(2, '0');
