/** Where the demo and the end-to-end run keep their things: all of it in folders that git ignores. */
import { join, resolve } from 'node:path';

/** The project's own folder. */
export const projectFolder = resolve(__dirname, '..', '..');

/** Everything that a command leaves behind: n8n itself, the demo's workflows, logs. Deleting it costs time, nothing else. */
export const demoFolder = join(projectFolder, '.demo');

/** The installed n8n, 2.4 GB. Set `N8N_DEMO_DIR` to let several clones share one. */
export const n8nFolder = process.env.N8N_DEMO_DIR ? resolve(process.env.N8N_DEMO_DIR) : join(demoFolder, 'n8n');

/** The oldest n8n that the package works on, for one test. */
export const oldestN8nFolder = `${n8nFolder}-oldest`;

/** The npm registry of one test. */
export const registryFolder = join(demoFolder, 'registry');
