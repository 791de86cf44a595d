import { ask } from '../../lab/deploy/requests';
import type { Bench } from '../platform/bench';
import { containersOf, login, objectsLeft, tasksWithout } from '../platform/swarm';
import type { ScenarioWatch } from '../runner/scenario';

/** Services of which no task may be replaced. */
export const untouched =
  (...services: readonly string[]): ScenarioWatch =>
  ({ bench }) => {
    const tasks = () => Promise.all(services.map((service) => containersOf(bench.lab.paths, service)));
    let before: string[][] = [];
    return {
      start: async () => {
        before = await tasks();
      },
      report: async () => {
        const now = await tasks();
        const restarted = services.filter((_, index) => now[index]!.join() !== before[index]?.join());
        return { wrong: restarted.map((service) => `${service} was restarted`) };
      },
    };
  };

/** Every row of which a client was told that it is kept must be there. */
export const rows: ScenarioWatch = ({ bench }) => {
  let before = 0;
  return {
    start: async () => {
      before = await countRows(bench);
    },
    report: async ({ posts, failedPosts }) => {
      const lost = posts - failedPosts - ((await countRows(bench)) - before);
      return { wrong: lost > 0 ? [`${lost} acknowledged rows are lost`] : [] };
    },
  };
};

/** The database takes the password in force and no other, and every task has the values in force. */
export const valuesInForce: ScenarioWatch = ({ bench }) => {
  const older = bench.target.secrets.db_password ?? '';
  return { report: async () => ({ wrong: await staleValues(bench, older) }) };
};

/** The column of the table that objects without a use fill. */
export const OBJECTS_LEFT = 'objects left';

/** Secrets and configs that no service uses must be gone. */
export const noObjectsLeft: ScenarioWatch = ({ bench }) => ({
  report: async () => reportObjects(await objectsLeft(bench)),
});

export const reportObjects = (left: readonly string[]) => ({
  wrong: left.length > 0 ? [`objects that nothing uses: ${left.join(', ')}`] : [],
  cells: { [OBJECTS_LEFT]: String(left.length) },
});

async function staleValues(bench: Bench, older: string): Promise<string[]> {
  const { secrets } = bench.target;
  const wrong: string[] = [];
  const password = secrets.db_password ?? '';
  if ((await login(bench, password)) !== 'in') wrong.push('the new database password is refused');
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
