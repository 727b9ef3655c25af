/** The searchable lists behind the resource locators. Each gives what the API finds, a page at a time where the API has pages. */
import type { IDataObject, ILoadOptionsFunctions, INodeListSearchItems, INodeListSearchResult, INodeParameters } from 'n8n-workflow';
import { absoluteUrl, labelNames, orNull } from '../../shared/output/formats';
import { isObject } from '../../shared/output/simplify';
import { exactPhone } from '../../shared/phone';
import { Api } from '../../shared/transport/api';
import { readPages } from '../../shared/transport/pages';
import { interactivePatience } from '../../shared/transport/retry';
import { chatsPage, pageOf } from '../resources/chat/list';

type Search = (this: ILoadOptionsFunctions, filter?: string, paginationToken?: string) => Promise<INodeListSearchResult>;

const credential = 'timelinesAiApi';
const apiOf = (functions: ILoadOptionsFunctions) => new Api(functions, credential, interactivePatience);

/** A list that the API gives whole: read once, searched here in names and values. */
const wholeList = (endpoint: string, key: string, toResult: (entry: IDataObject) => INodeListSearchItems | undefined): Search =>
	async function (filter) {
		const data = await apiOf(this).call(endpoint);
		const entries = (key === '' ? data : data[key]) as unknown as IDataObject[] | undefined;
		const results = (entries ?? []).map(toResult).filter((result) => result !== undefined);
		return { results: results.filter((result) => matches(result, filter)) };
	};

const matches = ({ name, value }: INodeListSearchItems, filter = ''): boolean =>
	`${name}\n${value}`.toLowerCase().includes(filter.trim().toLowerCase());

/** A name with what tells it from others of that name. */
const named = (name: unknown, ...details: unknown[]): string => {
	const [title, ...rest] = [name, ...details].filter(Boolean).map(String);
	return rest.length > 0 ? `${title} (${rest.join(', ')})` : (title ?? '');
};

/** Chats by name, or by phone number where digits are typed; the newest activity first. */
const searchChats: Search = async function (filter = '', paginationToken) {
	const api = apiOf(this);
	const page = Number(paginationToken ?? 1);
	const text = filter.trim();
	// Without a leading + the API finds numbers that contain the digits.
	const query = exactPhone(text) ? { phone: text.replace(/[^\d+]/g, '') } : { name: text };
	const { entries, hasMore } = await chatsPage(api, 'GET /chats', { ...query, page });
	const origin = await api.origin();
	return {
		results: entries.map((chat) => chatResult(chat, origin)),
		paginationToken: hasMore ? String(page + 1) : undefined,
	};
};

const chatResult = (chat: IDataObject, origin: string): INodeListSearchItems => ({
	name: named(chat.name, orNull(chat.phone) ?? (chat.is_group ? 'group' : undefined)),
	value: String(chat.id),
	url: absoluteUrl(chat.chat_url, origin) ?? undefined,
});

/** Labels that recent chats carry: the API has no list of its own for them. A page of results looks at 50 chats. */
const searchLabels: Search = async function (filter = '', paginationToken) {
	const api = apiOf(this);
	const page = Number(paginationToken ?? 1);
	const { entries, hasMore } = await chatsPage(api, 'GET /chats', { page });
	const labels = [...new Set(entries.flatMap((chat) => labelNames(chat.labels)))].sort((a, b) => a.localeCompare(b));
	return {
		results: labels.map((label) => ({ name: label, value: label })).filter((result) => matches(result, filter)),
		paginationToken: hasMore ? String(page + 1) : undefined,
	};
};

const searchTeammates = wholeList('GET /workspace/teammates', 'teammates', ({ display_name: name, email }) => ({
	name: named(name, email),
	value: String(email),
}));

/** Those who have not joined yet. */
const searchInvited = wholeList('GET /workspace/teammates', 'teammates', ({ user_id: id, email, status, invitation_status: invitation }) =>
	String(status).toLowerCase() === 'active' ? undefined : { name: named(email, invitation ?? status), value: String(id) },
);

const searchTeams = wholeList('GET /workspace/teammates', 'teams', ({ title }) => ({ name: String(title), value: String(title) }));

/** Connected and disconnected numbers, by phone. */
const searchSenders = wholeList('GET /whatsapp_accounts', 'whatsapp_accounts', ({ account_name: name, phone, status }) => ({
	name: named(phone, name, status === 'active' ? undefined : status),
	value: String(phone),
}));

const searchWhatsappAccounts = wholeList('GET /whatsapp_accounts', 'whatsapp_accounts', ({ id, account_name: name, phone, status }) => ({
	name: named(phone, name, status === 'active' ? undefined : status),
	value: String(id),
}));

const searchFiles: Search = async function (filter = '') {
	const files = (await apiOf(this).call('GET /files', { query: { filename: filter.trim() } })) as unknown as IDataObject[];
	return { results: files.map(({ uid, filename, mimetype }) => ({ name: named(filename, mimetype), value: String(uid) })) };
};

const searchAttachmentTemplates = wholeList('GET /v2/templates', 'templates', ({ id, name, attachment }) =>
	attachment ? { name: named(name, (attachment as IDataObject).filename), value: String(id) } : undefined,
);

const searchTemplates = wholeList('GET /templates', 'templates', ({ id, name, team_title: team }) => ({ name: named(name, team), value: String(id) }));

const searchWabaAccounts = wholeList('GET /waba/accounts', 'waba_accounts', ({ id, display_phone_number: phone, owner_name: owner, status }) => ({
	name: named(phone, owner, status === 'active' ? undefined : status),
	value: String(id),
}));

/** WABA chats by phone number, or by name: the API has no filter for that, so pages are read until one has a match. */
const searchWabaChats: Search = async function (filter = '', paginationToken) {
	const api = apiOf(this);
	const phone = exactPhone(filter);
	const origin = await api.origin();
	for (let page = Number(paginationToken ?? 1), last = page + pagesToSearch - 1; ; page++) {
		const { entries, hasMore } = await chatsPage(api, 'GET /waba/chats', { whatsapp_phone: phone, page });
		const results = entries.map((chat) => chatResult(chat, origin)).filter((result) => phone !== undefined || matches(result, filter));
		if (results.length > 0 || !hasMore || page === last) return { results, paginationToken: hasMore ? String(page + 1) : undefined };
	}
};

const pagesToSearch = 10;

/** WABA templates that the chosen number may send, approved ones first. Where none is chosen, all of them. */
const searchWabaTemplates: Search = async function (filter) {
	const api = apiOf(this);
	const wabaId = await wabaOf(api, this.getCurrentNodeParameters() ?? {});
	const templates = await readPages((page) => pageOf(api, 'GET /waba/templates', 'templates', { query: { page } }), { idOf: (template) => template.id });
	const usable = templates.filter(({ meta_waba_id: id }) => wabaId === undefined || id === undefined || id === wabaId);
	const [approved, others] = [usable.filter(isApproved), usable.filter((template) => !isApproved(template))];
	const results = [...approved, ...others].map((template) => ({
		name: named(template.name, template.language, isApproved(template) ? undefined : template.status),
		value: String(template.id),
	}));
	return { results: results.filter((result) => matches(result, filter)) };
};

const isApproved = ({ status }: IDataObject): boolean => String(status).toUpperCase() === 'APPROVED';

/** Meta's id of the business account that sends: of the chosen number, or of that of the chosen chat. */
async function wabaOf(api: Api, { sendTo, chatId, wabaAccountId }: INodeParameters): Promise<unknown> {
	const account = sendTo === 'chat' ? await accountOfChat(api, chosen(chatId)) : chosen(wabaAccountId);
	if (!/^\d+$/.test(account)) return undefined;
	return (await api.call('GET /waba/accounts/{account_id}', { ids: { account_id: account } })).meta_waba_id;
}

async function accountOfChat(api: Api, chat: string): Promise<string> {
	const id = /(?:^|\/chat\/)(\d+)/.exec(chat)?.[1];
	return id ? String((await api.call('GET /waba/chats/{chat_id}', { ids: { chat_id: id } })).waba_account_id) : '';
}

/** What is chosen in a resource locator; an expression has no value here yet. */
const chosen = (locator: unknown): string => (isObject(locator) ? String(locator.value ?? '') : '');

const searchWebhooks = wholeList('GET /webhooks', '', ({ id, event_type: event, url, enabled }) => ({
	name: named(event, url, enabled ? undefined : 'disabled'),
	value: String(id),
}));

export const listSearch = {
	searchAttachmentTemplates,
	searchChats,
	searchFiles,
	searchInvited,
	searchLabels,
	searchSenders,
	searchTeammates,
	searchTeams,
	searchTemplates,
	searchWabaAccounts,
	searchWabaChats,
	searchWabaTemplates,
	searchWebhooks,
	searchWhatsappAccounts,
};
