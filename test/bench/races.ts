/** What is raced, and who does it how. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Container } from '@n8n/di';
import axios, { type AxiosError } from 'axios';
import { BinaryDataService, prepareBinaryData } from 'n8n-core';
import { type IDataObject, type INodeExecutionData, type INodeParameters } from 'n8n-workflow';
import { useBinaryMode } from '../harness/binary';
import { rawApi, runHttpRequest, runOurs } from './contenders';
import { type Contender, type Race } from './race';
import { type Address } from './sandboxProcess';

const pageSize = 50;
const megabyte = 1_000_000;

/** What an answer of the API holds, as far as it is looked at here. */
interface Page {
	chats?: Array<{ id: number }>;
	messages?: Array<{ uid: string }>;
	has_more_pages: boolean;
}
const dataOf = (item: INodeExecutionData): IDataObject => (item.json as { data: IDataObject }).data;
const pageOf = (item: INodeExecutionData): Page => dataOf(item) as unknown as Page;
const same = (what: string, got: unknown, wanted: unknown[]): string[] => {
	const list = Array.isArray(got) ? got : [];
	return list.length === wanted.length && list.every((one, index) => one === wanted[index]) ? [] : [`the ${what} are not complete and in order`];
};
const locator = (value: string) => ({ __rl: true, mode: 'id', value });

export const allChats: Race = {
	name: 'Return All, 200 pages of chats, 200 ms latency',
	scene: { chats: 200 * pageSize, latencyMs: 200 },
	amount: 200,
	warmUp: 2,
	rounds: 1,
	contenders: {
		ours: async (address, _stock, pages) => async () => {
			const some = pages === 200 ? { returnAll: true } : { limit: pages * pageSize };
			const items = await runOurs(address, { resource: 'chat', operation: 'getAll', ...some });
			return items.map(({ json }) => json.chatId);
		},
		peer: async (address, _stock, pages) => async () => {
			const items = await runHttpRequest(address, { url: `${address.apiUrl}/chats`, ...paginated('page', '={{ $pageCount + 1 }}', pages) });
			return items.flatMap((item) => (pageOf(item).chats ?? []).map(({ id }) => id));
		},
		limit: async (address, _stock, pages) => async () => {
			const api = rawApi(address);
			const ids: number[] = [];
			for (let page = 1; page <= pages; page++) {
				const { data } = await api.get<{ data: Page }>('/chats', { params: { page } });
				ids.push(...(data.data.chats ?? []).map(({ id }) => id));
			}
			return ids;
		},
	},
	check: (got, { chatIds }, { requests }) => [...same('chats', got, chatIds), ...(requests > 204 ? [`${requests} calls for 200 pages`] : [])],
};

export const history: Race = {
	name: 'Return All, 200 pages of a chat’s history, 20 ms latency',
	scene: { messages: 200 * pageSize, latencyMs: 20 },
	amount: 200,
	warmUp: 20,
	rounds: 5,
	contenders: {
		ours: async (address, { historyOf }, pages) => async () => {
			const some = pages === 200 ? { returnAll: true } : { limit: pages * pageSize };
			const items = await runOurs(address, { resource: 'message', operation: 'getAll', chatId: locator(String(historyOf)), ...some });
			return items.map(({ json }) => json.messageUid);
		},
		peer: async (address, { historyOf }, pages) => async () => {
			const cursor = '={{ $response?.body?.data?.messages?.last()?.uid }}';
			const items = await runHttpRequest(address, { url: `${address.apiUrl}/chats/${historyOf}/messages`, ...paginated('before_message', cursor, pages) });
			return items.flatMap((item) => (pageOf(item).messages ?? []).map(({ uid }) => uid));
		},
		limit: async (address, { historyOf }, pages) => async () => {
			const api = rawApi(address);
			const uids: string[] = [];
			for (let page = 1; page <= pages; page++) {
				const { data } = await api.get<{ data: Page }>(`/chats/${historyOf}/messages`, { params: { before_message: uids.at(-1) } });
				uids.push(...(data.data.messages ?? []).map(({ uid }) => uid));
			}
			return uids;
		},
	},
	check: (got, { messageUids }, { requests }) => [...same('messages', got, messageUids), ...(requests > 200 ? [`${requests} calls for 200 pages`] : [])],
};

/** The pagination of the HTTP Request node, as its panel stores it. */
const paginated = (name: string, value: string, pages: number): INodeParameters => ({
	options: {
		pagination: {
			pagination: {
				paginationMode: 'updateAParameterInEachRequest',
				parameters: { parameters: [{ type: 'qs', name, value }] },
				paginationCompleteWhen: 'other',
				completeExpression: '={{ !$response.body.data.has_more_pages }}',
				limitPagesFetched: true,
				maxRequests: pages,
			},
		},
	},
});

/** So many chats, each by its id. */
const gets = {
	ours: async (address, { chatIds }, count) => {
		const items = chatIds.slice(0, count).map((id) => ({ id }));
		return async () => (await runOurs(address, { resource: 'chat', operation: 'get', chatId: locator('={{ $json.id }}') }, items)).map(({ json }) => json.chatId);
	},
	peer: async (address, { chatIds }, count) => {
		const items = chatIds.slice(0, count).map((id) => ({ id }));
		return async () => (await runHttpRequest(address, { url: `=${address.apiUrl}/chats/{{ $json.id }}` }, items)).map((item) => dataOf(item).id);
	},
	limit: async (address, { chatIds }, count) => async () => {
		const api = rawApi(address);
		const found: number[] = [];
		for (const id of chatIds.slice(0, count)) found.push((await api.get<{ data: { id: number } }>(`/chats/${id}`)).data.data.id);
		return found;
	},
} satisfies Race['contenders'];

export const pacedGets: Race = {
	name: '1,000 chats by ID against 30 requests a second',
	scene: { chats: 1000, rateLimit: { requestsPerSecond: 30, burst: 10 } },
	amount: 1000,
	warmUp: 20,
	rounds: 1,
	contenders: { ours: gets.ours, peer: gets.peer },
	check: (got, { chatIds }) => same('chats', got, chatIds),
};

export const manyGets: Race = {
	name: '3,000 chats by ID, processor time an item',
	scene: { chats: 3000 },
	amount: 3000,
	warmUp: 200,
	rounds: 5,
	contenders: gets,
	check: (got, { chatIds }) => same('chats', got, chatIds),
};

export const sends: Race = {
	name: '500 sends, 1 % of them refused with 429',
	scene: { chats: 500, faults: [{ kind: 'rateLimited', retryAfter: 1, probability: 0.01, match: 'POST /chats/{chat_id}/messages' }] },
	amount: 500,
	warmUp: 50,
	rounds: 3,
	contenders: {
		ours: async (address, { chatIds }, count) => {
			const items = chatIds.slice(0, count).map((id) => ({ id }));
			const parameters = { resource: 'message', operation: 'send', sendTo: 'chat', chatId: locator('={{ $json.id }}'), text: '=To {{ $json.id }}' };
			return async () => (await runOurs(address, parameters, items)).map(({ json }) => typeof json.messageUid);
		},
		peer: async (address, { chatIds }, count) => {
			const items = chatIds.slice(0, count).map((id) => ({ id }));
			const body = { method: 'POST', sendBody: true, specifyBody: 'json', jsonBody: '={{ { text: "To " + $json.id } }}' };
			return async () => (await runHttpRequest(address, { url: `=${address.apiUrl}/chats/{{ $json.id }}/messages`, ...body }, items)).map((item) => typeof dataOf(item).message_uid);
		},
		limit: async (address, { chatIds }, count) => async () => {
			const api = rawApi(address);
			const sent: string[] = [];
			for (const id of chatIds.slice(0, count)) sent.push(typeof (await sendPatiently(async () => await api.post(`/chats/${id}/messages`, { text: `To ${id}` }))));
			return sent;
		},
	},
	check: (got, { chatIds }, { sent }) => [
		...same('results', got, chatIds.map(() => 'string')),
		...same('messages sent', sent, chatIds.map((id) => `To ${id}`)),
	],
};

/** Sends; on 429 waits for exactly as long as the server says, and sends again. */
async function sendPatiently(send: () => Promise<{ data: { data: { message_uid: string } } }>): Promise<string> {
	for (;;) {
		try {
			return (await send()).data.data.message_uid;
		} catch (error) {
			const { response } = error as AxiosError;
			if (response?.status !== 429) throw error;
			await sleep(1000 * Number(response.headers['retry-after']));
		}
	}
}

const fileBytes = 100 * megabyte;
const smallBytes = 8 * megabyte;

export const upload: Race = {
	name: 'Upload of 100 MB, growth of memory',
	scene: {},
	amount: fileBytes,
	warmUp: smallBytes,
	rounds: 3,
	contenders: {
		ours: withFile(async (address, items) => async () => {
			await runOurs(address, { resource: 'file', operation: 'upload' }, items);
		}),
		peer: withFile(async (address, items) => async () => {
			const body = { contentType: 'multipart-form-data', bodyParameters: { parameters: [{ parameterType: 'formBinaryData', name: 'file', inputDataFieldName: 'data' }] } };
			await runHttpRequest(address, { method: 'POST', url: `${address.apiUrl}/files_upload`, sendBody: true, ...body }, items);
		}),
		limit: withFile(async (address, [item]) => {
			const path = pathOf(item);
			const head = '--limit\r\nContent-Disposition: form-data; name="file"; filename="plans.pdf"\r\nContent-Type: application/pdf\r\n\r\n';
			const tail = '\r\n--limit--\r\n';
			const form = async function* () {
				yield Buffer.from(head);
				yield* createReadStream(path);
				yield Buffer.from(tail);
			};
			const headers = { 'content-type': 'multipart/form-data; boundary=limit', 'content-length': head.length + statSync(path).size + tail.length };
			return async () => {
				await rawApi(address).post('/files_upload', Readable.from(form()), { headers, maxRedirects: 0, maxBodyLength: Infinity });
			};
		}),
	},
	check: (_got, _stock, { uploads }) => (uploads.join() === createHash('sha256').update(Buffer.alloc(fileBytes, 'x')).digest('hex') ? [] : ['what arrived is not what was sent']),
};

/** A contender with one item that has a file of the given size, stored as n8n stores it, and never in memory as a whole. */
function withFile(make: (address: Address, items: INodeExecutionData[]) => Promise<() => Promise<unknown>>): Contender {
	return async (address, _stock, bytes) => {
		await useBinaryMode('filesystem');
		const chunk = Buffer.alloc(64 * 1024, 'x');
		const content = Readable.from((function* () {
			for (let left = bytes; left > 0; left -= chunk.length) yield chunk.subarray(0, Math.min(left, chunk.length));
		})());
		const data = await prepareBinaryData(content, 'bench', 'bench', 'plans.pdf', 'application/pdf');
		return await make(address, [{ json: {}, binary: { data } }]);
	};
}

const pathOf = (item: INodeExecutionData | undefined): string => Container.get(BinaryDataService).getPath(item?.binary?.data?.id ?? '');

export const download: Race = {
	name: 'Download of 100 MB, growth of memory',
	scene: { fileBytes: [smallBytes, fileBytes] },
	amount: fileBytes,
	warmUp: smallBytes,
	rounds: 3,
	contenders: {
		ours: async (address, { fileUids }, bytes) => async () => {
			const [item] = await runOurs(address, { resource: 'file', operation: 'download', fileUid: locator(fileUids[bytes] ?? '') });
			return pathOf(item);
		},
		peer: async (address, { fileUids }, bytes) => async () => {
			const [link] = await runHttpRequest(address, { url: `${address.apiUrl}/files/${fileUids[bytes]}` });
			const [item] = await runHttpRequest(address, {
				url: link ? String(dataOf(link).temporary_download_url) : '',
				authentication: 'none',
				options: { response: { response: { responseFormat: 'file', outputPropertyName: 'data' } } },
			});
			return pathOf(item);
		},
		limit: async (address, { fileUids }, bytes) => async () => {
			const link = await rawApi(address).get<{ data: { temporary_download_url: string } }>(`/files/${fileUids[bytes]}`);
			const { data } = await axios.get<Readable>(link.data.data.temporary_download_url, { responseType: 'stream', proxy: false });
			const path = join(process.env.N8N_USER_FOLDER ?? tmpdir(), 'downloaded');
			await pipeline(data, createWriteStream(path));
			return path;
		},
	},
	check: (got, { fileHashes }) => (createHash('sha256').update(readFileSync(String(got))).digest('hex') === fileHashes[fileBytes] ? [] : ['what arrived is not the file']),
};

export const races: Race[] = [allChats, history, pacedGets, manyGets, sends, upload, download];
