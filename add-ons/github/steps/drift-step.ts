import { mkdirSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname, join } from 'node:path';
import type { Shell } from '../../../contract/shell';
import { readStack } from '../../../operations/stack/synthesized';
import type { Status } from '../../../operations/status/model';
import { Fault } from '../runner/fault';
import type { Runner } from '../runner/runner';
import { redact } from '../text/redact';
import { describeFindings, type Findings } from './findings';
import { projectFolder, runNpmScript } from './npm-script';
import { writePlan } from './plan-step';

export const findingsFile = (env: Shell): string => join(env.RUNNER_TEMP ?? '.', 'drift', 'drift.json');

/** Plans, and looks at services, nodes and certificate; changes nothing. Leaves what it found in `findingsFile`. */
export async function findDrift(env: Shell, runner: Runner): Promise<void> {
  const planned = await writePlan(env, ['--refresh']).catch((error: unknown) => {
    if (error instanceof Fault) return error;
    throw error;
  });
  const { code: status, stdout } = await runNpmScript(
    'status',
    ['--json', ...(await whatToLookAt(env))],
    env,
  );
  const seen = status === 0 || status === 1 ? (JSON.parse(stdout) as Status) : undefined;
  const found = describeFindings(planned, seen, status);
  const { text, found: leaked } = redact(found.markdown, env);
  if (leaked.length > 0)
    throw new Fault(`the report has the value of ${leaked.join(', ')} in it`, 'nothing of it is kept');
  const file = findingsFile(env);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ ...found, markdown: text } satisfies Findings));
  runner.summary(`## ${found.title}\n\n${text}\n`);
}

/** The stack's name, and the one that its certificate is for: with an address alone no certificate would fit. */
async function whatToLookAt(env: Shell): Promise<string[]> {
  const { code } = await runNpmScript('synth', [], env);
  // What is wrong with the catalogue the plan has told.
  if (code !== 0) return [];
  const { namespace, settings } = readStack(join(projectFolder(env), 'cdktf.out'));
  const { serverName = '' } = settings;
  const host = env.VPS_PUBLIC_HOST;
  return [
    ...['--stack', namespace],
    ...(serverName && !isIP(serverName) ? ['--server-name', serverName] : []),
    ...(host ? ['--https-host', host] : []),
  ];
}
