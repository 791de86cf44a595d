import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AcmeScript } from '../../../support/acme/acme-script';

/** A certbot that says what the test wants of a lineage, and notes what it was asked. */
let bin: string;
let script: AcmeScript;

beforeEach(() => {
  bin = mkdtempSync(join(tmpdir(), 'certbot-'));
  const settings = { DIRECTORY: 'https://ca.test/dir', SELF_CHECK: 'no', HTTP_PORT: 1 };
  script = new AcmeScript(`${bin}:${process.env.PATH}`, settings);
  for (const folder of ['live/localhost', 'archive/localhost', 'renewal'])
    mkdirSync(join(script.config, folder), { recursive: true });
  writeFileSync(join(script.config, 'renewal/localhost.conf'), 'version = 4.0.0\n');
  writeFileSync(join(script.live, 'fullchain.pem'), 'the certificate');
});
afterEach(async () => {
  await script.remove();
  rmSync(bin, { recursive: true });
});

function certbot(look: string): void {
  const lines = [
    '#!/bin/sh',
    `[ "$1" != --version ] || { echo 'certbot 4.0.0'; exit 0; }`,
    `echo "asked to $1"`,
    `[ "$1" != certificates ] || { ${look}; }`,
    'exit 1',
  ];
  writeFileSync(join(bin, 'certbot'), `${lines.join('\n')}\n`, { mode: 0o755 });
}

test.each([
  ['another one is at work', "echo 'Another instance of Certbot is already running.'; exit 1", 1],
  ['it was killed', 'kill -s KILL $$', 137],
])(
  'a look that failed since %s puts nothing aside, asks nobody, and is made again',
  async (_, look, status) => {
    certbot(look);
    script.start();
    const said = await script.says(/could not look at what is kept of localhost/, 2);
    expect(said).toContain(`(status ${status}): it stays`);
    expect(said).not.toContain('asked to certonly');
    expect(script.read('live/localhost/fullchain.pem')).toBe('the certificate');
    expect(script.has('broken')).toBe(false);
  },
);

test('a lineage that certbot has looked at and cannot use is put aside', async () => {
  certbot("echo 'The following renewal configurations were invalid'; exit 0");
  script.start();
  await script.says(/cannot be used; it is in .*broken/);
  expect(script.has('live/localhost')).toBe(false);
});
