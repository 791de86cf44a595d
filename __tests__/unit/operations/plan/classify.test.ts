import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReadablePlan } from '../../../../operations/plan/changes/model';
import { readPlan } from '../../../../operations/plan/changes/read-plan';
import { planLines } from '../../../../operations/plan/text';
import type { PlanDocument } from '../../../../operations/terraform/document';

/** Real plans of the real provider, made by `record/main.ts`; one for each kind of change that was seen of it. */
const FOLDER = join(__dirname, 'fixtures');

const read = (name: string): ReadablePlan => {
  const document = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as PlanDocument;
  const settings = {
    stateful: ['mariadb', 'kafka'],
    whoWaits: { mariadb: 'writers', kafka: 'producers and consumers' },
  };
  return readPlan(document, { settings, services: [], now: new Date('2026-11-24T00:00:00Z') });
};

/** What is said of services and objects; totals, steps and the certificate's dates are in other tests. */
const said = (plan: ReadablePlan): string[] =>
  planLines({ ...plan, certificates: [], others: [], steps: 0 })
    .filter((line) => !/^(services|downtime): /.test(line))
    .map((line) => line.replace(/ {2,}/g, ' '));

const ROLLS = '· rolling, start-first · about 26 s · no downtime';
const REPLACED = '· DOWNTIME about 14 s: its tasks stop before new ones start';

const BACK_TO_PLAN = `update users image users:0.9.0 → users:1.0.0 · runs users:0.9.0 in place of users:1.0.0, by hand or rolled back by Swarm ${ROLLS}`;
const OLDER_PAIR = [
  'secret tls_self_signed_certificate',
  'secret tls_self_signed_key',
  'certificate tls_self_signed',
].map((what) => `remove ${what} 1 older, left by a failed deploy, destroyed after all gates`);

/** Recorded with backends that are waited for at the start. */
const REPLACED_SLOWLY =
  '· DOWNTIME about 14 s (a start may take up to 1 min 30 s): its tasks stop before new ones start';
const BACKENDS_AND_CLIENTS = [
  'REPLACE kafka (network changed) · DOWNTIME about 8 s (a start may take up to 2 min): its tasks stop before new ones start',
  ' RISK: the service that holds the data is removed and recreated',
  ' volume acme_kafka_data stays',
  `REPLACE mailer (network changed) ${REPLACED}`,
  'REPLACE mariadb (network changed) · DOWNTIME about 10 s (a start may take up to 2 min): its tasks stop before new ones start',
  ' RISK: the service that holds the data is removed and recreated',
  ' volume acme_mariadb_data stays',
];

interface Claim {
  readonly lines: readonly string[];
  /** Names that a deploy wants acknowledged. @default none */
  readonly needs?: readonly string[];
  /** @default none */
  readonly refused?: readonly string[];
}

const CLAIMS: Readonly<Record<string, Claim>> = {
  // In place, tasks roll.
  image: { lines: [`update users image users:1.0.0 → users:1.1.0 ${ROLLS}`] },
  args: { lines: [`update users args LOG_LEVEL TRACE ${ROLLS}`] },
  command: { lines: [`update users command ${ROLLS}`] },
  limits: { lines: [`update users resources ${ROLLS}`] },
  constraints: { lines: [`update users placement ${ROLLS}`] },
  healthcheck: { lines: [`update users healthcheck ${ROLLS}`] },
  isolation: { lines: [`update users isolation ${ROLLS}`] },
  'nginx-conf': {
    lines: [
      'update nginx configs /etc/nginx/nginx.conf · rolling, start-first · about 6 s · no downtime',
      'renew config nginx_conf new version, the old one is destroyed after all gates',
    ],
  },
  'two-slots': {
    lines: [
      'update users image users:1.0.0 → users:1.1.0, 2 → 3 replicas · rolling, start-first · about 44 s · no downtime',
    ],
  },
  'stop-first': {
    lines: [
      'update users image users:1.0.0 → users:1.1.0, update_config, rollback_config · rolling, stop-first, one task fewer meanwhile · about 38 s · no downtime',
    ],
  },
  mariadb: {
    lines: [
      'update mariadb image mariadb:10.11 → mariadb:11.4 · restarts · writers wait about 10 s (a start may take up to 2 min)',
      ' RISK: once mariadb:11.4, another major version (10.11 → 11.4), has opened the data, mariadb:10.11 may not read it: have a backup',
    ],
    needs: ['mariadb'],
  },
  edge: { lines: ['update edge command · restarts · DOWNTIME about 1 s'], needs: ['edge'] },
  port: {
    lines: [
      'update edge endpoint_spec · restarts · DOWNTIME about 1 s',
      ' nobody publishes 8080/tcp any more',
    ],
    needs: ['edge'],
  },

  // Planned as an update, refused by Swarm.
  mode: {
    lines: ['update users mode · cannot be applied'],
    refused: [
      'users: Swarm does not change the mode of a service: remove it in one deploy, add it in the next',
    ],
  },

  // In place, tasks stay.
  replicas: {
    lines: ['update users 2 → 3 replicas · new tasks beside the present ones · about 8 s · no downtime'],
  },
  'update-config': {
    lines: ['update users update_config, rollback_config · no task restarts · no downtime'],
  },

  // Replaced.
  label: { lines: [`REPLACE users (label changed) ${REPLACED}`], needs: ['users'] },
  'container-label': { lines: [`REPLACE users (label changed) ${REPLACED}`], needs: ['users'] },
  name: { lines: [`REPLACE users (name changed) ${REPLACED}`], needs: ['users'] },
  'network-alias': { lines: [`REPLACE users (network changed) ${REPLACED}`], needs: ['users'] },
  'network-driver-options': { lines: [`REPLACE users (network changed) ${REPLACED}`], needs: ['users'] },
  'network-added': {
    lines: [`REPLACE users (network changed) ${REPLACED}`, 'create network extra made'],
    needs: ['users'],
  },
  'networks-separate': {
    lines: [
      ...BACKENDS_AND_CLIENTS,
      `REPLACE users (network changed) ${REPLACED_SLOWLY}`,
      'create network back_network made',
    ],
    needs: ['kafka', 'mailer', 'mariadb', 'users'],
  },
  'networks-encrypted': {
    lines: [
      'REPLACE edge (network changed) · DOWNTIME about 1 s: its tasks stop before new ones start',
      ...BACKENDS_AND_CLIENTS,
      'REPLACE nginx (network changed) · DOWNTIME about 6 s: its tasks stop before new ones start',
      `REPLACE users (network changed) ${REPLACED_SLOWLY}`,
      'REPLACE network acme REPLACED: everything on it loses it',
    ],
    needs: ['edge', 'kafka', 'mailer', 'mariadb', 'nginx', 'users', 'acme'],
  },
  hosts: { lines: [`REPLACE users (hosts changed) ${REPLACED}`], needs: ['users'] },
  sysctl: { lines: [`REPLACE users (sysctl changed) ${REPLACED}`], needs: ['users'] },
  auth: { lines: [`REPLACE users (auth changed) ${REPLACED}`], needs: ['users'] },
  'other-data-volume': {
    lines: [
      'REPLACE mariadb (mount changed) · DOWNTIME about 10 s (a start may take up to 2 min): its tasks stop before new ones start',
      ' RISK: it no longer mounts volume acme_mariadb_data: its data stays behind in it',
      ' RISK: the service that holds the data is removed and recreated',
      ' mounts volume acme_mariadb_data2, which is made, empty, unless it is there',
      ' volume acme_mariadb_data stays on the server',
    ],
    needs: ['mariadb'],
  },
  // Whatever is on it is made anew with it.
  network: {
    lines: [
      'REPLACE edge (network changed) · DOWNTIME about 1 s: its tasks stop before new ones start',
      ...BACKENDS_AND_CLIENTS,
      'REPLACE nginx (network changed) · DOWNTIME about 6 s: its tasks stop before new ones start',
      `REPLACE users (network changed) ${REPLACED}`,
      'REPLACE network acme REPLACED: everything on it loses it',
    ],
    needs: ['edge', 'kafka', 'mailer', 'mariadb', 'nginx', 'users', 'acme'],
  },
  'volume-made': { lines: ['create volume archive made, empty'] },

  // Services come, go, change hands.
  first: {
    lines: [
      'create edge nginx:1.30, 1 task · new · about 1 s',
      'create kafka kafka:4.1.1, 1 task · new · about 8 s (a start may take up to 2 min)',
      ' mounts volume acme_kafka_data, which is made, empty, unless it is there',
      'create mailer mailer:1.0.0, 1 task · new · about 8 s',
      'create mariadb mariadb:10.11, 1 task · new · about 10 s (a start may take up to 2 min)',
      ' mounts volume acme_mariadb_data, which is made, empty, unless it is there',
      'create nginx nginx:1.30, 1 task · new · about 6 s',
      'create users users:1.0.0, 2 tasks · new · about 8 s',
      ...['edge_conf', 'kafka_properties', 'launcher', 'mariadb_init', 'nginx_conf'].map(
        (name) => `create config ${name} new`,
      ),
      'create network acme made',
      ...[
        'db_password',
        'session_key',
        'smtp_password',
        'tls_self_signed_certificate',
        'tls_self_signed_key',
      ].map((name) => `create secret ${name} new`),
      'create key tls_self_signed made by Terraform',
      'create certificate tls_self_signed made by Terraform',
    ],
  },
  'removed-with-its-route': {
    lines: [
      'REMOVE mailer mailer:1.0.0, 1 task · DOWNTIME: its tasks stop for good',
      'update nginx configs /etc/nginx/nginx.conf · rolling, start-first · about 6 s · no downtime',
      'renew config nginx_conf new version, the old one is destroyed after all gates',
    ],
    needs: ['mailer'],
    refused: [
      'mailer is removed while nginx still routes to it: take its routes out first, deploy, then remove it',
    ],
  },

  // Left running.
  forgotten: {
    lines: [
      'forget mailer mailer:1.0.0, 1 task · left running, Terraform forgets it · no downtime',
      'update nginx configs /etc/nginx/nginx.conf · rolling, start-first · about 6 s · no downtime',
      'renew config nginx_conf new version, the old one is destroyed after all gates',
    ],
  },

  // Secrets, certificates, acknowledged rules.
  'password-rotated': {
    lines: [
      `update users secrets db_password ${ROLLS}`,
      'renew secret db_password rotated, the old one is destroyed after all gates',
    ],
  },
  'optional-secret-gone': {
    lines: [
      'update mailer secrets SMTP_PASSWORD · rolling, start-first · about 8 s · no downtime',
      'remove secret smtp_password removed after all gates',
    ],
  },
  'certificate-renewed': {
    lines: [
      'update nginx secrets /etc/nginx/tls/privkey.pem /etc/nginx/tls/fullchain.pem · rolling, start-first · about 6 s · no downtime',
      'renew secret tls_self_signed_certificate rotated, the old one is destroyed after all gates',
      'renew secret tls_self_signed_key rotated, the old one is destroyed after all gates',
      'renew certificate tls_self_signed renewed by Terraform',
    ],
  },
  // By hand, or by Swarm.
  'scaled-by-hand': {
    lines: [
      'update users 3 → 2 replicas · scaled by hand to 3, returns to 2 · surplus tasks stop · about 6 s · no downtime',
    ],
  },
  'scaled-by-hand-and-planned': {
    lines: [
      'update users 3 → 4 replicas · scaled by hand to 3, becomes 4 · new tasks beside the present ones · about 8 s · no downtime',
    ],
  },
  'image-by-hand': { lines: [BACK_TO_PLAN] },
  'rolled-back': { lines: [BACK_TO_PLAN] },
  'removed-by-hand': {
    lines: [
      'create mailer mailer:1.0.0, 1 task · is gone since the last deploy, removed by hand; it is made again · new · about 8 s',
    ],
  },
  // A label would replace the service, so Terraform is told to look away.
  'label-by-hand': { lines: [] },
  'config-gone': {
    lines: [
      'create config unused new; it is gone from the server, or could not be read: then the apply says "already exists"',
    ],
  },

  // What an earlier deploy left.
  tainted: {
    lines: [`REPLACE users (its last change failed half-way) ${REPLACED}`],
    needs: ['users'],
  },
  'after-a-failed-gate': { lines: OLDER_PAIR },
  'after-a-failed-gate-and-a-rollback': {
    lines: [
      'update nginx secrets /etc/nginx/tls/privkey.pem /etc/nginx/tls/fullchain.pem · changed by hand or rolled back by Swarm: secrets /etc/nginx/tls/privkey.pem /etc/nginx/tls/fullchain.pem · rolling, start-first · about 6 s · no downtime',
      ...OLDER_PAIR,
    ],
  },

  // Into the state without a change of what runs.
  recovered: { lines: [] },
  'taken-over': {
    lines: [
      'import legacy settings · taken over as it runs, then rolling, stop-first, one task fewer meanwhile · about 2 s · requests may fail',
      ' no health check: tasks get requests before they are ready',
      'import network legacy taken over as it is',
      'import volume legacy taken over as it is',
    ],
    needs: [],
  },

  // Made and taken away.
  added: {
    lines: [
      'create mailer mailer:1.0.0, 1 task · new · about 8 s',
      'update nginx configs /etc/nginx/nginx.conf · rolling, start-first · about 6 s · no downtime',
      'renew config nginx_conf new version, the old one is destroyed after all gates',
    ],
  },
  removed: {
    lines: ['REMOVE mailer mailer:1.0.0, 1 task · DOWNTIME: its tasks stop for good'],
    needs: ['mailer'],
  },
  'volume-replaced': {
    lines: ['REPLACE volume archive REPLACED: its data is LOST'],
    needs: ['archive'],
  },
  'volume-removed': {
    lines: ['REMOVE volume archive DELETED: its data is LOST'],
    needs: ['archive'],
  },

  // They come back in each plan.
  'two-env-entries': {
    lines: [
      'update users 2 → 3 replicas · rolling, start-first · about 44 s · no downtime',
      ' its 2 env entries are written in random order, so that any update restarts tasks',
    ],
  },
  'restart-window': { lines: [`update users restart_policy ${ROLLS}`] },
  'encrypted-network': {
    lines: ['REPLACE network extra REPLACED: everything on it loses it'],
    needs: ['extra'],
  },

  acknowledged: {
    lines: [
      `update users image users:1.0.0 → users:1.1.0, env LANG TZ ${ROLLS}`,
      'acknowledged: users breaks one-env-entry: taken over from the older stack',
    ],
  },
};

test('every plan that was recorded has a claim, and every claim a plan', () => {
  const recorded = readdirSync(FOLDER).map((file) => file.replace('.json', ''));
  expect(Object.keys(CLAIMS).sort()).toEqual(recorded.sort());
});

test.each(Object.entries(CLAIMS))('%s', (name, { lines, needs = [], refused = [] }) => {
  const plan = read(name);
  expect(said(plan)).toEqual(lines);
  expect(plan.needs.map((need) => need.name)).toEqual(needs);
  expect(plan.refusals).toEqual(refused);
});

test('the fixtures hold no secret, no path and no address of where they were made', () => {
  const all = readdirSync(FOLDER)
    .map((file) => readFileSync(join(FOLDER, file), 'utf8'))
    .join('\n')
    // A mount in a container.
    .replaceAll('"target":"/tmp","type":"tmpfs"', '');
  expect(all).not.toMatch(/not-a-secret|PRIVATE KEY|\.sock|\/tmp|\/home|\/root|ssh:/);
});

test('what a failed deploy left has no date of its own', () => {
  expect(read('after-a-failed-gate').certificates).toHaveLength(1);
});
