import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Terraform's implied mirror, in the home folder of whoever runs the tests. */
export const PLUGINS = join(homedir(), '.terraform.d/plugins');

/** `describe` where Terraform and that provider are; else skipped, and `words` say loudly what was not tried. */
export function describeWithProvider(provider: string, words: string): jest.Describe {
  const there =
    existsSync(join(PLUGINS, 'registry.terraform.io', provider)) &&
    spawnSync('terraform', ['-version']).status === 0;
  if (there) return describe;
  process.stderr.write(`SKIPPED: ${words}\n`);
  return describe.skip;
}
