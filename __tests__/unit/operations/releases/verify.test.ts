import type { ServiceSpec } from '../../../../operations/docker/answers';
import type { Standing } from '../../../../operations/docker/standing';
import { pack } from '../../../../operations/records/packed';
import { deviations } from '../../../../operations/releases/verify';
import { releaseWith } from '../records/releases';

const spec = (container: object = {}, more: object = {}): ServiceSpec => ({
  Name: 'acme_web',
  TaskTemplate: {
    ContainerSpec: {
      Image: 'web:v1@sha256:aa',
      Args: ['LOG_LEVEL=info'],
      Secrets: [{ SecretID: 's1', SecretName: 'acme_key_0123456789', File: { Name: 'key', Mode: 292 } }],
      Configs: [{ ConfigID: 'c1', ConfigName: 'acme_conf_0123456789', File: { Name: '/conf', Mode: 292 } }],
      ...container,
    },
  },
  Mode: { Replicated: { Replicas: 2 } },
  ...more,
});
const standing = (now: ServiceSpec, tasks = 2): Standing => ({
  id: 's1',
  name: now.Name!,
  version: 1,
  spec: now,
  running: new Map([['web:v1', tasks]]),
});
const release = releaseWith({ number: 41, packed: pack({ specs: { acme_web: spec() } }) });
const found = (now: ServiceSpec, tasks?: number) =>
  deviations(release, new Map([[now.Name!, standing(now, tasks)]]));

test('a server that is as the release left it differs in nothing', () => {
  expect(found(spec())).toEqual([]);
});

test('objects that were made again under their names are the same', () => {
  const Secrets = [{ SecretID: 's9', SecretName: 'acme_key_0123456789', File: { Name: 'key', Mode: 292 } }];
  expect(found(spec({ Secrets }))).toEqual([]);
});

test.each<[string, ServiceSpec, RegExp]>([
  [
    'another image',
    spec({ Image: 'web:v2@sha256:bb' }),
    /^acme_web: image web:v2@sha256:bb instead of web:v1@sha256:aa$/,
  ],
  ['another setting', spec({ Args: ['LOG_LEVEL=debug'] }), /^acme_web: other args$/],
  ['a variable that was added by hand', spec({ Env: ['A=1'] }), /^acme_web: another env$/],
  [
    'a rotated secret',
    spec({ Secrets: [{ SecretID: 's2', SecretName: 'acme_key_abcdef0123', File: { Name: 'key' } }] }),
    /other secrets/,
  ],
  [
    'a scaled service',
    spec({}, { Mode: { Replicated: { Replicas: 3 } } }),
    /^acme_web: 3 replicas instead of 2$/,
  ],
  [
    'a limit that was added',
    spec({}, { TaskTemplate: { ...spec().TaskTemplate, Resources: { Limits: { NanoCPUs: 1e9 } } } }),
    /Resources\.Limits/,
  ],
])('%s is named', (_, now, words) => {
  expect(found(now)).toEqual([expect.stringMatching(words)]);
});

test('tasks that are missing, a service that is gone and one that is new are named', () => {
  expect(found(spec(), 1)).toEqual(['acme_web: 1 of 2 tasks run']);
  const other = { ...spec(), Name: 'acme_other' };
  expect(found(other)).toEqual(['acme_web is gone', 'acme_other runs, and the release has none such']);
});

test('a record without specifications proves nothing', () => {
  expect(() => deviations(releaseWith({ leftOut: 'so' }), new Map())).toThrow(
    /no specifications to compare with: so/,
  );
});
