/** The variables of WABA templates, read off Meta's components. */
import { textOf, variablesOf } from '../../nodes/TimelinesAi/resources/wabaTemplate/variables';
import { formOf } from '../../nodes/TimelinesAi/resources/wabaMessage/template';

const body = (text: string, example?: object) => ({ components: [{ type: 'BODY', text, ...(example && { example }) }] });
const namesOf = (template: object) => variablesOf(template as never).map(({ section, name }) => `${section}:${name}`);

describe('the variables of a template', () => {
	it.each([
		['none', body('Hello!'), []],
		['one that appears twice', body('{{1}}, dear {{1}}'), ['body:1']],
		['positional ones by number, wherever they stand', body('{{10}} {{2}} {{1}}'), ['body:1', 'body:2', 'body:10']],
		['named ones in the order of the text', body('{{ order }} of {{day}}'), ['body:order', 'body:day']],
		['the header before the body', { components: [{ type: 'BODY', text: '{{a}}' }, { type: 'HEADER', format: 'TEXT', text: '{{b}}' }] }, ['header:b', 'body:a']],
		['those of header and body only', { components: [{ type: 'FOOTER', text: '{{1}}' }, { type: 'BUTTONS', buttons: [{ url: 'https://acme.com/{{1}}' }] }] }, []],
		['none where the header is an image', { components: [{ type: 'HEADER', format: 'IMAGE', example: { header_handle: ['4::aW1h'] } }] }, []],
		['none where there are no components', {}, []],
	])('are %s', (_, template, names) => {
		expect(namesOf(template)).toEqual(names);
	});

	it.each([
		['positional', body('{{2}} {{1}}', { body_text: [['first', 'second']] }), ['first', 'second']],
		['named', body('{{b}} {{a}}', { body_text_named_params: [{ param_name: 'a', example: 'A' }, { param_name: 'b', example: 'B' }] }), ['B', 'A']],
		['missing', body('{{1}} {{2}}', { body_text: [['first']] }), ['first', undefined]],
	])('have their %s examples', (_, template, examples) => {
		expect(variablesOf(template as never).map(({ example }) => example)).toEqual(examples);
	});

	it('have their text', () => {
		expect(textOf(body('Hello {{1}}'), 'body')).toBe('Hello {{1}}');
		expect(textOf(body('Hello {{1}}'), 'header')).toBe('');
	});

	it('are in a form whose text n8n does not take for an expression', () => {
		expect(formOf(body('={{1}}')).fields[0]?.defaultValue).toBe(' ={{1}}');
	});
});
