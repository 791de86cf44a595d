import { Cpu, Duration, Memory, mariadb, type PlatformSpec } from '../../../../constructs';
import type { BackupTarget } from '../../../../constructs/catalogue/spec/backup';
import { readStack } from '../../../../operations/stack/synthesized';
import { platform } from '../../../../services.config';
import { wire } from '../../../support/platform/host-key';
import { Workplace } from '../../../support/platform/platform';

const workplace = new Workplace();
afterAll(() => workplace.remove());

const BUCKET = { kind: 's3', endpoint: 'https://s3.example.com', bucket: 'acme-backups' } as const;
const ED25519 = `ssh-ed25519 ${wire('ssh-ed25519', 'k'.repeat(32))}`;
const SFTP = {
  kind: 'sftp',
  host: 'storage.example.com',
  port: 23,
  user: 'u123456',
  knownHosts: `[storage.example.com]:23 ${ED25519}`,
} as const;
const spec: PlatformSpec = platform;
const withPlace = (backupTo?: BackupTarget, changes: Partial<PlatformSpec> = {}): PlatformSpec => ({
  ...spec,
  ...changes,
  environments: {
    ...spec.environments,
    production: { ...spec.environments.production!, ...(backupTo ? { backupTo } : {}) },
  },
});
const resourcesOf = (backupTo?: BackupTarget, changes?: Partial<PlatformSpec>) =>
  workplace.synth(withPlace(backupTo, changes)).json.resource;
const containerOf = (backupTo: BackupTarget, changes?: Partial<PlatformSpec>) =>
  resourcesOf(backupTo, changes).docker_service.backup.task_spec.container_spec;

test('the shipped catalogue has backups, and makes none until an environment says where they go', () => {
  const without = resourcesOf();
  expect(Object.keys(without.docker_service)).not.toContain('backup');
  expect(Object.keys(without.docker_secret)).not.toContain('backup_repository_password');
  expect(JSON.stringify(without.docker_service.mariadb)).not.toContain('log-bin');
  expect(JSON.stringify(without)).not.toContain('_backup');
  expect(readStack(workplace.synth(withPlace()).outdir).settings.backup).toBeUndefined();
});

test('an environment that says where has the service, its secrets, its account and the log', () => {
  const { docker_service, docker_secret, null_resource } = resourcesOf(BUCKET);
  expect(docker_service.mariadb.task_spec.container_spec.args).toEqual(
    expect.arrayContaining(['--log-bin=binlog', '--sync-binlog=1']),
  );
  expect(Object.keys(docker_secret)).toEqual(
    expect.arrayContaining([
      'backup_repository_password',
      'backup_access_key_id',
      'backup_secret_access_key',
      'db_password_mariadb_backup',
    ]),
  );
  const provision = null_resource.mariadb_prepare.provisioner[0]['local-exec'].environment.PROVISION;
  expect(provision).toContain('"user" = "proctorwise_backup"');
  expect(provision).toContain('"ships" = true');
  const { placement } = docker_service.backup.task_spec;
  expect(placement).toEqual(docker_service.mariadb.task_spec.placement);
});

test('what it works with are arguments, its secrets are files, and the volumes are only read', () => {
  const container = containerOf(BUCKET, { backup: { schedule: '0 2 * * *', keep: { daily: 14 } } });
  expect(container.args).toEqual([
    'BACKUP_PLATFORM=proctorwise',
    'BACKUP_REPOSITORY=s3:https://s3.example.com/acme-backups/proctorwise',
    `BACKUP_DATABASES=${Object.keys(databases).join(' ')}`,
    'BACKUP_DB_HOST=mariadb',
    'BACKUP_DB_PORT=3306',
    'BACKUP_DB_USER=proctorwise_backup',
    'BACKUP_VOLUMES=monitoring_frames',
    'BACKUP_KEEP_LAST=3',
    'BACKUP_KEEP_DAILY=14',
    'BACKUP_KEEP_WEEKLY=5',
    'BACKUP_KEEP_MONTHLY=6',
    '--',
    '/bin/sh',
    '/schedule',
    '--first=now',
    '--every=240=ship',
    '0 2 * * *=now',
    '45 4 * * 0=drill',
    '--',
    '/bin/sh',
    '/opt/backup/backup.sh',
  ]);
  expect(container.secrets.map(({ file_name }: { file_name: string }) => file_name)).toEqual([
    'repository_password',
    's3_key_id',
    's3_key',
    'database_password',
  ]);
  expect(container.mounts).toEqual([
    {
      type: 'volume',
      source: 'proctorwise_monitoring_frames',
      target: '/backup/volumes/monitoring_frames',
      read_only: true,
    },
    { type: 'tmpfs', target: '/tmp' },
  ]);
  expect(container.read_only).toBe(true);
});
const { databases } = spec.backends!.mariadb!.spec as Parameters<typeof mariadb>[0];

test('a server with SFTP is named as restic does, its key is a secret, and its host key a config', () => {
  const written = { ...SFTP, knownHosts: `\n  # the provider's page\n  ${SFTP.knownHosts}\n` };
  const { docker_secret, docker_config, docker_service } = resourcesOf(written);
  const { args, secrets, configs, mounts } = docker_service.backup.task_spec.container_spec;
  expect(args.slice(0, 3)).toEqual([
    'BACKUP_PLATFORM=proctorwise',
    'BACKUP_REPOSITORY=sftp://u123456@storage.example.com:23/proctorwise',
    'BACKUP_KNOWN_HOSTS=/opt/backup/known_hosts',
  ]);
  expect(secrets.map(({ file_name }: { file_name: string }) => file_name)).toEqual([
    'repository_password',
    'sftp_key',
    'database_password',
  ]);
  expect(Object.keys(docker_secret)).toContain('backup_sftp_key');
  expect(Object.keys(docker_secret)).not.toContain('backup_access_key_id');
  expect(Buffer.from(docker_config.backup_known_hosts.data, 'base64').toString()).toBe(
    `# the provider's page\n  ${SFTP.knownHosts}\n`,
  );
  expect(configs).toContainEqual(expect.objectContaining({ file_name: '/opt/backup/known_hosts' }));
  expect(JSON.stringify(mounts)).not.toContain('/repository');
  expect(readStack(workplace.synth(withPlace(SFTP)).outdir).settings.backup!.to).toBe(
    'sftp://u123456@storage.example.com:23/proctorwise',
  );
});

test('its keys are told to be of those who issue them: nothing is made up in their place', () => {
  const originsOf = (place: BackupTarget) =>
    Object.fromEntries(
      (readStack(workplace.synth(withPlace(place)).outdir).settings.secrets ?? [])
        .filter(({ name }) => name.startsWith('backup_'))
        .map(({ name, origin }) => [name, origin]),
    );
  expect(originsOf(SFTP)).toEqual({
    backup_repository_password: undefined,
    backup_sftp_key: expect.stringMatching(/^ssh-keygen .* makes, with all its lines/),
  });
  expect(originsOf(BUCKET)).toEqual({
    backup_repository_password: undefined,
    backup_access_key_id: expect.stringContaining('the bucket'),
    backup_secret_access_key: expect.stringContaining('the bucket'),
  });
});

test('a server with SFTP at its own port has none in its address; a folder may begin at the root', () => {
  const knownHosts = `storage.example.com ${ED25519}`;
  const { args } = containerOf({ ...SFTP, port: 22, folder: '/srv/exam', knownHosts });
  expect(args).toContain('BACKUP_REPOSITORY=sftp://u123456@storage.example.com//srv/exam');
});

test('a volume or a folder is where it writes, without a label that would replace the service later', () => {
  const acknowledge = { 'backup-elsewhere': 'a test' };
  const mountsOf = (target: BackupTarget) =>
    containerOf(target, { backup: { acknowledge, drill: false } }).mounts[0];
  expect(mountsOf({ kind: 'volume', volume: 'backups' })).toEqual({
    type: 'volume',
    source: 'proctorwise_backups',
    target: '/repository',
    read_only: false,
  });
  expect(mountsOf({ kind: 'folder', path: '/srv/backups' })).toMatchObject({
    type: 'bind',
    source: '/srv/backups',
  });
});

test('a place on the same node is refused without a word', () => {
  expect(() => workplace.synth(withPlace({ kind: 'volume', volume: 'backups' }))).toThrow(
    /backup \(backup-elsewhere\): writes backups to the volume backups of the node/,
  );
});

test('a deploy is told what is in backups, and what is believed', () => {
  const { settings } = readStack(workplace.synth(withPlace(BUCKET)).outdir);
  expect(settings.backup).toEqual({
    service: 'proctorwise_backup',
    covers: {
      mariadb: {
        databases: Object.keys(databases),
        writers: Object.keys(spec.services),
      },
      monitoringservice: { volumes: ['monitoring_frames'], writers: ['monitoringservice'] },
    },
    to: 's3.example.com/acme-backups/proctorwise',
    schedule: '15 3 * * *',
    drill: '45 4 * * 0',
    rpoSeconds: 300,
    maxAgeSeconds: 86_400,
  });
  expect(settings.background).toEqual(['backup']);
  expect(settings.waves!.slice(0, 2)).toEqual([['mariadb', 'kafka'], ['backup']]);
});

test('a drill that starts an application knows which paths of the probe it answers as they are', () => {
  const nginx = {
    ...spec.nginx,
    routes: [
      { path: '/', service: 'reservationservice' },
      { path: '/users', service: 'userservice' },
      { path: '/users/me', exact: true, service: 'analyticsservice' },
      { path: '/app', service: 'userservice', rewrite: '/' },
    ],
  } as const;
  const asks = (probe: PlatformSpec['probe']) =>
    readStack(workplace.synth(withPlace(BUCKET, { nginx, probe } as Partial<PlatformSpec>)).outdir).settings
      .backup?.asks;
  expect(asks({ paths: ['/users?all=1', '/users/me', '/app/x', '/exams'] })).toEqual({
    userservice: ['/users?all=1'],
    analyticsservice: ['/users/me'],
    reservationservice: ['/exams'],
  });
  expect(asks(undefined)).toBeUndefined();
});

test('a job that runs in an application writes what that one writes', () => {
  const command = ['true'];
  const limits = { cpus: Cpu.cores(0.1), memory: Memory.mebibytes(64) };
  const jobs = {
    tidy: { service: 'monitoringservice', command, schedule: '0 4 * * *' },
    report: { image: 'alpine:3.22', command, schedule: '0 5 * * *', limits },
  };
  const catalogue = withPlace(BUCKET, { jobs });
  const node = { cpus: Cpu.cores(8), memory: Memory.gibibytes(16) };
  const environments = {
    ...catalogue.environments,
    production: { ...catalogue.environments.production!, node },
  };
  const { settings } = readStack(workplace.synth({ ...catalogue, environments }).outdir);
  const { mariadb: database, monitoringservice } = settings.backup!.covers;
  expect(database!.writers).toEqual([...Object.keys(spec.services), 'tidy']);
  expect(monitoringservice!.writers).toEqual(['monitoringservice', 'tidy']);
});

test('an application that shares a volume writes it, whichever of the two says that it is backed up', () => {
  const { userservice, monitoringservice } = spec.services;
  const shares = (backup?: boolean) => ({
    ...spec.services,
    userservice: {
      ...userservice!,
      sharedVolumes: [{ name: 'monitoring_frames', target: '/frames', ...(backup ? { backup } : {}) }],
    },
  });
  const settingsOf = (changes: Partial<PlatformSpec>) =>
    readStack(workplace.synth(withPlace(BUCKET, changes)).outdir).settings.backup!;
  expect(monitoringservice!.sharedVolumes).toMatchObject([{ name: 'monitoring_frames', backup: true }]);
  const one = settingsOf({ services: shares() }).covers;
  expect([...one.monitoringservice!.writers].sort()).toEqual(['monitoringservice', 'userservice']);
  expect(one.userservice).toBeUndefined();
  // Said twice, it is mounted once.
  const both = { services: shares(true) };
  expect([...settingsOf(both).covers.userservice!.writers].sort()).toEqual([
    'monitoringservice',
    'userservice',
  ]);
  expect(containerOf(BUCKET, both).args).toContain('BACKUP_VOLUMES=monitoring_frames');
});

test('a backup alone, without a log, restarts no database', () => {
  const backends = {
    ...spec.backends,
    mariadb: mariadb({ ...(spec.backends!.mariadb!.spec as Parameters<typeof mariadb>[0]), backup: true }),
  };
  const { docker_service } = resourcesOf(BUCKET, { backends });
  expect(docker_service.mariadb).toEqual({
    ...resourcesOf().docker_service.mariadb,
    depends_on: docker_service.mariadb.depends_on,
  });
  expect(JSON.stringify(docker_service.backup)).not.toContain('=ship');
});

test('what one word means twice, or nothing, is refused', () => {
  const errorsOf = (target: BackupTarget, backup: PlatformSpec['backup'] = {}) => {
    try {
      workplace.build(withPlace(target, { backup }));
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(errorsOf({ ...BUCKET, endpoint: 's3.example.com' })).toMatch(
    /environment "production": backupTo\.endpoint is "s3\.example\.com"\n {2}write where it answers/,
  );
  expect(errorsOf({ ...BUCKET, bucket: 'Acme' })).toMatch(/backupTo\.bucket/);
  expect(errorsOf({ ...BUCKET, folder: '../x y' })).toMatch(/backupTo\.folder/);
  expect(errorsOf({ ...SFTP, host: 'u@storage:23' })).toMatch(/backupTo\.host is "u@storage:23"\n/);
  expect(errorsOf({ ...SFTP, port: 0 })).toMatch(/backupTo\.port is 0\n/);
  expect(errorsOf({ ...SFTP, user: '-oProxyCommand=x' })).toMatch(/backupTo\.user/);
  expect(errorsOf({ ...SFTP, folder: '~/x' })).toMatch(/backupTo\.folder/);
  expect(errorsOf({ ...SFTP, port: 2222 })).toMatch(
    /backupTo\.knownHosts has no key of \[storage\.example\.com\]:2222\n {2}write what `ssh-keyscan -p 2222 storage\.example\.com` prints/,
  );
  const cut = errorsOf({ ...SFTP, knownHosts: `# mine\n${SFTP.knownHosts.slice(0, -4)}` });
  expect(cut).toMatch(
    /backupTo\.knownHosts: line 2 is no host key, or half of one\n {2}write what `ssh-keyscan/,
  );
  expect(errorsOf({ ...SFTP, knownHosts: '-----BEGIN OPENSSH PRIVATE KEY-----' })).not.toContain('BEGIN');
  expect(errorsOf({ kind: 'volume', volume: 'a b' })).toMatch(/backupTo\.volume/);
  expect(errorsOf({ kind: 'folder', path: 'backups' })).toMatch(/backupTo\.path/);
  for (const never of ['0 4 30 2 *', '61 4 * * *', '*/0 * * * *']) {
    expect(errorsOf(BUCKET, { schedule: never })).toContain(`backup.schedule: the schedule "${never}"`);
  }
  expect(errorsOf(BUCKET, { schedule: 'daily' })).toMatch(
    /backup\.schedule is "daily"\n {2}write minute, hour/,
  );
  expect(errorsOf(BUCKET, { drill: '61' })).toMatch(/backup\.drill/);
  expect(errorsOf(BUCKET, { keep: { daily: -1 } })).toMatch(/backup\.keep\.daily is -1/);
  expect(errorsOf(BUCKET, { keep: { last: 0, daily: 0, weekly: 0, monthly: 0 } })).toMatch(/keeps nothing/);
  expect(errorsOf(BUCKET, { maxAge: Duration.seconds(5) })).toMatch(/backup\.maxAge/);
});
