'use strict';
const { spawn } = require('node:child_process');
const { rm } = require('node:fs/promises');
const { dest, parallel, series, src } = require('gulp');

const clean = () => rm('dist', { recursive: true, force: true });

/** TypeScript to CommonJS, which is what n8n loads. */
const compile = () => spawn(process.execPath, [require.resolve('typescript/bin/tsc')], { stdio: 'inherit' });

/** What tsc leaves behind: icons and codex files. Without `encoding: false` gulp damages binary files. */
const assets = () =>
	src(['icons/*.svg', 'nodes/**/*.{json,svg,png}', 'credentials/**/*.svg'], { base: '.', encoding: false }).pipe(dest('dist'));

exports.build = series(clean, parallel(compile, assets));
exports.default = exports.build;
