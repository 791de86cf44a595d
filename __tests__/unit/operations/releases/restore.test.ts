import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Release } from '../../../../contract/release';
import { toData } from '../../../../operations/records/document';
import { pack, unpack } from '../../../../operations/records/packed';
import { compose } from '../../../../operations/releases/record';
import { NoWayBack, Restoring } from '../../../../operations/releases/restore';
import { readStack } from '../../../../operations/stack/synthesized';
import { catalogue } from '../../../support/platform/catalogue';
import { SHELL, Workplace } from '../../../support/platform/platform';
import { type FakeDaemon, fakeDaemon } from '../docker/fake-daemon';

/** A platform that was just synthesized, and a server with one release of it. */
const workplace = new Workplace();
let daemon: FakeDaemon;
let out: string;
let release: Release;
let mounted: string[];
let records: () => Release[];
const ownPath = process.env.PATH;

// biome-ignore lint/suspicious/noExplicitAny: a document that another program wrote
type Json = any;

const file = () => join(readStack(out).folder, 'cdk.tf.json');
const written = (): Json => JSON.parse(readFileSync(file(), 'utf8'));

beforeEach(async () => {
  mounted = [];
  records = () => [release];
  daemon = await fakeDaemon((request, _body, response) => {
    const path = (request.url ?? '').split('?')[0]!;
    const service = {
      ID: 's',
      Spec: {
        Name: 'proctorwise_users',
        TaskTemplate: { ContainerSpec: { Secrets: mounted.map((SecretName) => ({ SecretName })) } },
      },
    };
    const configs = records().map((one) => ({
      ID: `c${one.number}`,
      Spec: {
        Name: `proctorwise.release.${one.number}`,
        Labels: { 'proctor.release': readStack(out).namespace, 'proctor.release.number': `${one.number}` },
        Data: toData(one),
      },
    }));
    const answers: Record<string, unknown> = { '/configs': configs, '/services': [service] };
    response.end(JSON.stringify(answers[path] ?? {}));
  });
  process.env.PATH = `${daemon.sshFolder}:${ownPath}`;
  out = workplace.synth(catalogue, 'production', SHELL).outdir;
  release = {
    number: 1,
    ...compose(
      {
        stack: readStack(out),
        shell: SHELL,
        result: {
          environment: 'production',
          outcome: 'converged',
          exitCode: 0,
          seconds: 60,
          plan: null,
          services: [],
        },
        acknowledged: [],
        commit: { commit: 'abc', clean: true },
        say: () => {},
      },
      [],
      new Date('2026-01-02T03:04:05Z'),
    ),
  };
});
afterEach(async () => {
  process.env.PATH = ownPath;
  await daemon.stop();
});
afterAll(() => workplace.remove());

/** The same record with another stack. */
function restack(change: (stack: Json) => void): void {
  const parts: Json = unpack(release);
  change(parts.stack);
  release = { ...release, packed: pack(parts) };
}

const firstService = (stack: Json): Json => Object.values(stack.resource.docker_service)[0];

async function refused(): Promise<string> {
  const before = readFileSync(file(), 'utf8');
  const why = await new Restoring(1).remake(out).then(
    () => undefined,
    (error) => error,
  );
  expect(why).toBeInstanceOf(NoWayBack);
  expect(readFileSync(file(), 'utf8')).toBe(before);
  return why.message;
}

test('the recorded stack takes the place of what was synthesized, with today’s way to the server', async () => {
  restack((stack) => {
    firstService(stack).labels.push({ label: 'of', value: 'the record' });
  });
  const restoring = new Restoring(1);
  await restoring.remake(out);
  expect(firstService(written()).labels).toContainEqual({ label: 'of', value: 'the record' });
  expect(written().provider.docker[0].host).toBe(`ssh://${SHELL.VPS_USER}@${SHELL.VPS_HOST}:22`);
  expect(restoring.notes.join('\n')).toContain('recorded 2026-01-02 03:04 UTC by ');
  expect(restoring.notes.join('\n')).not.toContain('its own deploy ended');
});

test('says of one that did not converge how it ended', async () => {
  release = { ...release, outcome: 'rolledBack', exitCode: 2 };
  const restoring = new Restoring(1);
  await restoring.remake(out);
  expect(restoring.notes).toContainEqual(
    expect.stringMatching(/^its own deploy ended with rolledBack: .*\.\/proctor releases show 1\)$/),
  );
});

test('a secret that was rotated since keeps today’s value, and it is named', async () => {
  release = { ...release, objects: ['proctorwise_db_0123456789', 'proctorwise_jwt_0123456789'] };
  mounted = ['proctorwise_db_abcdefabcd', 'proctorwise_jwt_0123456789'];
  const restoring = new Restoring(1);
  await restoring.remake(out);
  expect(restoring.notes).toContain("secrets keep today's values: proctorwise_db rotated since");
});

test('a record that is damaged is no way back, in words', async () => {
  release = { ...release, packed: release.packed.slice(0, 40) };
  expect(await refused()).toMatch(/^the record of release 1 is damaged\n {2}choose another one/);
});

test('a file that nobody has any more is no way back; an argument that is written like one is', async () => {
  restack((stack) => {
    firstService(stack).task_spec.container_spec.args = ['--load=file("gone.txt")'];
  });
  await new Restoring(1).remake(out);
  restack((stack) => {
    firstService(stack).task_spec.container_spec.args = ['${file("gone.txt")}'];
  });
  expect(await refused()).toContain('it needs the file gone.txt, which neither the record');
});

test('a service with data that does not run now is compared with what it ran last', async () => {
  const { stack }: Json = unpack(release);
  const [id] = stack['//'].deploy.stateful;
  const { image } = stack.resource.docker_service[id].task_spec.container_spec;
  const without = { ...release, number: 3, images: {} };
  records = () => [without, { ...release, number: 2, images: { [id]: `${id}:99` } }, release];
  expect(await refused()).toMatch(
    new RegExp(`${id} ran ${id}:99 in release 2, and release 1 has \\S+: its data may have moved on`),
  );
  records = () => [without, { ...release, number: 2, images: { [id]: image } }, release];
  await new Restoring(1).remake(out);
});

test('previous is refused where what runs is on no record, with the numbers that could be meant', async () => {
  const Name = 'proctorwise_users';
  const specs = { [Name]: { Name, TaskTemplate: { ContainerSpec: { Image: 'users:v2' } } } };
  const newest = { ...release, number: 2, packed: pack({ ...unpack(release), specs }) };
  records = () => [newest, release];
  await expect(new Restoring('previous').remake(out)).rejects.toThrow(
    /^release 2 is the newest on record, and something else runs: proctorwise_users\n {2}.*--to 2, or --to 1 /,
  );
  await new Restoring(2).remake(out);
  records = () => [{ ...newest, exitCode: 2 }, release];
  const restoring = new Restoring('previous');
  await restoring.remake(out);
  expect(restoring.release.number).toBe(1);
});
