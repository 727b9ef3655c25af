/** The pictures in the docs. `UPDATE_IMAGES=1 npm run test:e2e` takes them anew; otherwise none is written. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Page } from 'playwright-core';
import { projectFolder } from '../../n8n/paths';
import { type WorkflowFile } from '../../n8n/rest';
import { type EndToEnd } from '../kit';

export const images = join(projectFolder, 'docs', 'images');

const wanted = process.env.UPDATE_IMAGES === '1';

interface Box {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** A page of a phone: 390 pixels wide, with a sharp screen. */
export async function openPhonePage({ browser }: EndToEnd): Promise<Page> {
	const phone = await browser.browser()?.newContext({ viewport: { width: 390, height: 640 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true });
	if (!phone) throw new Error('There is no browser');
	return await phone.newPage();
}

/** Takes a picture for the docs, of the whole page or of a part of it. */
export async function updateImage(page: Page, name: string, clip?: Box): Promise<void> {
	if (!wanted) return;
	const path = join(images, `${name}.png`);
	mkdirSync(dirname(path), { recursive: true });
	await page.screenshot({ path, clip });
}

/**
 * Shows a workflow on n8n's bare canvas, without the editor around it, and gives the part of the page that it takes.
 * This is the view that n8n has for embedding: it takes the workflow in a message and stores nothing.
 */
export async function showCanvas({ browser, n8n }: EndToEnd, workflow: WorkflowFile): Promise<{ page: Page; clip: Box }> {
	const page = await browser.newPage();
	// Large enough that n8n has no need to shrink the workflow.
	await page.setViewportSize({ width: 1900, height: 1200 });
	await page.addInitScript(() => {
		window.addEventListener('message', ({ data }) => {
			if (String(data).includes('n8nReady')) document.documentElement.dataset.ready = 'true';
		});
	});
	await page.goto(`${n8n.origin}/workflows/demo`);
	await page.locator('html[data-ready]').waitFor();
	await page.addStyleTag({ content: '.vue-flow__background, .vue-flow__panel { display: none !important }' });
	await page.evaluate((message) => window.postMessage(message, '*'), JSON.stringify({ command: 'openWorkflow', workflow, hideNodeIssues: true }));
	await page.locator('.vue-flow__node').nth(workflow.nodes.length - 1).waitFor();
	return { page, clip: await atRest(page) };
}

/** The part of the page that nodes and edges take, as soon as n8n has stopped moving them. */
async function atRest(page: Page): Promise<Box> {
	for (let last = '', steady = 0; ; await page.waitForTimeout(250)) {
		const box = await page.evaluate(boxAroundNodes, 24);
		steady = JSON.stringify(box) === last ? steady + 1 : 0;
		if (steady === 4) return box;
		last = JSON.stringify(box);
	}
}

/** Runs in the page. The margin is in pixels. */
function boxAroundNodes(margin: number): Box {
	const boxes = Array.from(document.querySelectorAll('.vue-flow__node, .vue-flow__node *, .vue-flow__edge-path'))
		.filter((element) => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
		.map((element) => element.getBoundingClientRect())
		.filter(({ width, height }) => width > 0 && height > 0);
	const [x, y] = [Math.min(...boxes.map(({ left }) => left)) - margin, Math.min(...boxes.map(({ top }) => top)) - margin];
	const [right, bottom] = [Math.max(...boxes.map((box) => box.right)) + margin, Math.max(...boxes.map((box) => box.bottom)) + margin];
	return { x, y, width: right - x, height: bottom - y };
}
