/** The searchable lists behind the resource locators. Each gives what the API finds, a page at a time where the API has pages. */
import type { IDataObject, ILoadOptionsFunctions, INodeListSearchItems, INodeListSearchResult } from 'n8n-workflow';
import { absoluteUrl, labelNames, orNull } from '../../shared/output/formats';
import { exactPhone } from '../../shared/phone';
import { Api } from '../../shared/transport/api';
import { interactivePatience } from '../../shared/transport/retry';
import { chatsPage } from '../resources/chat/list';

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
		results: entries.map((chat) => ({
			name: named(chat.name, orNull(chat.phone) ?? (chat.is_group ? 'group' : undefined)),
			value: String(chat.id),
			url: absoluteUrl(chat.chat_url, origin) ?? undefined,
		})),
		paginationToken: hasMore ? String(page + 1) : undefined,
	};
};

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
	searchWebhooks,
	searchWhatsappAccounts,
};
