import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatherProviderLock, judgeProviderLock } from '../../../../operations/preflight/provider-lock';

const block = (name: string, version: string, sums = '"h1:abc=",') =>
  `provider "registry.terraform.io/${name}" {\n  version     = "${version}"\n  constraints = "${version}"\n  hashes = [\n    ${sums}\n  ]\n}\n`;
const DOCKER = { source: 'kreuzwerker/docker', version: '3.0.2' };
const NULL = { source: 'hashicorp/null' };
const lock = block('kreuzwerker/docker', '3.0.2') + block('hashicorp/null', '3.2.4');

test('every provider in its version has a checksum', () => {
  expect(judgeProviderLock([DOCKER, NULL], lock)).toMatchObject([{ level: 'ok' }]);
});

test.each([
  ['no file', undefined, /^there is no \.terraform\.lock\.hcl/],
  ['an empty file', '', /no checksum of kreuzwerker\/docker 3\.0\.2, hashicorp\/null$/],
  ['one provider alone', block('hashicorp/null', '3.2.4'), /no checksum of kreuzwerker\/docker 3\.0\.2$/],
  ['another version', lock.replaceAll('3.0.2', '3.0.1'), /no checksum of kreuzwerker\/docker 3\.0\.2$/],
  ['no checksums', lock.replace('"h1:abc=",', ''), /no checksum of kreuzwerker\/docker 3\.0\.2$/],
])('%s is told with the command that locks', (_, text, words) => {
  const [finding, ...more] = judgeProviderLock([DOCKER, NULL], text);
  expect(more).toEqual([]);
  expect(finding).toMatchObject({ level: 'warning', text: expect.stringMatching(words) });
  expect(finding!.fix).toContain('./proctor providers lock (it calls `terraform providers lock`');
});

test('it is the project’s file that counts, not what init wrote beside the stack', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lock-'));
  try {
    writeFileSync(
      join(folder, 'cdk.tf.json'),
      JSON.stringify({
        terraform: { required_providers: { docker: DOCKER, range: { source: 'a/b', version: '~> 1.0' } } },
      }),
    );
    const project = join(folder, 'project');
    writeFileSync(join(folder, '.terraform.lock.hcl'), lock);
    expect(gatherProviderLock(folder, project)).toEqual([[DOCKER, { source: 'a/b' }], undefined]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
