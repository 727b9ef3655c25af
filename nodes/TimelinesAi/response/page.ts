/** The pages of Send and Wait: small, without scripts, with everything that comes from outside escaped. */
import { createHash } from 'node:crypto';
import type { Button, FormField, Question } from './question';

/** What was entered, by the position of the field; and what is wrong with it. */
export interface Entered {
	values: string[];
	problems: Array<string | undefined>;
}

const style = `:root{color-scheme:light dark}*{box-sizing:border-box}
body{margin:0;padding:24px 16px;font:17px/1.5 system-ui,sans-serif;background:#f3f5f4;color:#15211c}
main{max-width:480px;margin:0 auto;padding:24px;background:#fff;border-radius:16px;box-shadow:0 1px 4px #0002}
p{margin:0 0 20px;white-space:pre-wrap;overflow-wrap:anywhere}
label{display:block;margin:0 0 16px;font-weight:600}label small{display:block;color:#b3261e;font-weight:400}
input,textarea,select{width:100%;margin-top:4px;padding:12px;font:inherit;color:inherit;background:transparent;border:1px solid #8a948f;border-radius:10px}
textarea{min-height:120px}
button{width:100%;margin-top:12px;padding:14px;font:inherit;font-weight:600;border:1px solid #0b7a55;border-radius:12px;background:#0b7a55;color:#fff}
button[value=decline]{background:transparent;color:inherit;border-color:#8a948f}
:focus-visible{outline:3px solid #0b7a5588;outline-offset:2px}
@media(prefers-color-scheme:dark){body{background:#0d1512;color:#e6eeea}main{background:#17211d}label small{color:#ffb4ab}}`;

const styleHash = createHash('sha256').update(style).digest('base64');

/** Nothing but this very style, and forms only to where the page came from; the link is secret, so it is neither kept nor passed on. */
export const pageHeaders: Record<string, string> = {
	'Content-Type': 'text/html; charset=utf-8',
	'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
	'Referrer-Policy': 'no-referrer',
	'X-Content-Type-Options': 'nosniff',
	'Cache-Control': 'no-store',
};

/** The question with its buttons. After an answer that was not accepted it keeps what was entered and says what is wrong. */
export function questionPage({ message, fields, buttons }: Question, entered?: Entered): string {
	const inputs = fields.map((field, index) => input(field, index, entered?.values[index] ?? '', entered?.problems[index]));
	return page(`<p>${escapeHtml(message)}</p><form method="post">${inputs.join('')}${buttons.map(button).join('')}</form>`);
}

/** What one sees after an answer. */
export const thanksPage = (): string => page('<p>Thank you, your answer has been recorded. You can close this page.</p>');

/** What one sees who opens the link of an earlier question while the workflow waits for another one. */
export const answeredPage = (): string => page('<p>This question has been answered already, or its time is over. You can close this page.</p>');

const page = (body: string): string =>
	`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><title>Your answer</title><style>${style}</style></head><body><main>${body}</main></body></html>`;

const button = ({ label, value }: Button): string => `<button name="decision" value="${value}">${escapeHtml(label)}</button>`;

function input({ label, type, required, choices }: FormField, index: number, value: string, problem?: string): string {
	const attributes = `name="${inputName(index)}"${required ? ' required' : ''}`;
	const text = escapeHtml(value);
	const control = () => {
		switch (type) {
			case 'textarea':
				return `<textarea ${attributes}>${text}</textarea>`;
			case 'dropdown':
				return `<select ${attributes}><option value=""></option>${choices.map((choice) => `<option${choice === value ? ' selected' : ''}>${escapeHtml(choice)}</option>`).join('')}</select>`;
			default:
				return `<input type="${type}" ${type === 'number' ? 'step="any" ' : ''}${attributes} value="${text}">`;
		}
	};
	return `<label>${escapeHtml(label)}${control()}${problem ? `<small role="alert">${escapeHtml(problem)}</small>` : ''}</label>`;
}

/** What a field is called in the form that the browser sends: labels may hold anything. */
export const inputName = (index: number): string => `field-${index}`;

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] as string);
