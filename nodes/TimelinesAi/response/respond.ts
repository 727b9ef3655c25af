/** Serves the page of Send and Wait and takes the answer. The signature of the link is checked by n8n before. */
import type { IDataObject, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { answeredPage, inputName, pageHeaders, questionPage, thanksPage, type Entered } from './page';
import type { FormField, Question } from './question';
import { questionOfTurn } from './turn';

/** A GET shows the question and changes nothing; a POST with a valid answer lets the workflow go on. An old link answers nothing. */
export async function respond(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	const question = questionOfTurn(this);
	const response = this.getResponseObject();
	const show = (status: number, html: string) => {
		for (const [name, value] of Object.entries(pageHeaders)) response.setHeader(name, value);
		response.status(status).end(html);
	};

	if (!question) {
		show(409, answeredPage());
		return { noWebhookResponse: true };
	}
	if (this.getRequestObject().method !== 'POST') {
		show(200, questionPage(question));
		return { noWebhookResponse: true };
	}
	// n8n gives nothing for a request without a body, whatever its types say.
	const body = (this.getBodyData() as IDataObject | undefined) ?? {};
	const pressed = question.buttons.find(({ value }) => value === textOf(body.decision));
	const entered = check(question.fields, body);
	if (!pressed || entered.problems.some((problem) => problem !== undefined)) {
		show(422, questionPage(question, entered));
		return { noWebhookResponse: true };
	}
	show(200, thanksPage());
	const data = { ...answerOf(question, entered, pressed.value === 'approve'), respondedAt: new Date().toISOString() };
	return { noWebhookResponse: true, workflowData: [[{ json: { data } }]] };
}

function answerOf({ responseType, fields }: Question, { values }: Entered, approved: boolean): IDataObject {
	switch (responseType) {
		case 'approval':
			return { approved };
		case 'freeText':
			return { text: values[0] };
		case 'customForm':
			return Object.fromEntries(fields.map(({ label, type }, index) => [label, valueOf(type, values[index] ?? '')]));
	}
}

const valueOf = (type: FormField['type'], value: string): IDataObject[string] => {
	if (value === '') return null;
	return type === 'number' ? Number(value) : value;
};

const maxAnswer = 10_000;

function check(fields: FormField[], body: IDataObject): Entered {
	const values = fields.map((_, index) => textOf(body[inputName(index)]).trim());
	return { values, problems: fields.map((field, index) => problemOf(field, values[index] ?? '')) };
}

/** The same checks as the browser's, which a request need not come from. */
function problemOf({ type, required, choices }: FormField, value: string): string | undefined {
	if (value === '') return required ? 'Please fill this in.' : undefined;
	if (value.length > maxAnswer) return `Please use at most ${maxAnswer} characters.`;
	if (type === 'number' && !Number.isFinite(Number(value))) return 'Please enter a number.';
	if (type === 'email' && !/^[^\s@]+@[^\s@]+$/.test(value)) return 'Please enter an email address.';
	if (type === 'date' && (!/^\d{4}-\d\d-\d\d$/.test(value) || Number.isNaN(Date.parse(value)))) return 'Please enter a date.';
	if (type === 'dropdown' && !choices.includes(value)) return 'Please choose one of the list.';
	return undefined;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
