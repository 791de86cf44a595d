import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { platform as shop } from '../../../examples/shop/services.config';
import { Workplace } from '../../support/platform/platform';
import { posixShells } from '../../support/programs/posix-shells';

const workplace = new Workplace();
afterAll(() => workplace.remove());

/** Stands for the image's own: prints what it was called with, and what came on standard input. */
const entrypoint = workplace.write('bin/docker-entrypoint.sh', '#!/bin/sh\necho "$@"\ncat\n');
chmodSync(entrypoint, 0o755);
const { command } = workplace.synth(shop).json.resource.docker_service.cache.task_spec.container_spec;

const { found, missing } = posixShells();
if (missing.length > 0) console.warn(`not tried, since they are not here: ${missing.join(', ')}`);

describe.each(found)('in $name', ({ argv: [shell, ...options] }) => {
  test.each([
    ['0123456789abcdef', '"0123456789abcdef"'],
    [`a"b\\c d#$e'f{x}\`g`, `"a\\"b\\\\c d#$e'f{x}\`g"`],
  ])('the password %s reaches Valkey as one word of its configuration', (password, word) => {
    const file = workplace.write('cache_password', password);
    const line = command.at(-1).replaceAll('/run/secrets/cache_password', file);
    const env = { PATH: `${join(workplace.folder, 'bin')}:${process.env.PATH}` };
    const { stdout, stderr } = spawnSync(shell, [...options, '-c', line], {
      encoding: 'utf8',
      env,
      // From a socket, bash would take itself for a remote shell and read its user's settings.
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    expect(stderr).toBe('');
    expect(stdout).toBe(`valkey-server -\ninclude /etc/valkey.conf\nrequirepass ${word}\n`);
  });
});
