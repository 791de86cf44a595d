import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ImageRegistry } from '../../../../lab/images/registry-client';

const manifest = JSON.stringify({
  config: { digest: 'sha256:c' },
  layers: [{ digest: 'sha256:l1' }, { digest: 'sha256:l2' }],
});
const TYPE = 'application/vnd.docker.distribution.manifest.v2+json';
let server: Server;
let asked: string[];
let registry: ImageRegistry;

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      if (request.url?.includes('missing')) return response.writeHead(404).end();
      if (request.method === 'POST') return response.writeHead(201).end();
      if (request.method === 'PUT' && body !== manifest) return response.writeHead(400).end('altered');
      response.writeHead(request.method === 'PUT' ? 201 : 200, {
        'content-type': TYPE,
        'docker-content-digest': 'sha256:m',
      });
      response.end(request.method === 'GET' ? manifest : '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  registry = new ImageRegistry(`127.0.0.1:${(server.address() as AddressInfo).port}`);
});
afterEach(() => server.close());

test('knows the tags of a repository, and none of one that is not there', async () => {
  expect(await registry.tags('missing')).toEqual([]);
  await registry.tags('nginx');
  expect(asked).toContain('GET /v2/nginx/tags/list');
});

test('knows a digest, and that there is none', async () => {
  expect(await registry.digest('nginx', '1.30')).toBe('sha256:m');
  expect(await registry.digest('missing', '1.30')).toBeUndefined();
});

test('a copy mounts every layer and keeps the manifest byte by byte', async () => {
  expect(await registry.copy('a', 'v1-key', 'b', 'v1')).toBe('sha256:m');
  expect(asked).toEqual([
    'GET /v2/a/manifests/v1-key',
    'POST /v2/b/blobs/uploads/?mount=sha256:c&from=a',
    'POST /v2/b/blobs/uploads/?mount=sha256:l1&from=a',
    'POST /v2/b/blobs/uploads/?mount=sha256:l2&from=a',
    'PUT /v2/b/manifests/v1',
  ]);
});

test('another tag in the same repository moves nothing', async () => {
  await registry.copy('a', 'v1-key', 'a', 'v1');
  expect(asked).toEqual(['GET /v2/a/manifests/v1-key', 'PUT /v2/a/manifests/v1']);
});

test('says what the registry answered when a copy fails', async () => {
  await expect(registry.copy('missing', 'v1', 'b', 'v1')).rejects.toThrow('404 to GET missing/manifests/v1');
});
