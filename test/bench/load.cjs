'use strict';
// Loads the node files that it is given as n8n does, and says what that took. Prints one line of JSON.
const { createRequire } = require('node:module');
const { basename } = require('node:path');

const files = process.argv.slice(2);
const load = createRequire(files[0]);
// n8n has loaded these when it comes to nodes.
for (const name of ['reflect-metadata', 'n8n-workflow', 'n8n-core']) load(name);

global.gc();
const before = process.memoryUsage().heapUsed;
const start = performance.now();
const nodes = files.map((file) => new (load(file)[basename(file, '.node.js')])());
const ms = performance.now() - start;
global.gc();
console.log(JSON.stringify({ ms, heapBytes: process.memoryUsage().heapUsed - before, nodes: nodes.length }));
process.exit();
