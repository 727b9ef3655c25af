/** A WABA template: what it is to the operations that many resources have. */
import type { Simplify } from '../../../shared/operation/types';
import { orNull } from '../../../shared/output/formats';
import { wabaTemplateField } from '../../fields/waba';
import type { Thing } from '../makers';

const simplify: Simplify = (template) => ({
	templateId: template.id,
	name: template.name,
	language: template.language,
	status: template.status,
	category: orNull(template.category),
	parameterFormat: orNull(template.parameter_format),
	metaTemplateId: template.meta_template_id,
	metaWabaId: orNull(template.meta_waba_id),
	...(template.components !== undefined && { accountIds: template.accounts, components: template.components }),
});

export const aTemplate: Thing = { noun: 'WABA template', path: '/waba/templates/{template_id}', field: wabaTemplateField, simplify };
