/** The reaction operations of messages of any kind of chat. A message has one reaction of ours at most; an empty one clears it. */
import type { INodeProperties } from 'n8n-workflow';
import type { Item } from '../../../shared/operation/item';
import type { Operation } from '../../../shared/operation/types';
import type { ChatKind } from '../../fields/chatKind';
import { messageField, messageUidOf } from '../../fields/message';

const maxReaction = 50;

const reactionField: INodeProperties = {
	displayName: 'Reaction',
	name: 'reaction',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. 👍',
	description: 'One emoji. It takes the place of an earlier reaction of yours.',
};

export const getReactions = ({ messages, noun }: ChatKind): Operation => ({
	value: 'get',
	name: 'Get',
	action: `Get the reactions to a message of a ${noun}`,
	description: 'Get who reacted to a message with which emoji',
	endpoints: [`GET ${messages}/{message_uid}/reactions`],
	effect: 'read',
	fields: [messageField],
	async execute(item) {
		const uid = messageUidOf(item);
		return { messageUid: uid, ...(await item.call(`GET ${messages}/{message_uid}/reactions`, { ids: { message_uid: uid } })) };
	},
});

export const setReaction = (kind: ChatKind): Operation => ({
	value: 'set',
	name: 'Set',
	action: `React to a message of a ${kind.noun}`,
	description: 'React to a message with an emoji from the WhatsApp number of its chat',
	endpoints: [`PATCH ${kind.messages}/{message_uid}/reactions`],
	effect: 'write',
	fields: [messageField, reactionField],
	async execute(item) {
		return await react(item, kind, oneEmoji(item));
	},
});

export const removeReaction = (kind: ChatKind): Operation => ({
	value: 'remove',
	name: 'Remove',
	action: `Remove the reaction to a message of a ${kind.noun}`,
	description: 'Take your own reaction to a message back; those of others stay',
	endpoints: [`PATCH ${kind.messages}/{message_uid}/reactions`],
	effect: 'write',
	fields: [messageField],
	async execute(item) {
		return await react(item, kind, '');
	},
});

async function react(item: Item, { messages }: ChatKind, reaction: string) {
	const uid = messageUidOf(item);
	await item.call(`PATCH ${messages}/{message_uid}/reactions`, {
		ids: { message_uid: uid },
		body: { reaction },
		hints: { not_supported: 'The WhatsApp number of this chat cannot react to messages.' },
	});
	return { messageUid: uid, reaction: reaction || null };
}

/** What looks like one character may be many: a flag, a skin tone, a family. Digits and letters are none. */
function oneEmoji(item: Item): string {
	const reaction = item.text('reaction', { required: true, max: maxReaction }).trim();
	const [first, ...more] = [...new Intl.Segmenter().segment(reaction)];
	if (first && more.length === 0 && /[\p{Extended_Pictographic}\p{Regional_Indicator}\u20e3]/u.test(reaction)) return reaction;
	throw item.error(`“${reaction}” is not one emoji`, 'Give exactly one, for example 👍. To clear the reaction, use Remove.');
}
