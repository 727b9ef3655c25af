/** `npm run bench`: what the package costs beside n8n's own nodes and beside axios alone, in one run against one sandbox. */
import { parseArgs } from 'node:util';
import { runCommand } from '../n8n/cleanup';
import { installN8n } from '../n8n/install';
import { step } from '../n8n/progress';
import { type Case, cases } from './cases';
import { type Figure, isReached, jsonOf, tableOf } from './figures';
import { providePackage } from './package';
import { startSandboxProcess } from './sandboxProcess';

const HELP = `Usage: npm run bench -- [options] [part of a case's name …]

  --json   one JSON object a line in place of the table
  --help   show this

Cases
${cases.map(({ name }) => `  ${name}`).join('\n')}
`;

void runCommand(async () => {
	const { values, positionals } = parseArgs({
		options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
		allowPositionals: true,
	});
	if (values.help) return console.log(HELP);
	// With --json the objects alone go to the standard output.
	if (values.json) console.log = console.error;

	const installation = await installN8n();
	const tarball = await step('Building and packing the package', providePackage);
	const ask = await startSandboxProcess();
	const figures: Figure[] = [];
	for (const { name, measure } of wanted(positionals)) {
		const found = await step(name, async () => await measure({ ask, tarball, installation }));
		figures.push(...found);
		if (values.json) process.stdout.write(found.map((figure) => `${jsonOf(figure)}\n`).join(''));
	}
	if (!values.json) console.log(`\n${tableOf(figures)}\n`);
	return figures.every(isReached) && figures.length > 0 ? 0 : 1;
});

function wanted(parts: string[]): Case[] {
	return cases.filter(({ name }) => parts.length === 0 || parts.some((part) => name.toLowerCase().includes(part.toLowerCase())));
}
