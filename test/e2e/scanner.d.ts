/** n8n's scanner comes without types: what the tests use of it. */
declare module '@n8n/scan-community-package/scanner/scanner.mjs' {
	/** What of a project's sources the scanner looks at. */
	export const SOURCE_FILE_PATTERNS: string[];

	/**
	 * Looks at the files of a folder with n8n's rules for community packages; comments in the files cannot turn a rule off.
	 *
	 * @param patterns the files to look at; every script and JSON file when left out
	 * @returns `details` lists what was found
	 */
	export function analyzePackage(folder: string, patterns?: string[]): Promise<{ passed: boolean; message?: string; details?: string }>;
}
