import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceSpec, TaskSpec } from '../../../../../operations/docker/answers';
import { unwrittenIn } from '../../../../../operations/plan/by-hand/unwritten';

// biome-ignore lint/suspicious/noExplicitAny: engines' answers
type Json = any;

const operations = join(__dirname, '../..');
const lines = (name: string): Json[] =>
  readFileSync(join(operations, 'rollout/recorded', `${name}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** Services that the provider made, and the engine's own command line. */
const seen: ServiceSpec[] = [
  ...Object.values<Json>(
    JSON.parse(readFileSync(join(operations, 'fresh/recorded.json'), 'utf8')).services,
  ).map(({ Spec }) => Spec),
  ...lines('specifications').map(({ spec }) => spec),
  ...['create', 'update', 'crash'].flatMap((name) => lines(name).map(({ service }) => service.Spec)),
];

test('nothing that an engine fills in by itself counts', () => {
  expect(seen.length).toBeGreaterThan(10);
  for (const { TaskTemplate } of seen) expect(unwrittenIn(TaskTemplate)).toEqual([]);
});

test('nor what is empty, zero or false', () => {
  const Privileges = { CredentialSpec: null, SELinuxContext: null, NoNewPrivileges: false, Seccomp: null };
  const task = {
    ContainerSpec: { Image: 'web:v1', Init: false, TTY: false, Privileges, Ulimits: [], OomScoreAdj: 0 },
    Resources: { Limits: { Pids: 0 } },
  } as Json as TaskSpec;
  expect(unwrittenIn(task)).toEqual([]);
});

test.each<[string, Json, string]>([
  [
    '--ulimit-add',
    { ContainerSpec: { Ulimits: [{ Name: 'nofile', Hard: 65536, Soft: 65536 }] } },
    'ContainerSpec.Ulimits',
  ],
  ['--limit-pids', { Resources: { Limits: { Pids: 100, NanoCPUs: 1e9 } } }, 'Resources.Limits.Pids'],
  ['--init', { ContainerSpec: { Init: true } }, 'ContainerSpec.Init'],
  ['--tty', { ContainerSpec: { TTY: true } }, 'ContainerSpec.TTY'],
  ['--oom-score-adj', { ContainerSpec: { OomScoreAdj: 500 } }, 'ContainerSpec.OomScoreAdj'],
  [
    '--health-start-interval',
    { ContainerSpec: { Healthcheck: { StartInterval: 1e9 } } },
    'ContainerSpec.Healthcheck.StartInterval',
  ],
  [
    '--mount-add',
    { ContainerSpec: { Mounts: [1, 2].map(() => ({ Type: 'volume', VolumeOptions: { Subpath: 'a' } })) } },
    'ContainerSpec.Mounts.VolumeOptions.Subpath',
  ],
])('%s is what only an update by hand leaves', (_, task, path) => {
  expect(unwrittenIn(task)).toEqual([path]);
});
