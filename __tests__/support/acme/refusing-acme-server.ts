import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

/** An ACME server that knows every account and refuses every order, as Let's Encrypt does beyond its limits. */
export async function startRefusingAcmeServer(
  port: number,
  keyFile: string,
  certFile: string,
  detail: string,
) {
  const base = `https://127.0.0.1:${port}`;
  let orders = 0;
  const server = createServer(
    { key: readFileSync(keyFile), cert: readFileSync(certFile) },
    (request, response) => {
      response.setHeader('Replay-Nonce', `nonce-${Date.now()}-${Math.random().toString(36).slice(2)}`);
      const answer = (status: number, body: object, type = 'application/json') => {
        response.writeHead(status, { 'Content-Type': type });
        response.end(JSON.stringify(body));
      };
      if (request.url === '/dir') {
        answer(200, { newNonce: `${base}/nonce`, newAccount: `${base}/account`, newOrder: `${base}/order` });
      } else if (request.url === '/account') {
        response.setHeader('Location', `${base}/account/1`);
        answer(201, { status: 'valid' });
      } else if (request.url === '/order') {
        orders += 1;
        answer(429, { type: 'urn:ietf:params:acme:error:rateLimited', detail }, 'application/problem+json');
      } else answer(200, {});
    },
  );
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  return {
    directory: `${base}/dir`,
    orders: () => orders,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
