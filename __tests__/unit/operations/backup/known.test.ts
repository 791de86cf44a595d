import { assessBackup } from '../../../../operations/backup/assess';
import { rememberRepository } from '../../../../operations/backup/facts';
import { forgetKnown, type KnownRepository, readKnown, remember } from '../../../../operations/backup/known';
import type { DockerClient } from '../../../../operations/docker/client';
import { forget } from '../../../../operations/place/forget';
import { fromData } from '../../../../operations/records/document';
import { factsOf, NOW, reportOf, SETTINGS, WELL } from './fixtures';

const ID = 'a'.repeat(64);
const KNOWN: KnownRepository = { id: ID, to: SETTINGS.to, since: '2026-11-01T00:00:00Z' };

/** A Swarm's configs, and a task of the backup that lists. */
function swarm(
  list: object = WELL,
  container: object = { Args: [`BACKUP_REPOSITORY=s3:https://${SETTINGS.to}`] },
) {
  const configs: { ID: string; Spec: { Name: string; Labels: Record<string, string>; Data: string } }[] = [];
  let made = 0;
  const docker = {
    configs: async ({ label = [] }: { label?: string[] }) =>
      configs.filter(({ Spec: { Labels } }) =>
        label.every((one) => Labels[one.split('=')[0]!] === one.split('=')[1]),
      ),
    createConfig: async (spec: (typeof configs)[number]['Spec']) => {
      made += 1;
      configs.push({ ID: `c${made}`, Spec: spec });
    },
    removeConfig: async (id: string) => {
      configs.splice(
        configs.findIndex(({ ID: one }) => one === id),
        1,
      );
    },
    services: async () => [
      { ID: 's1', Spec: { Name: 'shop_backup', TaskTemplate: { ContainerSpec: container } } },
    ],
    tasks: async () => [
      {
        ID: 't1',
        CreatedAt: '2026-11-27T10:00:00Z',
        NodeID: 'n1',
        Status: { State: 'running', ContainerStatus: { ContainerID: 'c1' } },
      },
    ],
    info: async () => ({ Swarm: { NodeID: 'n1' } }),
    exec: async () => ({ exitCode: 0, stderr: '', stdout: `${JSON.stringify(list)}\n` }),
  };
  return { docker: docker as unknown as DockerClient, configs };
}
const problemsOf = (list: object, known: KnownRepository | undefined = KNOWN) =>
  assessBackup(SETTINGS, { ...factsOf(list), ...(known ? { known } : {}) }, NOW).problems;

describe('a repository that is not the one that has had the backups', () => {
  test('is a fault, whether another one is there or none, and what would make a new one is not advised', () => {
    const [problem, ...more] = problemsOf({ repository: 'b'.repeat(64) });
    expect(problem).toMatch(
      /since 2026-11-01 is not at s3\S+ any more, there is another one, which was made anew: .*data forget backup/,
    );
    expect(more).toEqual([]);
    const none = reportOf({ ok: false, fault: 'no-repository', backups: [] });
    expect(assessBackup(SETTINGS, { list: none, runs: [], known: KNOWN }, NOW).problems).toEqual([
      expect.stringContaining('there is none: '),
    ]);
  });

  test('is none where it is the same, is at another place by the catalogue, or nothing is known', () => {
    expect(problemsOf({ repository: ID })).toEqual([]);
    expect(problemsOf({ repository: 'b'.repeat(64) }, { ...KNOWN, to: 'the volume shop_backups' })).toEqual(
      [],
    );
    expect(assessBackup(SETTINGS, factsOf({ repository: 'b'.repeat(64) }), NOW).problems).toEqual([]);
    // A service of an older version does not say which it is.
    expect(problemsOf({})).toEqual([]);
  });
});

describe('which repository it is', () => {
  test('is remembered once, and anew where the place is another one', async () => {
    const { docker, configs } = swarm({ ...WELL, repository: ID });
    await rememberRepository(docker, SETTINGS);
    expect(await readKnown(docker, 'shop_backup')).toMatchObject({ id: ID, to: SETTINGS.to });
    await remember(docker, SETTINGS, { repository: 'b'.repeat(64) });
    expect(await readKnown(docker, 'shop_backup')).toMatchObject({ id: ID });
    await remember(docker, { ...SETTINGS, to: 'elsewhere' }, { repository: 'b'.repeat(64) });
    expect(configs.map(({ Spec }) => fromData<KnownRepository>(Spec.Data)!.id)).toEqual(['b'.repeat(64)]);
  });

  test.each([
    ['the volume shop_backups', { Mounts: [{ Source: 'shop_backups' }] }, 1],
    ['the folder /srv/backups', { Mounts: [{ Source: '/srv/backups' }] }, 1],
    ['the folder /srv/others', { Mounts: [{ Source: '/srv/backups' }] }, 0],
  ])('is remembered of %s only where the service goes there', async (to, container, count) => {
    const { docker, configs } = swarm({ ...WELL, repository: ID }, container);
    await rememberRepository(docker, { ...SETTINGS, to });
    expect(configs).toHaveLength(count);
  });

  test('is not remembered where there is none yet', async () => {
    const { docker, configs } = swarm({ ...reportOf({ ok: false, fault: 'no-repository' }) });
    await rememberRepository(docker, SETTINGS);
    expect(configs).toEqual([]);
  });

  test('is forgotten by a word', async () => {
    const { docker, configs } = swarm();
    await remember(docker, SETTINGS, { repository: ID });
    expect((await forget(docker, 'shop', 'backup', []))[0]).toMatch(/^forgotten: which repository/);
    expect(configs).toEqual([]);
    expect(await forgetKnown(docker, 'shop_backup')).toBe(false);
  });
});
