import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { parsePayload } from '../../../../../add-ons/github/steps/dispatch';
import { runJob } from './support/job';
import { localSteps } from './support/workflow';

const ACTION = resolve(__dirname, '../../../../../.github/actions/send-images');
const DIGEST = `sha256:${'ab'.repeat(32)}`;

let server: Server;
let requests: { url: string; token: string; body: string }[];
let failures: number[];
beforeEach(async () => {
  requests = [];
  failures = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      requests.push({ url: request.url ?? '', token: request.headers.authorization ?? '', body });
      response.writeHead(failures.shift() ?? 204).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterEach(() => new Promise((done) => server.close(done)));

function send(
  images: string,
  more: Record<string, string> = {},
): Promise<{ code: number | null; out: string }> {
  const child = spawn(process.execPath, [`${ACTION}/send.mjs`], {
    env: {
      GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      GITHUB_REPOSITORY: 'acme/proctorwise',
      GITHUB_SHA: '1a2b3c4d5e6f7890',
      DEPLOY_WAIT: '1',
      DEPLOY_REPOSITORY: 'acme/swarm',
      DEPLOY_TOKEN: 'the-token',
      DEPLOY_IMAGES: images,
      ...more,
    },
  });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      out += chunk;
    });
  }
  return new Promise((done) => child.on('close', (code) => done({ code, out })));
}

test('sends what the deploy workflow takes', async () => {
  const { code, out } = await send(`userservice=${DIGEST}\r\n\n  ghcr.io/acme/web:1.0.0=${DIGEST}\n`);
  expect(code).toBe(0);
  expect(out).toContain('sent to acme/swarm');
  expect(requests).toMatchObject([{ url: '/repos/acme/swarm/dispatches', token: 'Bearer the-token' }]);
  const event = JSON.parse(requests[0]!.body);
  expect(event.event_type).toBe('deploy-images');
  expect(parsePayload(event)).toEqual({
    images: new Map([
      ['userservice', DIGEST],
      ['ghcr.io/acme/web:1.0.0', DIGEST],
    ]),
    source: 'acme/proctorwise@1a2b3c4d5e6f',
  });
});

test('tries again when GitHub has a moment', async () => {
  failures = [500, 429];
  expect((await send(`userservice=${DIGEST}`)).code).toBe(0);
  expect(requests).toHaveLength(3);
});

test.each([
  ['', {}, 'there is no image to send'],
  ['userservice=latest', {}, 'line 1 of images is not service=sha256:…'],
  [`userservice=${DIGEST}\nuserservice=${DIGEST}`, {}, 'images has userservice twice'],
  [`$(id)=${DIGEST}`, {}, 'line 1 of images is not service=sha256:…'],
  [`userservice=${DIGEST}`, { DEPLOY_REPOSITORY: 'acme/swarm/../x' }, 'repository is not owner/name'],
  [`userservice=${DIGEST}`, { DEPLOY_TOKEN: '' }, 'token is empty'],
])('sends nothing that makes no sense: %j %j', async (images, more, words) => {
  const { code, out } = await send(images, more as Record<string, string>);
  expect(code).toBe(1);
  expect(out).toContain(`::error::${words}`);
  expect(requests).toEqual([]);
});

test.each([404, 401])('a refusal is told at once, without the token: %d', async (status) => {
  failures = [status];
  const { code, out } = await send(`userservice=${DIGEST}`);
  expect([code, requests.length]).toEqual([1, 1]);
  expect(out).toContain(`GitHub did not take the dispatch: status ${status}`);
  expect(out).not.toContain('the-token');
});

test('the action gives its inputs to the program by the environment', async () => {
  const steps = localSteps('./.github/actions/send-images')!;
  const ran = await runJob(
    { steps },
    {
      folder: ACTION,
      github: { event_name: 'push' },
      inputs: { repository: 'acme/swarm', token: 'the-token', images: `userservice=${DIGEST}; $(id)` },
      env: { GITHUB_ACTION_PATH: ACTION },
    },
  );
  expect(ran.result).toBe('failure');
  expect(ran.log).toContain('line 1 of images is not service=sha256');
});
