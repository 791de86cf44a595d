import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SECRETS } from '../../../../../add-ons/github/runner/secrets';
import { ensureSecrets } from '../../../../../lab/deploy/secrets';
import { labPaths } from '../../../../../lab/ground/paths';
import { platform } from '../../../../../services.config';
import { JOBS } from '../../../../real/add-ons/github/workflows/support/workflow';

const given = new Map(SECRETS.map(({ name, variable }) => [variable, name]));

test('the workflows pass every secret of the list, always under the same variable', () => {
  const passed = JOBS.flatMap(([, job]) =>
    ((job as { steps?: { env?: Record<string, string> }[] }).steps ?? []).flatMap(({ env = {} }) =>
      Object.entries(env).filter(([variable, value]) => given.has(variable) && /\bsecrets\./.test(value)),
    ),
  );
  for (const [variable, value] of passed) {
    expect([variable, value]).toEqual([variable, `\${{ secrets.${given.get(variable)} }}`]);
  }
  expect(new Set(passed.map(([variable]) => variable))).toEqual(new Set(given.keys()));
});

test('the list has all that the catalogue asks for, and asks for no less of it', () => {
  const registries = platform.registries?.flatMap(({ username, password }) => [username, password]) ?? [];
  const names = [...Object.keys(platform.secrets), ...Object.keys(platform.variables), ...registries];
  expect(names.filter((name) => !given.has(`TF_VAR_${name}`))).toEqual([]);

  for (const [name, secret] of Object.entries<{ optional?: boolean; minLength?: number }>(platform.secrets)) {
    const { needed, judge } = SECRETS.find(({ variable }) => variable === `TF_VAR_${name}`)!;
    expect([name, needed]).toEqual([name, secret.optional ? 'optional' : 'always']);
    if ((secret.minLength ?? 16) < 10) continue;
    const length = secret.minLength ?? 16;
    expect([name, judge?.('x'.repeat(length)), judge?.('x'.repeat(length - 1))]).toEqual([
      name,
      undefined,
      expect.stringContaining(`${length} are needed`),
    ]);
  }
});

test('the lab makes every secret that the catalogue cannot do without, and no other', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lab-secrets-'));
  try {
    const needed = Object.entries<{ optional?: boolean }>(platform.secrets).flatMap(([name, { optional }]) =>
      optional ? [] : [name],
    );
    expect(Object.keys(ensureSecrets(labPaths(folder))).sort()).toEqual(needed.sort());
  } finally {
    rmSync(folder, { recursive: true });
  }
});
