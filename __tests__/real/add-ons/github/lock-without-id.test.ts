import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Runner } from '../../../../add-ons/github/runner/runner';
import { reportLock } from '../../../../add-ons/github/steps/lock-step';

/** A project in which a deploy has initialised Terraform, and a Terraform that answers a plan as the test says. */
let project: string;
let said: string;
beforeEach(() => {
  said = '';
  project = mkdtempSync(join(tmpdir(), 'lock-'));
  mkdirSync(join(project, 'cdktf.out.deploy-production', 'stacks', 'swarm', '.terraform'), {
    recursive: true,
  });
});
afterEach(() => {
  delete process.env.TERRAFORM_BINARY_NAME;
  rmSync(project, { recursive: true });
});

function locked(detail: string): void {
  const diagnostic = { severity: 'error', summary: 'Error acquiring the state lock', detail };
  const path = join(project, 'terraform');
  const line = JSON.stringify({ '@message': 'm', diagnostic });
  writeFileSync(path, `#!/bin/sh\ncat <<'END'\n${line}\nEND\nexit 1\n`, { mode: 0o755 });
  process.env.TERRAFORM_BINARY_NAME = path;
}
const report = () =>
  reportLock(
    { PROJECT: project },
    new Runner({}, (text) => {
      said += text;
    }),
    0,
  );

test('without an ID, as from a bucket with a key of ours, the doctor is named, which knows it', async () => {
  locked('Error message: … StatusCode: 412, RequestID: , HostID: , api error PreconditionFailed');
  await expect(report()).rejects.toThrow(
    /\.\/proctor state doctor; terraform .* force-unlock <the ID it says>/,
  );
  expect(said).not.toContain('force-unlock ?');
});
