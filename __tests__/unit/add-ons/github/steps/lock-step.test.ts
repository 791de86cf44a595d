import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Runner } from '../../../../../add-ons/github/runner/runner';
import { reportLock } from '../../../../../add-ons/github/steps/lock-step';

let project: string;
let said: string;
const summary = () => readFileSync(join(project, 'summary'), 'utf8');

/** As Terraform 1.11 writes it with -json. */
const LOCKED = JSON.stringify({
  '@level': 'error',
  '@message': 'Error: Error acquiring the state lock',
  type: 'diagnostic',
  diagnostic: {
    severity: 'error',
    summary: 'Error acquiring the state lock',
    detail:
      'Error message: operation error S3: PutObject, StatusCode: 412\nLock Info:\n  ID:        5b1f6a3e-0f57-64f6-6f4e-8b3f6a1a8a11\n  Path:      bucket/swarm.tfstate\n  Operation: OperationTypeApply\n  Who:       runner@fv-az1\n  Version:   1.11.4\n  Created:   2026-11-24 08:00:00.1 +0000 UTC\n  Info:      \n',
  },
});

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'lock-'));
  said = '';
  mkdirSync(join(project, 'cdktf.out.deploy-production/stacks/swarm/.terraform'), { recursive: true });
  writeFileSync(join(project, 'summary'), '');
});
afterEach(() => {
  delete process.env.TERRAFORM_BINARY_NAME;
  rmSync(project, { recursive: true });
});

/** A Terraform that finds the state locked so many times, then free. */
function terraform(locked: number): void {
  const path = join(project, 'terraform');
  const script = `#!/bin/sh
echo "$@" >> '${project}/calls'
[ $(wc -l < '${project}/calls') -gt ${locked} ] || { cat '${project}/locked.json'; exit 1; }
`;
  writeFileSync(path, script, { mode: 0o755 });
  writeFileSync(join(project, 'locked.json'), `${LOCKED}\n`);
  process.env.TERRAFORM_BINARY_NAME = path;
}

const env = () => ({ PROJECT: project, GITHUB_STEP_SUMMARY: join(project, 'summary') });
const report = (patience: number) =>
  reportLock(
    env(),
    new Runner(env(), (text) => {
      said += text;
    }),
    patience,
    1,
  );
const calls = () => readFileSync(join(project, 'calls'), 'utf8').trim().split('\n');

test('waits until Terraform has let the state go, and says so', async () => {
  terraform(2);
  await report(60_000);
  expect(said).toBe(
    `${'the state is locked by runner@fv-az1 (apply, since 2026-11-24 08:00:00 UTC): waiting for it to end what it has begun\n'.repeat(2)}the state is not locked\n`,
  );
  expect(summary()).toContain('the state is not locked');
});

test('looks without changing anything, and without waiting inside of Terraform', async () => {
  terraform(0);
  await report(0);
  expect(calls()).toEqual(['plan -refresh=false -lock-timeout=0s -input=false -json']);
});

test('says who holds it and how to free it when it stays, and frees nothing', async () => {
  terraform(1000);
  await expect(report(0)).rejects.toThrow(
    'the state is locked by runner@fv-az1 (apply, since 2026-11-24 08:00:00 UTC), and still is\n  when the run has ended',
  );
  expect(summary()).toContain('force-unlock 5b1f6a3e-0f57-64f6-6f4e-8b3f6a1a8a11');
  expect(calls().join('\n')).not.toContain('force-unlock');
});

test('finds no lock where Terraform had not begun', async () => {
  terraform(1000);
  rmSync(join(project, 'cdktf.out.deploy-production/stacks/swarm/.terraform'), { recursive: true });
  await report(0);
  expect(said).toBe('Terraform had not begun: there is no lock\n');
});
