'use strict';
// n8n reads the list of nodes and credentials in package.json; this file only serves those who require() the package.
const { n8n } = require('./package.json');

const classesOf = (files) => Object.assign({}, ...files.map((file) => require(`./${file}`)));

module.exports = { nodes: classesOf(n8n.nodes), credentials: classesOf(n8n.credentials) };
