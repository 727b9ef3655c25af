'use strict';

/** @type {import('jest').Config} */
module.exports = {
	testMatch: ['<rootDir>/test/{unit,integration}/**/*.test.ts'],
	transform: { '\\.tsx?$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, sourceMaps: 'inline' }] },
	collectCoverageFrom: ['nodes/**/*.ts', 'credentials/**/*.ts'],
	coverageProvider: 'v8',
	coverageReporters: ['text-summary', 'json-summary', 'html'],
	coverageThreshold: { global: { lines: 95, branches: 90 } },
	// The installed n8n of the demo is not part of the project.
	modulePathIgnorePatterns: ['<rootDir>/.demo/'],
	testTimeout: 30_000,
	// Two cores: more workers only load n8n-core more often.
	maxWorkers: 2,
};
