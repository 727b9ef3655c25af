/** Every link between the documents leads somewhere: to a file of the project, and to a heading that is in it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const root = join(__dirname, '..', '..');
const documents = [...readdirSync(root), ...readdirSync(join(root, 'docs')).map((name) => join('docs', name))].filter((name) => name.endsWith('.md'));

const textOf = (path: string): string => readFileSync(path, 'utf8');

/** The addresses of the headings, as GitHub makes them. */
const anchorsOf = (text: string): string[] =>
	[...text.matchAll(/^#+ (.+)$/gm)].map(([, title]) => title!.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').trim().replace(/\s/g, '-'));

const linksOf = (text: string): string[] =>
	[...text.replace(/```[\s\S]*?```/g, '').matchAll(/\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/g)]
		.map(([, link, attribute]) => (link ?? attribute)!)
		.filter((link) => !/^(https?|mailto):/.test(link));

it.each(documents)('the links of %s', (name) => {
	const path = join(root, name);
	const dead = linksOf(textOf(path)).filter((link) => {
		const [file, anchor] = link.split('#', 2);
		const target = file ? resolve(dirname(path), file) : path;
		return !existsSync(target) || (anchor !== undefined && !anchorsOf(textOf(target)).includes(anchor));
	});
	expect(dead).toEqual([]);
});

it('every page of the docs can be reached from the front page', () => {
	const reached = new Set<string>();
	const visit = (path: string): void => {
		if (reached.has(path)) return;
		reached.add(path);
		for (const link of linksOf(textOf(path))) {
			const target = resolve(dirname(path), link.split('#', 1)[0] ?? '');
			if (target.endsWith('.md') && existsSync(target)) visit(target);
		}
	};
	visit(join(root, 'README.md'));

	expect(documents.map((name) => join(root, name)).filter((path) => !reached.has(path))).toEqual([]);
});

it('every picture of the docs is shown in one of them', () => {
	const shown = new Set(documents.flatMap((name) => linksOf(textOf(join(root, name))).map((link) => resolve(root, dirname(name), link))));
	const images = join(root, 'docs', 'images');
	const pictures = readdirSync(images, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.png'));

	expect(pictures.filter((name) => !shown.has(join(images, name)))).toEqual([]);
});
