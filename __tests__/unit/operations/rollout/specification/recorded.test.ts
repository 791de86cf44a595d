import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlannedService } from '../../../../../contract/rollout';
import type { ServiceSpec } from '../../../../../operations/docker/answers';
import { currentPlan } from '../../../../../operations/rollout/current-spec';
import { additions, differences } from '../../../../../operations/rollout/specification/differences';

// biome-ignore lint/suspicious/noExplicitAny: an engine's answer
type Json = any;

/** What the gates of four services were told, and what a Docker 20.10 engine says that the provider has made of them. */
const recorded: { planned: PlannedService; spec: ServiceSpec }[] = readFileSync(
  join(__dirname, '../recorded/specifications.jsonl'),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const services = recorded.map(({ planned, spec }) => [spec.Name ?? '', planned, spec] as const);

const found = (planned: PlannedService, spec: ServiceSpec) => [
  ...differences(planned, spec),
  ...additions(planned, spec),
];

test.each(services)('%s runs what was planned, and nothing else', (_name, planned, spec) => {
  expect(found(planned, spec)).toEqual([]);
  expect(found(currentPlan({ Spec: spec }), spec)).toEqual([]);
});

/** Anybody may write these, or the engine does. */
const NOBODYS = /Labels|Isolation|ForceUpdate|Runtime|Platforms|(Secret|Config)Name/;

function leaves(value: Json, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

function withChanged(spec: ServiceSpec, path: readonly string[], change: (old: Json) => Json): ServiceSpec {
  const copy = structuredClone(spec) as Json;
  const last = path.at(-1)!;
  const holder = path.slice(0, -1).reduce((inner, key) => (inner[key] ??= {}), copy);
  holder[last] = change(holder[last]);
  return copy;
}

const other = (old: Json) =>
  typeof old === 'number' ? old + 1 : typeof old === 'boolean' ? !old : `${old}-other`;

describe.each(services)('of %s', (_name, planned, spec) => {
  const parts = { TaskTemplate: spec.TaskTemplate, EndpointSpec: spec.EndpointSpec };
  const [nobodys, held] = [true, false].map((is) =>
    leaves(parts).filter((path) => NOBODYS.test(path.join('.')) === is),
  ) as [string[][], string[][]];

  test('every field is held against the plan', () => {
    expect(held.length).toBeGreaterThan(20);
    const missed = held.filter((path) => found(planned, withChanged(spec, path, other)).length === 0);
    expect(missed.map((path) => path.join('.'))).toEqual([]);
  });

  test('every field that goes is missed', () => {
    const missed = held.filter(
      (path) =>
        found(
          planned,
          withChanged(spec, path, () => undefined),
        ).length === 0,
    );
    // Where nothing is the same as zero or no.
    expect(missed.filter((path) => !/Window$|MaxAttempts$|ReadOnly$/.test(path.join('.')))).toEqual([]);
  });

  test('a label, a restart by hand and what the engine fills in say nothing', () => {
    expect(nobodys.filter((path) => found(planned, withChanged(spec, path, other)).length > 0)).toEqual(
      nobodys.filter((path) => ['Isolation', 'Runtime'].includes(path.at(-1)!)),
    );
    const inContainer = (field: string) => ['TaskTemplate', 'ContainerSpec', field];
    const filledIn: [string[], unknown][] = [
      [inContainer('Init'), false],
      [inContainer('Privileges'), { CredentialSpec: null, SELinuxContext: null, NoNewPrivileges: false }],
      [inContainer('DNSConfig'), {}],
      [inContainer('Labels'), { a: 'b' }],
      [['TaskTemplate', 'ForceUpdate'], 7],
      [['TaskTemplate', 'Placement', 'Platforms'], [{ Architecture: 'amd64', OS: 'linux' }]],
    ];
    for (const [path, value] of filledIn) {
      expect(
        found(
          planned,
          withChanged(spec, path, () => value),
        ),
      ).toEqual([]);
    }
  });

  test.each([
    [['TaskTemplate', 'ContainerSpec', 'User'], '1000'],
    [['TaskTemplate', 'ContainerSpec', 'ReadOnly'], true],
    [['TaskTemplate', 'ContainerSpec', 'Init'], true],
    [['TaskTemplate', 'ContainerSpec', 'CapabilityDrop'], ['ALL']],
    [['TaskTemplate', 'Resources', 'Limits', 'Pids'], 100],
    [['TaskTemplate', 'Placement', 'MaxReplicas'], 1],
  ])('%j that runs and was not planned is told where all was planned', (path, value) => {
    const more = withChanged(spec, path, () => value);
    expect(additions(planned, more)).toEqual([`${path.join('.')} that was not planned`]);
    // Neither by itself: a later engine may fill it in; nor where the plan is known to be a part.
    expect(differences(planned, more)).toEqual([]);
    expect(additions({ ...planned, whole: false }, more)).toEqual([]);
  });
});
