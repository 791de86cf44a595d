import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runDeploy } from '../../../../operations/deploy/main';
import type { DeployOptions } from '../../../../operations/deploy/options';

const RESULT = {
  stack: 'swarm',
  environment: 'staging',
  preflight: [],
  plan: null,
  services: [],
  probe: null,
  runs: [],
  outcome: 'unchanged',
  exitCode: 0,
  seconds: 1,
  error: null,
};
jest.mock('../../../../operations/deploy/deploy', () => ({ deploy: async () => RESULT }));

const folder = mkdtempSync(join(tmpdir(), 'main-'));
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const before = signals.map((name) => process.listeners(name));
afterEach(() => {
  jest.restoreAllMocks();
  signals.forEach((name, at) => {
    for (const one of process.listeners(name)) if (!before[at]!.includes(one)) process.off(name, one);
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(summary: string) {
  const written = { out: '', err: '' };
  const keep = (where: keyof typeof written) => (text: string | Uint8Array) => {
    written[where] += text;
    return true;
  };
  jest.spyOn(process.stdout, 'write').mockImplementation(keep('out'));
  jest.spyOn(process.stderr, 'write').mockImplementation(keep('err'));
  const options = { environment: 'staging', json: true } as DeployOptions;
  const code = await runDeploy(options, {
    shell: { GITHUB_STEP_SUMMARY: summary },
    projectFolder: folder,
  });
  return { code, ...written };
}

test('a summary that cannot be written is told, and takes neither the JSON nor the exit code of a deploy', async () => {
  const { code, out, err } = await run(join(folder, 'no', 'summary'));
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ outcome: 'unchanged' });
  expect(err).toContain('warning: the summary for the run’s page cannot be written: ENOENT');
});

test('the summary of a deploy is on the run’s page', async () => {
  const summary = join(folder, 'summary');
  expect(await run(summary)).toMatchObject({ code: 0, err: '' });
  expect(readFileSync(summary, 'utf8')).toContain('## Deploy of `swarm`: ✅ unchanged');
});
