/** The forms that the panel makes of what is chosen in it: the variables of a WABA template. */
import type { ILoadOptionsFunctions, ResourceMapperFields } from 'n8n-workflow';
import { Api } from '../../shared/transport/api';
import { interactivePatience } from '../../shared/transport/retry';
import { formOf, templateEndpoint } from '../resources/wabaMessage/template';

async function getTemplateVariables(this: ILoadOptionsFunctions): Promise<ResourceMapperFields> {
	const templateId = String(this.getCurrentNodeParameter('templateId', { extractValue: true }) ?? '');
	if (templateId === '') return { fields: [], emptyFieldsNotice: 'Choose a template to see its variables.' };
	const api = new Api(this, 'timelinesAiApi', interactivePatience);
	return formOf(await api.call(templateEndpoint, { ids: { template_id: templateId } }));
}

export const resourceMapping = { getTemplateVariables };
