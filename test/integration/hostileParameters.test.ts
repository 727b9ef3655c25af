/** Whatever is in a parameter: a correct request or a clean error that names the item. Nothing else reaches the API or another host. */
import * as fc from 'fast-check';
import { withBinary } from '../harness';
import { startSandbox, type Sandbox } from '../sandbox';
import { type Case, cases, factor, runCase, seed, sensible, type Subject, subjects, watched } from './hostileKit';

let sandbox: Sandbox;

beforeAll(async () => {
	sandbox = await startSandbox({ chats: 'demo', speed: { sentMs: 0, deliveredMs: 0, readMs: 0 } });
});
afterAll(async () => {
	await sandbox.close();
});

describe.each(subjects.map((subject): [string, Subject] => [subject.title, subject]))('%s', (_, subject) => {
	it('survives any parameters', async () => {
		await sandbox.reset();
		sandbox.partner.addWorkspace({ id: 'acme', name: 'Acme', seats: 5 });
		const values = sensible(sandbox);
		const credential = (name: string) =>
			name === 'timelinesAiApi'
				? { apiToken: sandbox.token, baseUrl: sandbox.apiUrl }
				: { partnerId: sandbox.partner.id, partnerSecret: sandbox.partner.secret, baseUrl: sandbox.partnerApiUrl };
		const item = await withBinary({ fileName: 'voice.ogg', content: 'sound' });
		// A chat that is chosen by its phone number is looked up.
		const known = new Set([...subject.operation.endpoints, 'GET /chats', 'GET /waba/chats']);

		const together = async (batch: Case[]) => {
			sandbox.breaches.length = 0;
			sandbox.requests.length = 0;
			const asked = await watched(async () => {
				await Promise.all(batch.map(async (one) => await runCase(subject, one, credential, { items: [item] })));
			});
			expect(sandbox.breaches.map(({ message }) => message)).toEqual([]);
			expect(sandbox.requests.map(({ route }) => route).filter((route) => !known.has(route ?? ''))).toEqual([]);
			expect(asked.filter(({ host }) => !host.startsWith('127.0.0.1:'))).toEqual([]);
			expect(asked.filter(({ host, authorized }) => authorized && host !== new URL(sandbox.origin).host)).toEqual([]);
		};
		await fc.assert(fc.asyncProperty(fc.array(cases(subject, values), { minLength: 1, maxLength: 20, size: 'max' }), together), { seed, numRuns: 2 * factor });
	}, 60_000 * factor);
});
