/** Which events start the workflow: what the user filters by, evaluated before an execution exists. */
import type { Parameters } from '../shared/operation/parameters';
import type { Facts } from './families';

/** Whether an event is wanted. */
export function passes(facts: Facts, event: string, parameters: Parameters): boolean {
	return !(event === 'message:new' && isFromApi(facts) && parameters.flag('ignoreApiMessages') !== false);
}

/** What a workflow sent is reported as a message like any other; answering it would go round in circles. */
const isFromApi = ({ direction, origin = '' }: Facts): boolean => direction === 'sent' && origin.trim().toLowerCase() === 'public api';
