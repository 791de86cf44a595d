import { fitOf, removeUnknown } from '../../lab/deploy/known';
import { ask } from '../../lab/deploy/requests';
import { sleep } from '../../lab/ground/shell';
import type { LoadPlan } from '../load/plan';
import { startLoad } from '../load/process';
import type { LoadResult } from '../load/tally';
import { changed } from '../roll/measure';
import type { Bench } from '../roll/platform';
import type { Scissors } from './cut';
import type { Rotation, Step, Values } from './scenarios';
import { containersOf, login, objectsLeft, tasksWithout } from './swarm';
import { TokenClients, type TokenReport } from './tokens';

export interface Rotated {
  readonly rotation: Rotation;
  readonly load: LoadResult;
  /** Seconds of all deploys under load. */
  readonly seconds: number;
  /** Names of objects that no service uses. */
  readonly left: readonly string[];
  readonly tokens?: TokenReport;
  /** What is not as it should be, apart from the load. */
  readonly wrong: readonly string[];
}

export interface Setting {
  readonly bench: Bench;
  readonly scissors: Scissors;
  readonly plan: LoadPlan;
  /** For clients with tokens. */
  readonly from: readonly string[];
  readonly print: (line: string) => void;
}

/** Rotates under load and looks at what came of it. @throws Error when it cannot be prepared */
export async function measure(setting: Setting, rotation: Rotation): Promise<Rotated> {
  const { bench, plan, from } = setting;
  const before = rotation.before ?? {};
  if (before.values) bench.give(before.values({ first: bench.target.secrets, now: bench.target.secrets }));
  await bench.deploy(changed({}, before.change ?? {}));
  await bench.settle();
  const first: Values = bench.target.secrets;
  const untouched = ['mariadb', ...(rotation.untouched ?? [])];
  const tasksOf = () => Promise.all(untouched.map((service) => containersOf(bench, service)));
  const tasks = await tasksOf();
  const rows = await countRows(bench);

  const load = await startLoad(plan);
  const clients = rotation.tokens ? new TokenClients(bench.lab, from) : undefined;
  await clients?.start();
  await sleep(2);
  const start = Date.now();
  const wrong: string[] = [];
  for (const step of rotation.steps) wrong.push(...(await deployed(setting, step, first)));
  const end = Date.now();
  await sleep(clients ? 8 : 3);
  const result = await load.stop();
  const tokens = await clients?.leave(end);

  const now = await tasksOf();
  untouched.forEach((service, index) => {
    if (now[index]!.join() !== tasks[index]!.join()) wrong.push(`${service} was restarted`);
  });
  const added = (await countRows(bench)) - rows;
  const acknowledged = result.posts - result.failedPosts;
  if (added < acknowledged) wrong.push(`${acknowledged - added} acknowledged rows are lost`);
  wrong.push(...(await valuesInForce(bench, first)));
  return {
    ...{ rotation, load: result, seconds: (end - start) / 1000, left: await objectsLeft(bench), wrong },
    ...(tokens ? { tokens } : {}),
  };
}

/** One deploy. @returns what went otherwise than wanted */
async function deployed({ bench, scissors, print }: Setting, step: Step, first: Values): Promise<string[]> {
  if (step.values) bench.give(step.values({ first, now: bench.target.secrets }));
  if (step.cut) scissors.arm(step.cut);
  let failure: string | undefined;
  try {
    await bench.deploy(changed(bench.variant, step.change ?? {}), true);
  } catch (error) {
    failure = (error as Error).message;
  }
  if (step.cut) {
    if (!(await scissors.done())) return [`the deploy was never at ${step.cut.line}, so it was not cut off`];
    print(failure === undefined ? '  (it went on by itself)' : '  (cut off)');
    // As `./proctor lab up` does, and `npm run deploy` by a way of its own.
    await removeUnknown(bench.lab.paths, await fitOf(bench.lab.paths), print);
    return [];
  }
  if (step.apply === 'badly')
    return failure === undefined ? ['the deploy succeeded, although the image is bad'] : [];
  return failure === undefined ? [] : [`the deploy failed: ${failure}`];
}

/** The database takes the password in force and no other, and every task has the values in force. */
async function valuesInForce(bench: Bench, first: Values): Promise<string[]> {
  const { secrets } = bench.target;
  const wrong: string[] = [];
  const password = secrets.db_password ?? '';
  if ((await login(bench, password)) !== 'in') wrong.push('the new database password is refused');
  const older = first.db_password ?? '';
  if (older !== password && (await login(bench, older)) !== 'ERROR 1045') {
    wrong.push('the older database password is not refused');
  }
  const variables = [
    ['userservice', 'JWT_SECRET_KEY', secrets.jwt_secret_key],
    ['notificationservice', 'SMTP_USERNAME', secrets.smtp_username],
    ['notificationservice', 'SMTP_PASSWORD', secrets.smtp_password],
  ] as const;
  for (const [service, variable, value] of variables) {
    if (!value) continue;
    const stale = await tasksWithout(bench, service, variable, value);
    if (stale.length > 0) wrong.push(`${stale.length} tasks of ${service} have another ${variable}`);
  }
  return wrong;
}

/** Rows that the load's POSTs make. */
async function countRows(bench: Bench): Promise<number> {
  const routes = ['/exams', '/monitoring', '/corrections', '/notifications'];
  const counts = await Promise.all(
    routes.map(async (route) => {
      const { body } = await ask(bench.lab, `${route}/rows`);
      return (JSON.parse(body) as { count?: number }).count ?? Number.NaN;
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** All that is wrong, one line each. */
export function complaints({ rotation, load, left, tokens, wrong }: Rotated): string[] {
  const list = [...wrong];
  if (load.requests < 100) list.push(`only ${load.requests} requests: nothing was measured`);
  if (load.failed > 0) list.push(`${load.failed} requests failed, none may`);
  if (left.length > 0) list.push(`objects that nothing uses: ${left.join(', ')}`);
  if (!tokens) return list;
  for (const line of tokens.failed) list.push(`a client with a token: ${line}`);
  if (tokens.held.asked === 0 || tokens.fresh.asked === 0)
    list.push('no token was shown: nothing was measured');
  const refused = tokens.held.refused + tokens.heldAfter.refused + tokens.fresh.refused;
  if (rotation.tokens === 'none refused' && refused > 0)
    list.push(`${refused} tokens were refused, none may`);
  if (rotation.tokens === 'measured' && tokens.heldAfter.refused < tokens.heldAfter.asked) {
    list.push('an older token is still good, although the key was replaced');
  }
  return list;
}
