/**
 * What an end-to-end test needs: the demo as `npm start` makes it, and a browser that a person could sit at.
 * Each test file has its own n8n, sandbox and browser; they end with the file.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { webhookNodeVersion } from '../../nodes/shared/trigger/start';
import { openStage, type Stage } from '../demo/stage';
import { onEnd, Trouble } from '../n8n/cleanup';
import { installN8n } from '../n8n/install';
import { packPackage } from '../n8n/package';
import { demoFolder } from '../n8n/paths';
import { type SandboxOptions } from '../sandbox';

export interface EndToEnd extends Stage {
	browser: BrowserContext;
	/** A page of the n8n editor, signed in. */
	editor: Page;
	/** The phone page of the sandbox. */
	phone: Page;
}

/** Where pictures go; git ignores it. */
export const screenshots = join(__dirname, 'screenshots');

/** The folder of a run: n8n's data and logs of every test file. It is kept when something failed. */
export const runFolder = process.env.TIMELINESAI_E2E_FOLDER ?? join(demoFolder, 'e2e', String(process.pid));

/** A test file's own process, in its folder: so that the run can wait for its end. */
export const pidFile = 'test.pid';

/** A busy machine answers late: this is a limit for hanging, not an expectation. */
const patienceMs = 60_000;

/**
 * Starts the demo and a browser.
 *
 * @param testFile `__filename` of the test, which names its folder
 */
export async function openEndToEnd(testFile: string, sandbox: SandboxOptions = {}): Promise<EndToEnd> {
	const userFolder = testFolder(testFile);
	const stage = await openStage({
		installation: await installN8n(),
		tarball: await packedPackage(),
		userFolder,
		sandbox,
	});
	const browser = await openBrowser();
	const [editor, phone] = [await browser.newPage(), await browser.newPage()];
	await signIn(editor, stage);
	await phone.goto(stage.sandbox.origin);
	// A getter for what changes when n8n is restarted would be lost in a copy, so the stage itself is extended.
	return Object.assign(stage, { browser, editor, phone });
}

/** Makes the folder of a test file, where the run looks for its process and for n8n's log. */
export function testFolder(testFile: string): string {
	const folder = join(runFolder, basename(testFile, '.test.ts'));
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, pidFile), String(process.pid));
	return folder;
}

/** The packed package: that of the run, or a new one when a test file runs by itself. */
export async function packedPackage(): Promise<string> {
	return process.env.TIMELINESAI_E2E_TARBALL ?? (await packPackage(runFolder));
}

/** Fails when a request did not keep to the contract of the API: the real one might refuse it, or do something else. */
export function assertNoBreach({ sandbox }: Stage): void {
	const breaches = sandbox.breaches.map(({ kind, message, request }) => `${request.method} ${request.path}: ${kind}, ${message}`);
	assert.deepEqual(breaches, [], 'requests that break the contract of the API');
}

/** Writes as a customer of the phone page who has not written before. */
export async function writeAsNewCustomer(phone: Page, customer: { name: string; phone: string }, text: string): Promise<void> {
	await phone.getByTestId('new-customer').click();
	await phone.getByTestId('new-name').fill(customer.name);
	await phone.getByTestId('new-phone').fill(customer.phone);
	await phone.getByTestId('new-save').click();
	await write(phone, text);
}

/** Writes into the chat that the phone page shows. */
export async function write(phone: Page, text: string): Promise<void> {
	await phone.getByTestId('message-input').fill(text);
	await phone.getByTestId('send').click();
}

/** The version of a node, by its type without the package's name. */
export const versionOf = (type: string): number => (['timelinesAiTrigger', 'timelinesAiPartnerTrigger'].includes(type) ? webhookNodeVersion : 1);

/** A part of the editor, by the name that n8n gives it for tests of its own. */
export function part(within: Page | Locator, name: string): Locator {
	return within.locator(`[data-test-id="${name}"]`);
}

/** A node on the canvas of the editor. */
export function canvasNode(editor: Page, name: string): Locator {
	return editor.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
}

/** Waits until something that n8n or the sandbox does in the background is so. */
export async function eventually<T>(
	what: string,
	look: () => Promise<T | undefined | false> | T | undefined | false,
	limitMs = patienceMs,
): Promise<T> {
	const deadline = Date.now() + limitMs;
	for (;;) {
		const found = await look();
		if (found !== undefined && found !== false) return found;
		assert.ok(Date.now() < deadline, `${what}: not so after ${limitMs / 1_000} s`);
		await sleep(200);
	}
}

/** Keeps a picture of a page in {@link screenshots}. */
export async function takePicture(page: Page, name: string): Promise<void> {
	mkdirSync(screenshots, { recursive: true });
	await page.screenshot({ path: join(screenshots, `${name}.png`) });
}

/** A headless browser that reaches this machine alone. It ends with the command. */
export async function openBrowser(): Promise<BrowserContext> {
	const browser = await chromium.launch({
		executablePath: findChromium(),
		args: [
			'--no-sandbox',
			'--disable-gpu',
			'--disable-quic',
			'--no-first-run',
			'--disable-background-networking',
			'--disable-component-update',
			'--disable-sync',
			// Nothing but this machine has a name.
			'--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
		],
		handleSIGHUP: false,
		handleSIGINT: false,
		handleSIGTERM: false,
	});
	onEnd(async () => await browser.close());
	const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-US' });
	context.setDefaultTimeout(patienceMs);
	return context;
}

/** Path of a Chromium or Chrome: the one that `CHROMIUM_PATH` names, or one that is installed. */
export function findChromium(): string {
	const wanted = process.env.CHROMIUM_PATH;
	if (wanted) {
		if (existsSync(wanted)) return wanted;
		throw new Trouble(`CHROMIUM_PATH names ${wanted}, which does not exist.`);
	}
	const usual = ['/usr/bin/chromium', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'].find((path) => existsSync(path));
	const found = usual ?? ['chromium', 'chromium-browser', 'google-chrome'].map(onPath).find((path) => path !== '');
	if (!found) {
		throw new Trouble(
			'The end-to-end tests need Chromium or Chrome, and none was found.\n' +
				'Install one (on Debian and Ubuntu: apt-get install chromium), or set CHROMIUM_PATH to its program.',
		);
	}
	return found;
}

function onPath(program: string): string {
	try {
		return execFileSync('which', [program], { stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim();
	} catch {
		return '';
	}
}

/** Signs in to the editor as a person does. */
export async function signIn(editor: Page, { n8n, login }: Pick<Stage, 'n8n' | 'login'>): Promise<void> {
	await editor.goto(`${n8n.origin}/signin`);
	await editor.locator('input[name="emailOrLdapLoginId"]').fill(login.email);
	await editor.locator('input[name="password"]').fill(login.password);
	await editor.getByRole('button', { name: 'Sign in' }).click();
	await editor.waitForURL(/\/home\//);
}
