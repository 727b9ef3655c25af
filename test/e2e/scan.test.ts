/** n8n verifies a community package with a scanner of its own: it finds nothing in the sources and nothing in what is published. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import type * as Scanner from '@n8n/scan-community-package/scanner/scanner.mjs';
import { projectFolder } from '../n8n/paths';
import { runProgram } from '../n8n/processes';
import { packedPackage, runFolder } from './kit';

const unpacked = join(runFolder, 'scan', 'package');
let scanner: typeof Scanner;

before(async () => {
	scanner = await import('@n8n/scan-community-package/scanner/scanner.mjs');
	const tarball = await packedPackage();
	mkdirSync(unpacked, { recursive: true });
	await runProgram('tar', ['-xzf', tarball, '-C', unpacked, '--strip-components=1'], { cwd: unpacked, log: join(runFolder, 'scan', 'scan.log') });
});

test('the scanner finds nothing in the sources', async () => {
	const { passed, details } = await scanner.analyzePackage(projectFolder, scanner.SOURCE_FILE_PATTERNS);
	assert.ok(passed, details);
});

test('the scanner finds nothing in the package', async () => {
	const { passed, details } = await scanner.analyzePackage(unpacked);
	assert.ok(passed, details);
});

test('the scanner would have found something: a node that reads the environment is refused', async () => {
	appendFileSync(join(unpacked, 'dist', 'nodes', 'TimelinesAi', 'TimelinesAi.node.js'), '\nmodule.exports.home = process.env.HOME;\n');
	const { passed, details } = await scanner.analyzePackage(unpacked);
	assert.equal(passed, false);
	assert.match(details ?? '', /TimelinesAi\.node\.js[^]*@n8n\/community-nodes\/no-restricted-globals/);
});
