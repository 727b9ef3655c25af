/** The documentation keeps up with the operations, and the operations with the API. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publicContract } from '../sandbox';
import { documents, operationsByEndpoint, unused, withTables } from '../docs/tables';

describe('the tables of the documentation', () => {
	it.each(documents)('in %s are up to date: after a change run `npm run docs`', (document) => {
		const text = readFileSync(join(__dirname, '..', '..', document), 'utf8');

		expect(text).toMatch(/<!-- \w+:begin -->/);
		expect(text).toBe(withTables(text));
	});

	it('are refused under a name that nobody knows', () => {
		expect(() => withTables('<!-- prices:begin -->\n<!-- prices:end -->')).toThrow('There is no table “prices”');
	});
});

describe('the endpoints of the Public API', () => {
	const byEndpoint = operationsByEndpoint();

	it.each(Object.keys(publicContract))('%s has an operation, or a reason for none', (endpoint) => {
		const hasOperation = (byEndpoint.get(endpoint) ?? []).length > 0;

		expect(hasOperation).toBe(!(endpoint in unused));
	});

	it('are the only ones that operations call', () => {
		expect([...byEndpoint.keys()].sort()).toEqual(Object.keys(publicContract).sort());
	});
});
