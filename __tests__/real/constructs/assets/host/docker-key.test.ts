import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeServer, SCRIPTS } from '../../../../support/programs/fake-server';

const hasGpg = spawnSync('gpg', ['--version']).status === 0;
if (!hasGpg) console.warn('SKIPPED: no gpg here, no key of Docker was judged');

(hasGpg ? describe : describe.skip)("the key of Docker's repository, as gpg reads it", () => {
  const folder = mkdtempSync(join(tmpdir(), 'keys-'));
  const scripts = join(folder, 'host');
  const env = { ...process.env, GNUPGHOME: folder };
  const gpg = (...args: string[]) => execFileSync('gpg', ['--batch', ...args], { env, stdio: 'pipe' });
  const fingerprint = (name: string) =>
    /^fpr:+([0-9A-F]+):/m.exec(String(gpg('--list-keys', '--with-colons', name)))![1]!;
  const armored = (...names: string[]) => String(gpg('--armor', '--export', ...names));

  beforeAll(() => {
    for (const name of ['docker', 'stranger']) {
      gpg('--passphrase', '', '--quick-generate-key', name, 'ed25519', 'sign', 'never');
    }
    const [ours, theirs] = [fingerprint('docker'), fingerprint('stranger')];
    // Docker's own has one for signing, too.
    gpg('--passphrase', '', '--quick-add-key', ours, 'ed25519', 'sign', 'never');
    gpg('--passphrase', '', '--quick-add-key', theirs, 'ed25519', 'sign', 'never');
    cpSync(SCRIPTS, scripts, { recursive: true });
    const file = join(scripts, 'docker.sh');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^KEY=.*/m, `KEY=${ours}`));
  });
  afterAll(() => {
    spawnSync('gpgconf', ['--homedir', folder, '--kill', 'all']);
    rmSync(folder, { recursive: true, force: true });
  });

  function install(file: string) {
    const server = new FakeServer();
    try {
      server.says({ 'key-file': file });
      rmSync(join(server.state, 'bin', 'gpg'));
      writeFileSync(
        join(server.state, 'bin', 'gpg'),
        `#!/bin/sh\nGNUPGHOME=${folder} exec /usr/bin/gpg "$@"\n`,
        { mode: 0o755 },
      );
      const { status, output } = server.run(['docker'], { HOST_DOCKER: '28' }, scripts);
      const left = ['', '.new'].filter((end) =>
        existsSync(join(server.root, `etc/apt/keyrings/docker.asc${end}`)),
      );
      return { status, output, left };
    } finally {
      server.remove();
    }
  }

  test('is taken when it is the only one', () => {
    expect(install(armored('docker'))).toMatchObject({ status: 0, left: [''] });
  });

  test.each<[string, () => string]>([
    ['another one', () => armored('stranger')],
    ['one beside it', () => armored('docker', 'stranger')],
    ['one after it, in a block of its own', () => armored('docker') + armored('stranger')],
    ['one before it, in a block of its own', () => armored('stranger') + armored('docker')],
    ['the same twice', () => armored('docker') + armored('docker')],
    ['no key', () => '<html>'],
  ])('is refused with %s in the file, and nothing is left of it', (_, file) => {
    const { status, output, left } = install(file());
    expect(output).toMatch(
      /failed docker: the key of download.docker.com is not just the one that Docker publishes\n {2}find out who/,
    );
    expect({ status, left }).toEqual({ status: 1, left: [] });
  });
});
