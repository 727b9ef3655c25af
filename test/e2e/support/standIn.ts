/** A small HTTP server that stands in for somebody else's: a CRM, a shop, a language model. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { type AddressInfo } from 'node:net';
import { onEnd } from '../../n8n/cleanup';

export interface Request {
	method: string;
	/** With the query. */
	path: string;
	headers: IncomingHttpHeaders;
	/** Parsed JSON; undefined where there was none. */
	body: unknown;
}

export interface Answer {
	status?: number;
	type?: string;
	/** Bytes as they are, everything else as JSON. */
	body: unknown;
}

export interface StandIn {
	/** `http://127.0.0.1:PORT` */
	origin: string;
	/** In the order of their arrival. */
	requests: Request[];
}

/** Starts a server on loopback that answers like this. It ends with the test file. */
export async function standIn(answer: (request: Request) => Answer): Promise<StandIn> {
	const requests: Request[] = [];
	const server = createServer(async (incoming, outgoing) => {
		const chunks: Buffer[] = [];
		for await (const chunk of incoming) chunks.push(chunk as Buffer);
		const text = Buffer.concat(chunks).toString();
		const { method = '', url: path = '', headers } = incoming;
		const request: Request = { method, path, headers, body: text === '' ? undefined : JSON.parse(text) };
		requests.push(request);
		const { status = 200, type = 'application/json', body } = answerOrError(request);
		outgoing.writeHead(status, { 'content-type': type }).end(Buffer.isBuffer(body) ? body : JSON.stringify(body));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	onEnd(() => {
		server.closeAllConnections();
		server.close();
	});
	return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };

	function answerOrError(request: Request): Answer {
		try {
			return answer(request);
		} catch (error) {
			return { status: 500, body: { error: { message: (error as Error).message } } };
		}
	}
}
