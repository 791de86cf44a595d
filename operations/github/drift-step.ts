import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Status } from '../status/model';
import { Fault } from './fault';
import { type Findings, findings } from './findings';
import { npmScript } from './npm-script';
import { writePlan } from './plan-step';
import { redact } from './redact';
import type { Runner } from './runner';

type Env = Readonly<Record<string, string | undefined>>;

export const findingsFile = (env: Env): string => join(env.RUNNER_TEMP ?? '.', 'drift', 'drift.json');

/** Plans, and looks at services, nodes and certificate; changes nothing. Leaves what it found in `findingsFile`. */
export async function lookForDrift(env: Env, runner: Runner): Promise<void> {
  const planned = await writePlan(env).catch((error: unknown) => {
    if (error instanceof Fault) return error;
    throw error;
  });
  const { code: status, stdout } = await npmScript('status', ['--json'], env);
  const seen = status === 0 || status === 1 ? (JSON.parse(stdout) as Status) : undefined;
  const found = findings(planned, seen, status);
  const { text, found: leaked } = redact(found.markdown, env);
  if (leaked.length > 0)
    throw new Fault(`the report has the value of ${leaked.join(', ')} in it`, 'nothing of it is kept');
  const file = findingsFile(env);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ ...found, markdown: text } satisfies Findings));
  runner.summary(`## ${found.title}\n\n${text}\n`);
}
