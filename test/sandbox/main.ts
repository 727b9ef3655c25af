/** `npm run sandbox`: a local TimelinesAI in the terminal, with a demo workspace and the phone page. Ctrl-C ends it. */
import { parseArgs } from 'node:util';
import { startSandbox } from './index';

const HELP = `Usage: npm run sandbox -- [options]

  --port NUMBER      where to listen on 127.0.0.1 (default 4010)
  --token TEXT       the API token (default: a fixed one)
  --empty            start without the demo chats
  --rate-limit       30 requests a second with a burst of 10, as the real API has it
  --latency MS       every answer takes at least so long
`;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			port: { type: 'string', default: '4010' },
			token: { type: 'string' },
			empty: { type: 'boolean', default: false },
			'rate-limit': { type: 'boolean', default: false },
			latency: { type: 'string', default: '0' },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) {
		console.log(HELP);
		return;
	}
	const sandbox = await startSandbox({
		port: Number(values.port),
		...(values.token !== undefined && { token: values.token }),
		chats: values.empty ? 'empty' : 'demo',
		rateLimit: values['rate-limit'] ? { requestsPerSecond: 30, burst: 10 } : undefined,
		latencyMs: Number(values.latency),
		// Slow enough to watch a message go from Sending to Read.
		speed: { sentMs: 600, deliveredMs: 900, readMs: 1500 },
		webhooks: { retryDelayMs: 2000 },
	});
	console.log(`TimelinesAI sandbox

  Phone page   ${sandbox.origin}/
  Base URL     ${sandbox.apiUrl}
  API token    ${sandbox.token}
  Partner API  ${sandbox.partnerApiUrl} (partner ${sandbox.partner.id}, secret ${sandbox.partner.secret})

Ctrl-C ends it.`);

	const end = () => void sandbox.close().then(() => process.exit(0));
	process.once('SIGINT', end);
	process.once('SIGTERM', end);
}

main().catch((error: NodeJS.ErrnoException) => {
	console.error(error.code === 'EADDRINUSE' ? 'The port is in use: choose another one with --port.' : error);
	process.exit(1);
});
