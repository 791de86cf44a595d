import { clearTheWay } from '../../../../operations/secrets/clear-the-way';
import type { ForgottenObject } from '../../../../operations/secrets/forgotten';
import type { PlannedObject } from '../../../../operations/secrets/leftovers';
import { type FakeDaemon, fakeDaemon } from '../docker/fake-daemon';

interface Plan {
  readonly creates: readonly PlannedObject[];
  readonly forgotten: readonly ForgottenObject[];
}
const plan = (...names: string[]): Plan => ({
  creates: names.map((name) => ({ kind: 'secret', name })),
  forgotten: [],
});
const forgets = (...names: string[]): Plan => ({
  creates: [],
  forgotten: names.map((name) => ({ kind: 'secret', name, id: `id-${name}` })),
});
let daemon: FakeDaemon;
let said: string[];
let existing: string[];
let mounted: string[];
let ofJobs: string[];

const using = (Name: string, names: readonly string[]) => ({
  Spec: {
    Name,
    TaskTemplate: { ContainerSpec: { Secrets: names.map((SecretName) => ({ SecretName })) } },
  },
});

beforeEach(async () => {
  [said, existing, mounted, ofJobs] = [[], [], [], []];
  daemon = await fakeDaemon((request, _body, response) => {
    const secrets = existing.map((Name) => ({ ID: `id-${Name}`, Spec: { Name } }));
    const url = request.url ?? '';
    const answers: Record<string, unknown> = {
      '/secrets': secrets,
      '/configs': [],
      '/services': [using('shop_web', mounted)],
    };
    // Docker is asked for jobs by their label.
    const answer = url.startsWith('/services?') ? [using('shop_job_x', ofJobs)] : (answers[url] ?? {});
    response.end(request.method === 'DELETE' ? '' : JSON.stringify(answer));
  });
});
afterEach(() => daemon.stop());

const clear = (...plans: (Plan | undefined)[]) => {
  let made = 0;
  const stack = { host: daemon.host, sshOptions: [] };
  const console = { say: (line = '') => said.push(line) };
  return clearTheWay(stack, async () => plans[made++], console).then((summary) => ({ summary, made }));
};
const removals = () => daemon.requests.filter((request) => request.startsWith('DELETE'));

test('a plan that makes none asks nothing', async () => {
  expect(await clear(plan())).toEqual({ summary: plan(), made: 1 });
  expect(await clear(undefined)).toEqual({ summary: undefined, made: 1 });
  expect(daemon.requests).toEqual([]);
});

test('a plan whose names are free is taken', async () => {
  existing = ['shop_a_0'];
  expect(await clear(plan('shop_a_1'))).toEqual({ summary: plan('shop_a_1'), made: 1 });
  expect(removals()).toEqual([]);
});

test('an object that only the plan did not see is seen by the next plan, and stays', async () => {
  existing = ['shop_a_1'];
  mounted = ['shop_a_1'];
  expect(await clear(plan('shop_a_1'), undefined)).toEqual({ summary: undefined, made: 2 });
  expect(removals()).toEqual([]);
});

test('what a killed deploy left unused is removed before Terraform stops at it', async () => {
  existing = ['shop_a_1'];
  expect((await clear(plan('shop_a_1'), plan('shop_a_1'))).summary).toEqual(plan('shop_a_1'));
  expect(removals()).toEqual(['DELETE /secrets/id-shop_a_1']);
  expect(said.join('\n')).toMatch(/removed the secret shop_a_1/);
});

test('one that a job still uses is not removed', async () => {
  existing = ['shop_a_1'];
  ofJobs = ['shop_a_1'];
  await expect(clear(plan('shop_a_1'), plan('shop_a_1'))).rejects.toThrow(/in use by shop_job_x/);
  expect(removals()).toEqual([]);
});

test('one that a service uses and the state does not know ends the deploy with the way out', async () => {
  existing = ['shop_a_1'];
  mounted = ['shop_a_1'];
  await expect(clear(plan('shop_a_1'), plan('shop_a_1'))).rejects.toThrow(
    /^the secret shop_a_1 is in use by shop_web, but Terraform's state does not know it; nothing was changed\n {2}rotate it/,
  );
  expect(removals()).toEqual([]);
});

test('one that Terraform could not read once is seen by the next plan', async () => {
  existing = ['shop_a_0'];
  expect(await clear(forgets('shop_a_0'), plan())).toEqual({ summary: plan(), made: 2 });
});

test('one that Terraform cannot read and would forget ends the deploy, also where nothing creates it', async () => {
  existing = ['shop_a_0', 'shop_a_1'];
  mounted = ['shop_a_1'];
  const blind = { ...plan('shop_a_1'), ...{ forgotten: forgets('shop_a_0', 'shop_a_1').forgotten } };
  for (const seen of [forgets('shop_a_0', 'shop_a_1'), blind]) {
    await expect(clear(seen, seen)).rejects.toThrow(
      /^Terraform could not read .* would forget it: the secret shop_a_0, the secret shop_a_1; nothing was changed\n {2}run it again/,
    );
  }
  expect(removals()).toEqual([]);
});

test('one that somebody removed is made again', async () => {
  existing = [];
  const gone = { ...plan('shop_a_1'), forgotten: forgets('shop_a_1').forgotten };
  expect(await clear(gone)).toEqual({ summary: gone, made: 1 });
});

test('a server that cannot be asked is told as that', async () => {
  await daemon.down();
  await expect(clear(plan('shop_a_1'))).rejects.toThrow(/does not run/);
});
