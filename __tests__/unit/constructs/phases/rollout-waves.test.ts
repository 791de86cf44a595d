import { Cpu, Memory, mariadb, type PlatformSpec } from '../../../../constructs';
import { rollingOf } from '../../../../constructs/rules/capacity';
import { baseline, surge } from '../../../../constructs/units/capacity';
import { catalogue } from '../../../support/platform/catalogue';
import { ACME, Workplace } from '../../../support/platform/platform';

const workplace = new Workplace();
afterAll(() => workplace.remove());

const { mariadb: database, kafka } = catalogue.backends!;
const backedUp = mariadb({ ...(database!.spec as Parameters<typeof mariadb>[0]), backup: true });

/** One of everything that can stand beside the applications. */
const on = (mebibytes: number): PlatformSpec => {
  const spec = catalogue as PlatformSpec;
  const production = {
    ...spec.environments.production!,
    backupTo: { kind: 'folder', path: '/srv/backups' } as const,
    tls: ACME,
    node: { cpus: Cpu.cores(64), memory: Memory.mebibytes(mebibytes) },
  };
  return {
    ...spec,
    backends: { mariadb: backedUp as never, kafka: kafka! },
    backup: { acknowledge: { 'backup-elsewhere': 'a test' } },
    jobs: { tidy: { service: 'users', command: ['tidy'], schedule: '30 3 * * *' } },
    environments: { ...spec.environments, production },
  };
};
const build = (mebibytes: number) => workplace.build(on(mebibytes)).platform;
const wavesOf = (mebibytes: number): string[][] =>
  build(mebibytes)
    .waves.map((wave) => wave.map(({ node }) => node.id))
    .filter((wave) => wave.includes('users') || wave.includes('mailer'));

test('what runs is counted as the rule capacity counts it, with the backup, certbot and jobs', () => {
  const { services } = build(2 ** 20);
  const names = services.map(({ node }) => node.id);
  expect(names).toEqual(expect.arrayContaining(['mariadb', 'kafka', 'backup', 'certbot', 'edge', 'tidy']));
  const applications = services.filter(({ node }) => ['users', 'mailer'].includes(node.id));
  const bytes = baseline(services.map(rollingOf)).memory + surge(applications.map(rollingOf)).memory;
  const needed = bytes / 1024 ** 2;
  expect(wavesOf(needed)).toEqual([['users', 'mailer']]);
  expect(wavesOf(needed - 1)).toEqual([['users'], ['mailer']]);
  // In two waves they fit, and no rule has anything to say.
  expect(() => workplace.synth(on(needed - 1))).not.toThrow();
});
