import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveDigest } from '../../../../operations/images/resolve';
import { freePorts } from '../../../support/programs/loopback';

const there = spawnSync('docker-registry', ['--version']).status === 0;
if (!there) console.warn('NOT PROVEN: docker-registry is not installed, no real registry was asked');

const sha256 = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
const INDEX = 'application/vnd.oci.image.index.v1+json';
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

(there ? describe : describe.skip)('a real registry', () => {
  const folder = mkdtempSync(join(tmpdir(), 'real-registry-'));
  let server: ChildProcess;
  let address: string;

  beforeAll(async () => {
    const [port] = await freePorts(1);
    address = `127.0.0.1:${port}`;
    const config = { version: 0.1, log: { level: 'error' }, http: { addr: address, secret: 'test' } };
    const storage = { filesystem: { rootdirectory: join(folder, 'data') } };
    // JSON is YAML.
    writeFileSync(join(folder, 'config.yml'), JSON.stringify({ ...config, storage }));
    server = spawn('docker-registry', ['serve', join(folder, 'config.yml')], {
      stdio: 'ignore',
    });
    for (let tries = 0; ; tries++) {
      if (
        await fetch(`http://${address}/v2/`).then(
          ({ ok }) => ok,
          () => false,
        )
      )
        break;
      if (tries === 100) throw new Error('docker-registry does not start');
      await new Promise((done) => setTimeout(done, 100));
    }
  }, 20_000);

  afterAll(async () => {
    const gone = server.exitCode === null && new Promise((done) => server.once('exit', done));
    server.kill();
    await gone;
    rmSync(folder, { recursive: true });
  });

  const api = async (method: string, url: string, body?: string, type?: string) => {
    const headers = type ? { 'content-type': type } : undefined;
    const response = await fetch(new URL(url, `http://${address}`), {
      method,
      ...(body === undefined ? {} : { body }),
      ...(headers ? { headers } : {}),
    });
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
    return response;
  };
  const putBlob = async (content: string) => {
    const upload = await api('POST', '/v2/acme/api/blobs/uploads/');
    const place = new URL(upload.headers.get('location')!, `http://${address}`);
    place.searchParams.set('digest', sha256(content));
    await api('PUT', place.href, content, 'application/octet-stream');
    return { digest: sha256(content), size: content.length };
  };

  test('tells the digest of the manifest, and of the index where there is one', async () => {
    const config = await putBlob(
      '{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}',
    );
    const manifest = JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      layers: [],
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
    });
    await api('PUT', '/v2/acme/api/manifests/single', manifest, MANIFEST);
    const platform = { architecture: 'amd64', os: 'linux' };
    const entry = { mediaType: MANIFEST, digest: sha256(manifest), size: manifest.length, platform };
    const index = JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [entry] });
    await api('PUT', '/v2/acme/api/manifests/multi', index, INDEX);

    const options = { shell: { DOCKER_CONFIG: folder } };
    expect(await resolveDigest(`${address}/acme/api:single`, options)).toBe(sha256(manifest));
    expect(await resolveDigest(`${address}/acme/api:multi`, options)).toBe(sha256(index));
    await expect(resolveDigest(`${address}/acme/api:none`, options)).rejects.toThrow(
      `${address} has no acme/api with the tag none`,
    );
  });
});
