/** Runs the nodes of this package in real n8n-core, in process. */
export { type BinaryMode, readBinary, type TestFile, withBinary } from './binary';
export { type CredentialData } from './credentials';
export { type LogEntry, logs } from './log';
export { type NodeRun, type NodeRunResult, runNode, type RunError } from './run-node';
export { INSTANCE_URL, type NodeSetup } from './workflow';
