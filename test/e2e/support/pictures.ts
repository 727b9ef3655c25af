/** The pictures in the docs. `UPDATE_IMAGES=1 npm run test:e2e` takes them anew; otherwise none is written. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Locator, type Page } from 'playwright-core';
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

/** The page as wide as it is, and no higher than this part of it with its margin. */
export async function upTo(part: Locator): Promise<Box> {
	const box = await part.boundingBox();
	if (!box) throw new Error('There is no such part');
	return { x: 0, y: 0, width: box.x * 2 + box.width, height: box.y * 2 + box.height };
}

/** Takes a picture for the docs, of the whole page or of a part of it. */
export async function updateImage(page: Page, name: string, clip?: Box): Promise<void> {
	if (!wanted) return;
	const path = join(images, `${name}.png`);
	mkdirSync(dirname(path), { recursive: true });
	await page.screenshot({ path, clip });
}

/** n8n's bare canvas, without the editor around it. */
export interface Canvas {
	page: Page;
	/** Shows a workflow and gives the part of the page that it takes. */
	show(workflow: WorkflowFile): Promise<Box>;
}

/** Opens the view that n8n has for embedding: it takes workflows in messages and stores nothing. */
export async function openCanvas({ browser, n8n }: EndToEnd): Promise<Canvas> {
	const page = await browser.newPage();
	// Large enough that n8n has no need to shrink a workflow.
	await page.setViewportSize({ width: 2300, height: 1200 });
	await page.addInitScript(() => {
		window.addEventListener('message', ({ data }) => {
			if (String(data).includes('n8nReady')) document.documentElement.dataset.ready = 'true';
		});
	});
	await page.goto(`${n8n.origin}/workflows/demo`);
	await page.locator('html[data-ready]').waitFor();
	await page.addStyleTag({ content: '.vue-flow__background, .vue-flow__panel, [data-test-id="canvas-node-toolbar"] { display: none !important }' });
	return {
		page,
		async show(workflow) {
			await page.evaluate((message) => window.postMessage(message, '*'), JSON.stringify({ command: 'openWorkflow', workflow, hideNodeIssues: true }));
			for (const { id } of workflow.nodes) await page.locator(`.vue-flow__node[data-id="${id}"]`).waitFor();
			return await atRest(page);
		},
	};
}

/** What makes the notes of the canvas hard to read: text that is cut off or lost in space, and nodes that lie on them. */
export async function troubleWithNotes({ page }: Canvas): Promise<string[]> {
	return await page.evaluate(() => {
		const nodes = Array.from(document.querySelectorAll('.vue-flow__node'));
		const notes = nodes.filter((node) => node.querySelector('[data-test-id="sticky"]') !== null);
		return notes.flatMap((note) => {
			const box = note.getBoundingClientRect();
			const lines = Array.from(note.querySelectorAll('h2, p, li')).map((line) => line.getBoundingClientRect().bottom);
			const space = Math.round(box.bottom - Math.max(...lines));
			const covered = nodes.filter((node) => {
				const { left, right, top, bottom } = node.getBoundingClientRect();
				return node !== note && left < box.right && right > box.left && top < box.bottom && bottom > box.top;
			});
			return [
				...(space < 4 || space > 40 ? [`${space} pixels are left below the text of a note`] : []),
				...covered.map((node) => `${node.textContent} lies on a note`),
			];
		});
	});
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
