/** Fields that choose a template. */
import { locator, typed } from '../../shared/fields/common';

/** A text template made in TimelinesAI. */
export const templateField = locator(
	{ displayName: 'Template', name: 'templateId', required: true, description: 'A text template, made in TimelinesAI' },
	'searchTemplates',
	typed('By ID', 'id', 'e.g. 501'),
);

/** A template made in TimelinesAI that has an attachment. */
export const attachmentTemplateField = locator(
	{
		displayName: 'Attachment Template',
		name: 'attachmentTemplateId',
		required: true,
		description: 'A template with an attachment, made in TimelinesAI',
	},
	'searchAttachmentTemplates',
	typed('By ID', 'id', 'e.g. 123456'),
);
