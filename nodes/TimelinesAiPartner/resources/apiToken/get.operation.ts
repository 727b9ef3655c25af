import type { Operation } from '../../../shared/operation/types';
import { workspaceField, workspaceOf } from '../../fields/workspace';
import { currentToken, simplifyToken, tokenNotice } from './token';

export const get: Operation = {
	value: 'get',
	name: 'Get',
	action: 'Get the API token of a workspace',
	description: 'Get the Public API token of a workspace; it is created where there is none',
	endpoints: [currentToken],
	effect: 'read',
	fields: [tokenNotice, workspaceField],
	simplify: simplifyToken,
	async execute(item) {
		return await item.call(currentToken, { ids: workspaceOf(item) });
	},
};
