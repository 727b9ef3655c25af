/** Sends under faults: runs them in real n8n and compares what each item was told with what the workspace really sent. */
import { type IDataObject, type INodeParameters } from 'n8n-workflow';
import { logs, type NodeRun, type NodeRunResult, type RunError, runNode, withBinary } from '../harness';
import { type Message, type Sandbox, startSandbox } from '../sandbox';
import { Chance } from './chance';
import { brokenAnswers, delays, refusals, silence } from './faults';
import { credentialTypes, packageNode } from './nodes';
import { type ExecutionReport } from './report';

/** How an item can end. Each is one that the user can rely on. */
export type Ending =
	/** Sent once and reported with its UID. */
	| 'sent'
	/** Sent once and reported as such without its UID: the answer had none, which the API allows for notes. */
	| 'sent, and the answer without a UID'
	/** Sent once and reported with its UID, and that its status could not be read, which the user had asked for. */
	| 'sent, and what came of it not found out'
	/** Sent once and reported with its UID as refused by WhatsApp. */
	| 'refused by WhatsApp'
	/** Not sent, and reported as an error that says so. */
	| 'not sent'
	/** Some parts of a long text sent once each, the others not, and reported with the UIDs of those that were. */
	| 'partly sent'
	/** Sent or not, and reported as unknown with how to check. */
	| 'unknown'
	/** Sent once before another item failed; the error names that one, and the execution keeps this one's UID for its retry. */
	| 'sent before the failure'
	/** Not begun, since an earlier item failed. */
	| 'not begun';

/** A way of sending: the parameters of the node, which take what differs from the item. */
interface Way {
	name: string;
	parameters: INodeParameters;
	/** How many messages an item makes. */
	parts?: number;
	/** The item carries a file with this extension. */
	file?: string;
	/** The chats are those of a WhatsApp Business API number. */
	waba?: boolean;
}

const locator = (mode: string, value: string) => ({ __rl: true, mode, value });
const send = (name: string, parameters: INodeParameters, more: Partial<Way> = {}): Way => ({
	name,
	parameters: { resource: 'message', operation: 'send', text: '={{ $json.text }}', ...parameters },
	...more,
});
const toChat = { sendTo: 'chat', chatId: locator('id', '={{ $json.chatId }}') };

const ways: [Way, ...Way[]] = [
	send('to a chat', toChat),
	send('to a chat by phone', { sendTo: 'chat', chatId: locator('phone', '={{ $json.phone }}') }),
	send('to a phone', { sendTo: 'phone', phone: '={{ $json.newPhone }}' }),
	send('to a JID', { sendTo: 'jid', jid: '={{ $json.jid }}' }),
	send('to a chat name', { sendTo: 'chatName', chatName: '={{ $json.name }}' }),
	send('with a file of the item', { ...toChat, attachment: 'data', inputDataFieldName: 'data' }, { file: 'txt' }),
	send('with a file from a URL', { ...toChat, attachment: 'url', fileUrl: '=https://files.example/{{ $json.chatId }}.txt' }),
	send('a long text', { ...toChat, options: { splitLongText: true } }, { parts: 3 }),
	send('waiting until delivered', { ...toChat, options: { waitUntil: 'delivered', waitLimit: 3 } }),
	send('a file as a document', { ...toChat, operation: 'sendFile', caption: '={{ $json.text }}' }, { file: 'pdf' }),
	send('a voice note', { ...toChat, operation: 'sendVoice' }, { file: 'ogg' }),
	send('to a WABA chat', { ...toChat, resource: 'wabaMessage' }, { waba: true }),
	send('from a WABA number to a phone', { resource: 'wabaMessage', sendTo: 'phone', wabaAccountId: locator('id', '={{ $json.accountId }}'), phone: '={{ $json.phone }}' }, { waba: true }),
	{ name: 'a note', parameters: { resource: 'note', operation: 'create', chatId: toChat.chatId, text: '={{ $json.text }}' } },
];

const afterFailure: Record<string, Partial<NodeRun>> = {
	'stop': {},
	'continue': { onError: 'continueRegularOutput' },
	'continue on fail': { continueOnFail: true },
	'error output': { onError: 'continueErrorOutput' },
};

interface PlannedItem {
	json: IDataObject;
	texts: string[];
}

/** Runs one execution in a workspace of its own. Everything in it follows from the seed. */
export async function sendUnderFaults(number: number, seed: number, count: number): Promise<ExecutionReport<Ending>> {
	const chance = new Chance(seed);
	const way = chance.oneOf(ways);
	const onFailure = chance.oneOf(Object.keys(afterFailure) as [string, ...string[]]);
	const tries = chance.happens(0.4) ? chance.integer(2, 3) : 1;
	const retries = chance.integer(0, 2);
	const rounds = chance.happens(0.2) ? 2 : 1;
	const perFault = chance.oneOf([0.002, 0.01, 0.03]);

	const sandbox = await startSandbox({ seed, speed: { sentMs: 0, deliveredMs: 0, readMs: 0 } });
	try {
		const planned = Array.from({ length: count }, (_, index) => planItem(sandbox, way, `Item ${index + 1} of execution ${number}.`, chance));
		sandbox.faults.seed(seed);
		for (const fault of [...brokenAnswers, ...delays, ...refusals]) sandbox.faults.add({ ...fault, probability: perFault });
		for (const fault of silence) sandbox.faults.add({ ...fault, probability: 0.003 });

		const setup: NodeRun = {
			node: packageNode('timelinesAi'),
			credentials: { timelinesAiApi: { apiToken: sandbox.token, baseUrl: sandbox.apiUrl } },
			credentialTypes: credentialTypes(),
			parameters: way.parameters,
			...afterFailure[onFailure],
			...(tries > 1 && { retryOnFail: { maxTries: tries, waitBetweenTries: 1 } }),
		};
		const report: ExecutionReport<Ending> = {
			title: `execution ${number}: ${count} × ${way.name}, ${onFailure}, ${tries} tries, ${retries} retries, ${rounds} rounds`,
			endings: [],
			faults: [],
			violations: [],
		};
		let after: NodeRunResult | undefined;
		for (let round = 1; round <= rounds; round++) {
			const begin = Math.floor((count * (round - 1)) / rounds);
			const batch = planned.slice(begin, Math.floor((count * round) / rounds));
			const items = await Promise.all(batch.map(async ({ json }) => (way.file ? await withBinary({ fileName: `${String(json.chatId)}.${way.file}`, content: 'Hello' }, json) : { json })));
			let result = await runNode({ ...setup, items, after });
			for (let retry = 0; retry < retries && result.status === 'error'; retry++) result = await runNode({ ...setup, items, retryOf: result });
			judge(report, batch, result, sandbox);
			if (result.status === 'error') break;
			after = result;
		}
		await sandbox.settled();
		report.faults = sandbox.requests.flatMap(({ fault }) => fault ?? []);
		report.violations.push(...sandbox.breaches.map(({ message }) => `breach: ${message}`));
		if (logs.some((entry) => JSON.stringify(entry).includes(sandbox.token))) report.violations.push('the token is in the log');
		return report;
	} finally {
		await sandbox.close();
	}
}

/** An item with a customer of its own, who has a chat already unless the way is to write to a new number. */
function planItem({ world }: Sandbox, { parts = 1, waba, file }: Way, identity: string, chance: Chance): PlannedItem {
	// Messages to a number that ends with 000 fail at WhatsApp.
	const phone = `+1555${String(world.chats.size + 1).padStart(4, '0')}${chance.happens(0.1) ? '000' : '555'}`;
	const given = { phone, name: `Customer ${phone}` };
	const chat = waba ? world.addWabaChat(given) : world.addChat(given);
	// Free text goes to a WABA chat only where the customer wrote not long ago.
	if (waba) world.addMessage(chat, { text: 'Are you there?' });
	const texts = parts === 1 ? [identity] : Array.from({ length: parts }, (_, index) => `${identity} Part ${index + 1}. ${'Long. '.repeat(250)}`.trim());
	const json = {
		chatId: chat.id,
		accountId: chat.account.id,
		phone,
		newPhone: phone.replace('+1', '+44'),
		jid: chat.jid,
		name: chat.name,
		text: texts.join('\n\n'),
	};
	return { json, texts: file === 'ogg' ? [`${chat.id}.ogg`] : texts };
}

/** What tells a message from all others: its text, or the name of a file without text. */
const identityOf = ({ text, attachment }: Message) => text ?? attachment?.filename;

/** Adds to the report how each item ended, and what is wrong about it. */
function judge(report: ExecutionReport<Ending>, items: PlannedItem[], result: NodeRunResult, { world, token }: Sandbox): void {
	const { error } = result;
	const failedAt = result.status === 'error' ? Number(error?.context?.itemIndex ?? NaN) : undefined;
	if (Number.isNaN(failedAt)) report.violations.push(`the error does not name an item: ${error?.message}`);
	if (JSON.stringify([result.outputs, error]).includes(token)) report.violations.push('the token is in the output');

	const sent = [...world.messages.values()];
	for (const [index, { texts }] of items.entries()) {
		const messages = texts.map((text) => sent.filter((message) => identityOf(message) === text));
		const told = result.outputs.flat().filter(({ pairedItem }) => (pairedItem as { item: number }).item === index).map(({ json }) => json);
		const ending = endingOf(told, messages, failedAt === undefined ? undefined : { distance: index - failedAt, error, kept: keptOf(result, index) });
		if (messages.some(({ length }) => length > 1)) report.violations.push(`item ${index} was sent ${Math.max(...messages.map(({ length }) => length))} times`);
		if ('wrong' in ending) report.violations.push(`item ${index}: ${ending.wrong}; sent: ${messages.map(({ length }) => length).join(', ')}; told: ${JSON.stringify(told.length > 0 ? told : error?.message)}`);
		else report.endings.push(ending.ending);
	}
}

type Judged = { ending: Ending } | { wrong: string };

/** Why an execution failed, seen from one of its items. */
interface ExecutionFailure {
	/** How many items behind the one that failed; 0 is that one itself. */
	distance: number;
	error: RunError | undefined;
	/** What the execution keeps of the item for its retry: the answers to its sends, none where it is unknown how one ended. */
	kept: Array<{ answer?: IDataObject }>;
}

/** The record that the node keeps with the execution, for one item of its latest run. */
function keptOf({ context, run }: NodeRunResult, index: number): ExecutionFailure['kept'] {
	const { lastNodeExecuted = '', runData } = run.data.resultData;
	const record = context.sentBefore as Record<string, ExecutionFailure['kept']> | undefined;
	return record?.[`${(runData[lastNodeExecuted]?.length ?? 1) - 1}.${index}`] ?? [];
}

/** How an item ended, by what the workflow was told, what was sent, and why the execution failed, where it did. */
function endingOf(told: IDataObject[], messages: Message[][], failure?: ExecutionFailure): Judged {
	const all = messages.every(({ length }) => length === 1);
	const none = messages.every(({ length }) => length === 0);
	const uids = messages.flat().map(({ uid }) => uid);
	if (failure) {
		const { distance, error, kept } = failure;
		if (distance === 0) return endingOf([{ error: error?.message, details: { ...error?.context, description: error?.description } }], messages);
		if (distance > 0 && none) return { ending: 'not begun' };
		if (kept.some(({ answer }) => !answer)) return { ending: 'unknown' };
		return all && uids.every((uid) => JSON.stringify(kept).includes(uid)) ? { ending: 'sent before the failure' } : { wrong: `${Math.abs(distance)} items ${distance < 0 ? 'before' : 'behind'} the one that failed` };
	}
	const [one] = told;
	if (!one || told.length > 1) return { wrong: `it has ${told.length} outputs` };
	if (one.error === undefined) {
		if (all && one.messageUid === null && messages.flat().every(({ type }) => type === 'note')) return { ending: 'sent, and the answer without a UID' };
		const reported = (one.messageUids as string[] | undefined) ?? [one.messageUid];
		return all && String(reported) === String(uids) && one.messageUid === uids[0] ? { ending: 'sent' } : { wrong: 'a success that was none' };
	}
	const { outcome, description, messageUids } = one.details as IDataObject;
	if (typeof description !== 'string' || description === '') return { wrong: 'the error does not say what to do' };
	switch (outcome) {
		case 'notProcessed':
			return none ? { ending: 'not sent' } : { wrong: 'reported as not sent' };
		case 'unknown':
			return /Look (into TimelinesAI|with )/.test(description) ? { ending: 'unknown' } : { wrong: 'the error does not say how to check' };
		case 'partlyProcessed':
			return String(messageUids) === String(uids) && !none ? { ending: all ? 'sent, and what came of it not found out' : 'partly sent' } : { wrong: 'reported as partly sent' };
		case 'undelivered':
			return all && String(messageUids) === String(uids) && messages.flat().at(-1)?.status === 'Failed' ? { ending: 'refused by WhatsApp' } : { wrong: 'reported as undelivered' };
		default:
			return { wrong: 'an error without outcome' };
	}
}
