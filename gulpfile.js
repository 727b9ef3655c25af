'use strict';
const { spawn } = require('node:child_process');
const { mkdir, rm, writeFile } = require('node:fs/promises');
const { basename, dirname, relative } = require('node:path');
const { build } = require('esbuild');
const { dest, parallel, series, src } = require('gulp');
const { n8n } = require('./package.json');

const bundle = 'dist/package.js';
const published = [...n8n.nodes, ...n8n.credentials];

const clean = () => rm('dist', { recursive: true, force: true });

const types = () => spawn(process.execPath, [require.resolve('typescript/bin/tsc'), '--noEmit'], { stdio: 'inherit' });

/**
 * TypeScript to one readable CommonJS file: n8n reads every file of a package when it starts, and one is several times faster than
 * two hundred.
 */
const code = () =>
	build({
		stdin: { contents: published.map((file) => `export * from './${relative('dist', file).replace(/\.js$/, '')}';`).join('\n'), resolveDir: __dirname, loader: 'ts' },
		outfile: bundle,
		bundle: true,
		platform: 'node',
		target: 'node20',
		external: ['n8n-workflow'],
		charset: 'utf8',
		logLevel: 'warning',
	});

/** The files that package.json names, where n8n looks for a class with the name of the file. */
const entries = () =>
	Promise.all(
		published.map(async (file) => {
			const name = basename(file).split('.', 1)[0];
			await mkdir(dirname(file), { recursive: true });
			await writeFile(file, `'use strict';\nmodule.exports = { ${name}: require('${relative(dirname(file), bundle)}').${name} };\n`);
		}),
	);

/** Icons and codex files. Without `encoding: false` gulp damages binary files. */
const assets = () =>
	src(['icons/*.svg', 'nodes/**/*.{json,svg,png}', 'credentials/**/*.svg'], { base: '.', encoding: false }).pipe(dest('dist'));

exports.build = series(clean, parallel(types, code, entries, assets));
exports.default = exports.build;
