/**
 * Gives n8n-core a home folder of its own and keeps its traffic on this machine. n8n reads the environment while its modules
 * load, so this module comes before every import of n8n-core.
 */
import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const home = mkdtempSync(join(tmpdir(), 'n8n-harness-'));
process.env.N8N_USER_FOLDER = home;
for (const name of ['http_proxy', 'https_proxy', 'all_proxy']) {
	delete process.env[name];
	delete process.env[name.toUpperCase()];
}

const removeHome = () => rmSync(home, { recursive: true, force: true });
if (typeof afterAll === 'function') afterAll(removeHome);
else process.once('exit', removeHome);
