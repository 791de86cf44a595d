import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Status } from '../status/model';
import { GitHub } from './api';
import { origin } from './comment-step';
import { Fault } from './fault';
import { code } from './markdown';
import { npmScript } from './npm-script';
import { PLAN, writePlan } from './plan-step';
import { redact } from './redact';
import type { Runner } from './runner';
import { closeIssue, upsertIssue } from './upsert';

type Env = Readonly<Record<string, string | undefined>>;

/** What a look at the platform found: what is not as the catalogue says, and what is not well. */
export interface Findings {
  readonly title: string;
  readonly markdown: string;
  /** False when there is nothing to tell: the issue is closed. */
  readonly open: boolean;
}

const CERTIFICATE_DAYS = 14;
const UNREACHABLE = 6;

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

/** In words. @param status exit code of `npm run status`, for when there is nothing to read */
export function findings(
  planned: { readonly code: number; readonly markdown: string } | Fault,
  seen: Status | undefined,
  status: number,
): Findings {
  const ill = seen
    ? illnesses(seen)
    : [status === UNREACHABLE ? 'the server cannot be asked' : '`npm run status` failed'];
  const plan =
    planned instanceof Fault
      ? [`There is no plan: ${planned.what}.`]
      : planned.code === PLAN.nothing
        ? []
        : ['The next deploy would do this, unless services.config.ts says it first:', '', planned.markdown];
  const drift = plan.length > 0;
  const title =
    ill.length > 0
      ? `The platform is not well: ${ill.length} ${ill.length === 1 ? 'thing' : 'things'}`
      : 'The platform has drifted';
  return {
    open: drift || ill.length > 0,
    title: drift || ill.length > 0 ? title : 'The platform is as the catalogue says',
    markdown: [...ill.map((line) => `- ${line}`), ...(ill.length > 0 && drift ? [''] : []), ...plan].join(
      '\n',
    ),
  };
}

function illnesses({ services, nodes, certificate }: Status): string[] {
  const { daysLeft, problem, selfSigned } = certificate;
  return [
    ...services
      .filter(({ ok }) => !ok)
      .map(({ name, running, desired, health, problem: why }) => {
        const reason = why ? `: ${code(why)}` : '';
        return `service ${code(name)} is ${health}, ${running} of ${desired} run${reason}`;
      }),
    ...nodes
      .filter(({ state, availability }) => state !== 'ready' || availability !== 'active')
      .map(({ name, state, availability }) => `node ${code(name)} is ${state}, ${availability}`),
    ...(daysLeft !== null && daysLeft <= CERTIFICATE_DAYS
      ? [
          daysLeft < 0
            ? `the certificate expired ${-daysLeft} days ago`
            : `the certificate expires in ${daysLeft} days`,
        ]
      : []),
    ...(problem && !selfSigned ? [`the certificate: ${code(problem)}`] : []),
  ];
}

/** Opens, updates or closes the one issue. `LOOK_RESULT` is how the job that looked has ended. */
export async function tellDrift(env: Env, runner: Runner): Promise<void> {
  const file = findingsFile(env);
  const found: Findings =
    env.LOOK_RESULT === 'success' && existsSync(file)
      ? (JSON.parse(readFileSync(file, 'utf8')) as Findings)
      : { open: true, title: 'The look at the platform failed', markdown: 'The page of the run says why.' };
  const github = new GitHub(env);
  if (!found.open) {
    const closed = [
      await closeIssue(github, 'drift', 'Mended: the platform is as the catalogue says.'),
      await closeIssue(github, 'rollback', 'Mended: the platform is as the catalogue says.'),
    ].filter((number) => number !== undefined);
    runner.say(
      closed.length > 0 ? `closed: ${closed.map((number) => `#${number}`).join(', ')}` : 'nothing to tell',
    );
    return;
  }
  const { done, number } = await upsertIssue(
    github,
    'drift',
    found.title,
    `${found.markdown}\n\n---\n${origin(env)}`,
  );
  runner.say(`issue #${number} was ${done}`);
}

/** After a rollback: the one issue that says that the branch is behind. `SERVICES` in an emergency, else `REF`. */
export async function remindOfDrift(env: Env, runner: Runner): Promise<void> {
  const services = (env.SERVICES ?? '').split(/[\s,]+/).filter((word) => /^[\w-]{1,63}$/.test(word));
  const [what, words] =
    services.length > 0
      ? [
          'in an emergency',
          `Put back by Swarm's own rollback: ${services.map(code).join(', ')}. The catalogue does not know.`,
        ]
      : ['to an older commit', `What runs is ${code(env.REF ?? '')}; the branch is ahead of it.`];
  const text = [
    words,
    '',
    '**The next deploy rolls forward again.** Before it, revert the commit that brought the faulty images',
    '(`images.lock.json`) or settings, and let that deploy. The workflow `drift` closes this when the platform is as the',
    'catalogue says.',
  ].join('\n');
  const title = `Rolled back ${what}: the next deploy rolls forward again`;
  const body = `${text}\n\n---\n${origin(env)}`;
  const { done, number } = await upsertIssue(new GitHub(env), 'rollback', title, body);
  runner.say(`issue #${number} was ${done}`);
}
