import { type MariadbSpec, mariadb } from '../../../../constructs';
import { readStack } from '../../../../operations/stack/synthesized';
import { platform } from '../../../../services.config';
import { catalogue } from '../../../support/platform/catalogue';
import { ACME, Workplace } from '../../../support/platform/platform';

const workplace = new Workplace();
afterAll(() => workplace.remove());

test('what a deploy as a whole needs to know is in the stack, where Terraform does not look', () => {
  const { outdir } = workplace.synth({ ...platform, onFailure: 'put-back', probe: { paths: ['/users'] } });
  expect(readStack(outdir).settings).toEqual({
    onFailure: 'put-back',
    probe: { paths: ['/users'] },
    selfSigned: true,
    serverName: platform.serverName,
    waves: [
      ['mariadb', 'kafka'],
      ['userservice', 'reservationservice'],
      ['monitoringservice', 'correctionservice'],
      ['notificationservice', 'analyticsservice'],
      ['nginx'],
      ['edge'],
    ],
    stateful: ['mariadb', 'kafka'],
    sharedVolumes: { monitoringservice: ['proctorwise_monitoring_frames'] },
    whoWaits: { mariadb: 'writers', kafka: 'producers and consumers' },
    background: [],
    sharedAccounts: [expect.objectContaining({ user: 'proctorwise' })],
    // __tests__/unit/constructs/catalogue/secrets.test.ts looks into them.
    secrets: Object.keys(platform.secrets).map((name) => expect.objectContaining({ name })),
    commands: {},
    observeSeconds: expect.objectContaining({ mariadb: 30, userservice: 30, nginx: 30, edge: 30 }),
  });
});

test('the environment says how long gates watch, and a plan that counts on it is told', () => {
  const { outdir } = workplace.synth(platform, 'lab');
  const { observeSeconds = {} } = readStack(outdir).settings;
  expect(Object.keys(observeSeconds)).toHaveLength(10);
  expect(new Set(Object.values(observeSeconds))).toEqual(new Set([10]));
});

test('certbot is the one service that nobody asks anything', () => {
  const { outdir } = workplace.synth({ ...platform, tls: ACME });
  expect(readStack(outdir).settings.background).toEqual(['certbot']);
});

test('schema files are named by the step that runs them, as they are in the project', () => {
  workplace.write('schema/users.sql', 'SELECT 1;');
  const { mariadb: plain } = catalogue.backends!;
  const backend = mariadb({
    ...plain.spec,
    user: 'acme',
    password: 'db_password',
    databases: { acme_users: { schema: 'schema/users.sql' } },
  });
  const { outdir } = workplace.synth({
    ...catalogue,
    backends: { ...catalogue.backends!, mariadb: backend },
  });
  expect(readStack(outdir).settings.schemas).toEqual({ mariadb_prepare: { acme_users: 'schema/users.sql' } });
});

test('the account that applications share is described, for the preflight to ask what else it may do', () => {
  const sharedWith = (more: Partial<MariadbSpec>) => {
    const backend = mariadb({
      ...catalogue.backends!.mariadb.spec,
      user: 'acme',
      password: 'db_password',
      databases: { acme_users: {} },
      ...more,
    });
    const { outdir } = workplace.synth({
      ...catalogue,
      backends: { ...catalogue.backends!, mariadb: backend },
    });
    return readStack(outdir).settings.sharedAccounts;
  };
  const account = { service: 'acme_mariadb', user: 'acme', databases: ['acme_users'] };
  expect(sharedWith({})).toEqual([{ ...account, otherRights: 'kept' }]);
  expect(sharedWith({ otherRights: 'revoked' })).toEqual([{ ...account, otherRights: 'revoked' }]);
  expect(sharedWith({ accounts: 'per-service', sharedAccount: 'dropped' })).toEqual([
    { ...account, otherRights: 'kept', dropped: true },
  ]);
});

test('a shared volume that may be on several nodes is acknowledged with a reason', () => {
  const { monitoringservice } = platform.services;
  const acknowledge = { 'one-place': 'the volume is an NFS export' };
  const services = { ...platform.services, monitoringservice: { ...monitoringservice, acknowledge } };
  const { outdir } = workplace.synth({ ...platform, services });
  expect(readStack(outdir).settings.sharedVolumes).toBeUndefined();
});
