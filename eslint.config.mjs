import communityNodes from '@n8n/eslint-plugin-community-nodes';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';

/** Rules that contradict n8n's own verification, which turns them off as well. */
const offInN8nsGate = {
	'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
	'n8n-nodes-base/cred-class-field-type-options-password-missing': 'off',
	'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
	'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
	'n8n-nodes-base/node-param-type-options-max-value-present': 'off',
};

const shipped = ['nodes/**/*.ts', 'credentials/**/*.ts', 'package.json'];
const parser = { parser: tseslint.parser, parserOptions: { extraFileExtensions: ['.json'] } };
const nodesBase = (name, files) => ({
	files,
	plugins: { 'n8n-nodes-base': n8nNodesBase },
	languageOptions: parser,
	rules: { ...n8nNodesBase.configs[name].rules, ...offInN8nsGate },
});

export default tseslint.config(
	{ ignores: ['dist/', 'coverage/', '.demo/', 'node_modules/', '**/*.js', '**/*.mjs', '!eslint.config.mjs'] },
	{
		files: ['**/*.ts'],
		extends: [tseslint.configs.recommended],
		rules: {
			'@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
		},
	},
	{ ...communityNodes.configs.recommended, files: shipped },
	nodesBase('credentials', ['credentials/**/*.ts']),
	nodesBase('nodes', ['nodes/**/*.ts']),
	nodesBase('community', ['package.json']),
	{ linterOptions: { reportUnusedDisableDirectives: 'error' } },
);
