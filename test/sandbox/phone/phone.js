// The phone page: shows what the server holds, and writes as a customer. All text goes in as text, never as HTML.
'use strict';

const byId = (id) => document.getElementById(id);
const ticks = { Sending: '🕓', Pending: '🕓', Sent: '✓', Delivered: '✓✓', Read: '✓✓', Failed: '⚠' };

/** Makes an element: properties, attributes under `attrs`, children. */
function make(tag, { attrs = {}, ...properties } = {}, ...children) {
	const element = Object.assign(document.createElement(tag), properties);
	for (const [name, value] of Object.entries(attrs)) element.setAttribute(name, value);
	element.append(...children.filter((child) => child !== null));
	return element;
}

/** The first letters of the first two words; a telephone where there are none. */
const initials = (name) => (name.match(/(?<!\p{L})\p{L}/gu) ?? ['☎']).slice(0, 2).join('').toUpperCase();

let chosen = Number(new URLSearchParams(location.hash.slice(1)).get('chat')) || undefined;
/** A customer who has not written yet. */
let draft;
let shown = { list: '', accounts: '', chat: '' };
let refreshing;
let again = false;

async function ask(path, body) {
	const response = await fetch(path, body && { method: 'POST', ...(body instanceof FormData ? { body } : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) });
	const answer = await response.json();
	if (!response.ok) throw new Error(answer.message);
	return answer;
}

/** Fetches and shows everything anew; changes that come meanwhile are shown by one more round. */
function refresh() {
	again = true;
	refreshing ??= (async () => {
		try {
			while (again) {
				again = false;
				await showAll();
			}
		} finally {
			refreshing = undefined;
		}
	})();
	return refreshing;
}

/** What has not changed is left alone, so that the page does not flicker. */
async function showAll() {
	const { chats, accounts } = await ask('/phone/chats');
	if (!draft && !chats.some(({ id }) => id === chosen)) chosen = chats[0]?.id;
	const list = JSON.stringify([chats, chosen]);
	if (list !== shown.list) showList(chats);
	const numbers = JSON.stringify(accounts);
	if (numbers !== shown.accounts) showAccounts(accounts);
	const chat = draft ?? (chosen === undefined ? undefined : await ask(`/phone/chats/${chosen}`));
	const text = JSON.stringify(chat);
	if (chat && text !== shown.chat) showChat(chat);
	shown = { list, accounts: numbers, chat: text };
}

function showList(chats) {
	byId('chat-list').replaceChildren(
		...chats.map((chat) =>
			make(
				'li',
				{},
				make(
					'button',
					{
						type: 'button',
						onclick: () => choose(chat.id),
						attrs: { 'data-testid': 'chat', 'data-chat-id': chat.id, 'aria-current': chat.id === chosen },
					},
					make('span', { className: 'avatar', textContent: initials(chat.name), attrs: { 'aria-hidden': 'true' } }),
					make('span', { className: 'lines' }, make('span', { className: 'name', textContent: chat.name }), make('span', { className: 'last', textContent: chat.last })),
				),
			),
		),
	);
}

function showAccounts(accounts) {
	byId('new-account').replaceChildren(...accounts.map(({ phone, name }) => make('option', { value: phone, textContent: `${name} (${phone})` })));
}

function showChat(chat) {
	byId('chat-title').textContent = chat.name;
	byId('chat-subtitle').textContent = [chat.phone ?? 'Group', `writes to ${chat.account}`].join(' · ');
	byId('chat-avatar').textContent = initials(chat.name);
	byId('chat-labels').replaceChildren(...chat.labels.map((label) => make('span', { className: 'label', textContent: label, attrs: { 'data-testid': 'chat-label' } })));
	byId('chat-responsible').textContent = chat.responsible ? `👤 ${chat.responsible}` : 'nobody responsible';
	byId('chat-state').textContent = [chat.closed ? 'closed' : 'open', chat.read ? 'read' : 'unread', ...chat.facts].join(' · ');
	const messages = byId('messages');
	messages.replaceChildren(...chat.messages.map(bubble));
	messages.scrollTop = messages.scrollHeight;
	byId('message-input').disabled = byId('send').disabled = byId('attach').disabled = false;
}

function bubble(message) {
	const { attachment } = message;
	const file = attachment && make('a', { href: attachment.url, target: '_blank', rel: 'noreferrer', textContent: `📄 ${attachment.filename}` });
	if (attachment?.mimetype.startsWith('image/')) file.replaceChildren(make('img', { src: attachment.url, alt: attachment.filename }));
	return make(
		'li',
		{ attrs: { 'data-testid': 'message', 'data-uid': message.uid, 'data-from': message.from, 'data-status': message.status } },
		message.author ? make('div', { className: 'author', textContent: message.author }) : null,
		file,
		message.text ? make('div', { className: 'text', textContent: message.text }) : null,
		make(
			'div',
			{ className: 'meta' },
			message.from === 'workspace'
				? make('button', {
						type: 'button',
						className: 'react',
						title: 'React as this customer',
						textContent: message.reactions.join('') || '👍',
						attrs: { 'data-testid': 'react', 'aria-pressed': message.reacted },
						onclick: () => act(() => ask('/phone/reactions', { uid: message.uid, emoji: message.reacted ? '' : '👍' })),
					})
				: make('span', { textContent: message.reactions.join('') }),
			make('time', { textContent: message.time }),
			message.from === 'workspace'
				? make('span', { className: 'ticks', title: message.status, textContent: ticks[message.status] ?? message.status, attrs: { 'data-testid': 'ticks', 'data-status': message.status } })
				: null,
		),
	);
}

/** Shows the chat with this id, or an empty one of a new customer. */
function choose(id, customer) {
	chosen = id;
	draft = customer;
	if (id !== undefined) history.replaceState(null, '', `#chat=${id}`);
	document.body.dataset.view = 'chat';
	shown.chat = '';
	return act(refresh);
}

/** Does something, and says on the page where it failed. */
async function act(task) {
	const notice = byId('notice');
	try {
		await task();
		notice.hidden = true;
	} catch (error) {
		notice.textContent = error.message;
		notice.hidden = false;
	}
}

byId('new-customer').onclick = () => {
	const form = byId('new-form');
	form.hidden = !form.hidden;
	byId('new-customer').setAttribute('aria-expanded', String(!form.hidden));
	if (!form.hidden) byId('new-name').focus();
};

byId('new-form').onsubmit = (event) => {
	event.preventDefault();
	const form = event.target;
	const phone = byId('new-phone').value.trim();
	const customer = { name: byId('new-name').value.trim() || phone, phone, account: byId('new-account').value };
	form.reset();
	form.hidden = true;
	byId('new-customer').setAttribute('aria-expanded', 'false');
	choose(undefined, { ...customer, labels: [], responsible: null, closed: false, read: true, facts: ['new'], messages: [] });
	byId('message-input').focus();
};

/** Into the chosen chat, or from the new customer. */
const whose = () => (draft ? { name: draft.name, phone: draft.phone, account: draft.account } : { chatId: String(chosen) });

/** Something was written: the chat of a new customer exists from now on. */
const written = ({ chatId }) => (chatId === chosen ? undefined : choose(chatId));

byId('composer').onsubmit = (event) => {
	event.preventDefault();
	const input = byId('message-input');
	const text = input.value;
	if (text.trim() === '') return;
	input.value = '';
	act(async () => written(await ask('/phone/messages', { ...whose(), text })));
};

byId('attach').onchange = (event) => {
	const [file] = event.target.files;
	if (!file) return;
	const form = new FormData();
	for (const [name, value] of Object.entries(whose())) form.append(name, value);
	form.append('file', file);
	event.target.value = '';
	act(async () => written(await ask('/phone/attachments', form)));
};

byId('back').onclick = () => {
	document.body.dataset.view = 'list';
};

document.body.dataset.view = location.hash.includes('chat=') ? 'chat' : 'list';
const events = new EventSource('/phone/events');
events.onmessage = events.onopen = () => act(refresh);
events.onerror = () => act(() => Promise.reject(new Error('The sandbox does not answer. Is it still running?')));
