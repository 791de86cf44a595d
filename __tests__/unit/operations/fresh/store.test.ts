import type { SwarmObject } from '../../../../operations/docker/answers';
import type { NewConfig } from '../../../../operations/docker/client';
import { recordOf } from '../../../../operations/fresh/record';
import { keepRecord, readRecords } from '../../../../operations/fresh/store';
import { askExisting } from '../../../../operations/stack/existing';
import { strangersOf } from '../../../../operations/stack/strangers';
import { NAMESPACE, sightOf } from './sights';

/** Configs in memory, as a Swarm keeps them. */
function store() {
  const configs = new Map<string, SwarmObject>();
  return {
    configs: async (filters: { label?: readonly string[] } = {}) =>
      [...configs.values()].filter(({ Spec }) =>
        (filters.label ?? []).every((label) => {
          const [key = '', value] = label.split('=');
          return Spec?.Labels?.[key] === value;
        }),
      ),
    createConfig: async (Spec: NewConfig) => {
      if ([...configs.values()].some((one) => one.Spec?.Name === Spec.Name))
        throw new Error('already exists');
      configs.set(`id${configs.size}${Spec.Name}`, { ID: `id${configs.size}${Spec.Name}`, Spec });
    },
    removeConfig: async (id: string) => void configs.delete(id),
  };
}

test('a record comes back as it was kept, and takes the place of an older one', async () => {
  const docker = store();
  const record = recordOf(await sightOf());
  await keepRecord(docker, { ...record, serial: 1 });
  await keepRecord(docker, record);
  await keepRecord(docker, record);
  expect(await readRecords(docker, NAMESPACE)).toEqual([record]);
  expect(await docker.configs()).toHaveLength(1);
});

test('another platform’s record is neither read nor removed', async () => {
  const docker = store();
  const record = recordOf(await sightOf());
  await keepRecord(docker, { ...record, namespace: 'other' });
  await keepRecord(docker, record);
  expect(await readRecords(docker, NAMESPACE)).toEqual([record]);
  expect(await docker.configs()).toHaveLength(2);
});

test('what is no record proves nothing', async () => {
  const docker = store();
  const Labels = { 'proctor.fresh': NAMESPACE };
  for (const [index, text] of ['', 'null', '[]', '{"objects":null}', 'x'].entries())
    await docker.createConfig({ Name: `x${index}`, Labels, Data: Buffer.from(text).toString('base64') });
  expect(await readRecords(docker, NAMESPACE)).toEqual([]);
});

test('it is none of the stack’s objects: no stranger, and nothing that a recovery takes over', async () => {
  const docker = store();
  await keepRecord(docker, recordOf(await sightOf()));
  const none = async () => [];
  const existing = await askExisting(
    { ...docker, networks: none, secrets: none, volumes: none } as never,
    NAMESPACE,
    [],
  );
  expect(existing).toEqual([]);
  expect(strangersOf(existing, { namespace: NAMESPACE, services: [], names: [], ids: [] })).toEqual([]);
});

test('its name is one that Swarm takes', async () => {
  const docker = store();
  await keepRecord(docker, { ...recordOf(await sightOf()), namespace: 'a'.repeat(46) });
  const [config] = await docker.configs();
  expect(config?.Spec?.Name).toMatch(/^[a-zA-Z0-9][a-zA-Z0-9-_.]{0,63}$/);
});
