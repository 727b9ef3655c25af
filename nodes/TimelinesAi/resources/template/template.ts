/** A text template: what it is to the operations that many resources have, and the fields that say what it is like. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { apiField } from '../../../shared/fields/apiFields';
import { shownFor } from '../../../shared/fields/common';
import type { Parameters } from '../../../shared/operation/parameters';
import type { Simplify } from '../../../shared/operation/types';
import { isoTime, orNull } from '../../../shared/output/formats';
import { isObject } from '../../../shared/output/simplify';
import { teamField } from '../../fields/people';
import { templateField } from '../../fields/template';
import type { Thing } from '../makers';

/** The legacy form of the list knows what may be done with a template, and its attachment, but not who made it when for which team. */
const simplify: Simplify = (template) => ({
	templateId: template.id,
	name: template.name,
	text: template.text,
	visibility: template.visibility,
	...(template.can_be_edited === undefined
		? { team: orNull(template.team_title), createdAt: isoTime(template.created_at) }
		: {
				canBeEdited: template.can_be_edited,
				canBeDeleted: template.can_be_deleted,
				attachmentFilename: isObject(template.attachment) ? orNull(template.attachment.filename) : null,
			}),
	createdBy: orNull(template.created_by_name),
	updatedBy: orNull(template.updated_by_name),
	updatedAt: isoTime(template.updated_at),
});

export const aTemplate: Thing = { noun: 'template', path: '/templates/{template_id}', field: templateField, simplify };

export const maxName = 160;
export const maxText = 4096;

export const visibility = apiField('text', {
	displayName: 'Visibility',
	name: 'visibility',
	type: 'options',
	options: [
		{ name: 'Private', value: 'private' },
		{ name: 'Public', value: 'public' },
		{ name: 'Read Only', value: 'read-only' },
	],
	default: 'public',
	description: 'Who may see and change the template',
});

/** Which teams have the template. The API takes the title of one, or for all of them `null`. */
export const sharing: INodeProperties[] = [
	{
		displayName: 'Share With',
		name: 'shareWith',
		type: 'options',
		options: [
			{ name: 'All Teams', value: 'allTeams' },
			{ name: 'One Team', value: 'team' },
		],
		default: 'allTeams',
		description: 'Who has the template. Without the right to manage all templates it is always your own team.',
	},
	{ ...teamField({ displayName: 'Team', name: 'teamTitle', description: 'The team that has the template' }), ...shownFor('shareWith', 'team') },
];

/** What is set of `sharing`, in the API's form. */
export function sharingOf(parameters: Parameters): IDataObject {
	switch (parameters.choice('shareWith', ['', 'allTeams', 'team'])) {
		case '':
			return {};
		case 'allTeams':
			return { team_title: null };
		case 'team': {
			const { value: team } = parameters.locator('teamTitle', 'title');
			if (team === '') throw parameters.error('No team is chosen', 'Add the field Team, or share with all teams.');
			return { team_title: team };
		}
	}
}
