/** Fields for a teammate, a team, a WhatsApp number and labels: chosen from lists, typed, or given by an expression. */
import type { INodeProperties } from 'n8n-workflow';
import { locator, typed } from '../../shared/fields/common';

type Words = Pick<INodeProperties, 'displayName' | 'name'> & Partial<Pick<INodeProperties, 'description' | 'required'>>;

/** A teammate, whose id in chats is the e-mail address. */
export const teammateField = (words: Words): INodeProperties =>
	locator(words, 'searchTeammates', typed('By Email', 'email', 'e.g. kate@acme.com'));

/** A teammate who was invited and has not joined yet: the user id. */
export const invitedField: INodeProperties = locator(
	{ displayName: 'Teammate', name: 'userId', required: true, description: 'A teammate who has not accepted the invitation yet' },
	'searchInvited',
	typed('By ID', 'id', 'e.g. 42'),
);

/** A team, whose id is its title. */
export const teamField = (words: Words): INodeProperties => locator(words, 'searchTeams', typed('By Title', 'title', 'e.g. Sales'));

/** A connected WhatsApp number as a sender: its phone number. */
export const senderField = (words: Words): INodeProperties =>
	locator(words, 'searchSenders', typed('By Phone', 'phone', 'e.g. +14155550123'));

/** A connected WhatsApp number as the owner of chats: its ID such as 14155550123@s.whatsapp.net. */
export const accountField = (words: Words): INodeProperties =>
	locator(words, 'searchWhatsappAccounts', typed('By ID', 'id', 'e.g. 14155550123@s.whatsapp.net'));

/** A label of the list, or names with commas between; names that do not exist yet are created by the API. */
export const labelsField = (words: Words): INodeProperties =>
	locator(words, 'searchLabels', typed('By Name', 'name', 'e.g. customer, vip', 'Several names with commas between, or an expression that gives a list'));
