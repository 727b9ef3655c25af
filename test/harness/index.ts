/** Runs the nodes of this package in real n8n-core, in process. */
export { type BinaryMode, readBinary, type TestFile, withBinary } from './binary';
export { type CredentialData } from './credentials';
export { type LogEntry, logs } from './log';
export { type NodeRun, type NodeRunResult, runNode, type RunError } from './run-node';
export { INSTANCE_URL, type NodeSetup } from './workflow';
export { type CredentialTest, testCredential } from './credential-test';
export { type EditorRequest, listSearch, loadOptions, resourceMapping } from './options';
export { type DeliveryRequest, type PollResult, type TestListening, TriggerHarness, type TriggerSetup } from './trigger';
export { type Delivery, type WebhookOutcome } from './webhook';
export { followLink, letWaitPass, type ResumeRequest } from './resume';
