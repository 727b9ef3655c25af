/** The phone page of the sandbox on the screen of a phone: nothing is cut off, everything can be reached. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Locator, type Page } from 'playwright-core';
import { endAll, onEnd } from '../n8n/cleanup';
import { startSandbox } from '../sandbox';
import { openBrowser, takePicture, write, writeAsNewCustomer } from './kit';

const screen = { width: 360, height: 640 };
const long = 'Hello, is the blue one in stock? I would like to have two of them by Friday.';
let phone: Page;

before(async () => {
	const sandbox = await startSandbox({ chats: 'demo' });
	onEnd(() => sandbox.close());
	phone = await (await openBrowser()).newPage();
	await phone.setViewportSize(screen);
	await phone.goto(sandbox.origin);
});
after(endAll);

test('one thing at a time: the list, then a chat, and back', async () => {
	await writeAsNewCustomer(phone, { name: 'Dana Cole', phone: '+15550101234' }, long);
	await phone.getByTestId('message').getByText(long).waitFor();
	assert.equal(await phone.getByTestId('new-customer').isVisible(), false);
	for (const part of ['message-input', 'send']) await isOnScreen(phone.getByTestId(part));
	await takePicture(phone, 'phone-small-chat');

	await phone.getByTestId('back').click();

	await isOnScreen(phone.getByTestId('new-customer'));
	await isOnScreen(phone.getByText('Dana Cole').first());
	await takePicture(phone, 'phone-small-list');
});

test('a chat that is opened from the list takes a message', async () => {
	await phone.getByText('Noor Aziz').first().click();
	await write(phone, 'Any news?');
	await isOnScreen(phone.getByTestId('message').getByText('Any news?'));
});

async function isOnScreen(part: Locator): Promise<void> {
	await part.waitFor();
	const box = await part.boundingBox();
	assert.ok(box && box.x >= 0 && box.x + box.width <= screen.width && box.y >= 0 && box.y + box.height <= screen.height, `${JSON.stringify(box)} is not on the screen`);
}
