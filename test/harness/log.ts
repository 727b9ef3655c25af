/** What n8n and the nodes wrote to the log, kept instead of printed, so a test can look for a warning or for a leaked secret. */
import './environment';
import { Logger } from '@n8n/backend-common';
import { Container } from '@n8n/di';
import { type Logger as LoggerInterface, LoggerProxy, type LogMetadata } from 'n8n-workflow';

export interface LogEntry {
	level: 'error' | 'warn' | 'info' | 'debug';
	message: string;
	metadata?: LogMetadata;
}

/** Everything logged in this test file so far, oldest first. Empty it with `logs.length = 0`. */
export const logs: LogEntry[] = [];

const write = (level: LogEntry['level']) => (message: string, metadata?: LogMetadata) => {
	logs.push({ level, message, metadata });
};

const recorder: LoggerInterface & { scoped(): LoggerInterface } = {
	error: write('error'),
	warn: write('warn'),
	info: write('info'),
	debug: write('debug'),
	scoped: () => recorder,
};

Container.set(Logger, recorder as unknown as Logger);
LoggerProxy.init(recorder);
