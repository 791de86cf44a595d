import { Cpu, definePlatform, kafka, Memory, mariadb } from '../../../constructs';

const size = (cpus: number, mebibytes: number) => ({
  cpus: Cpu.cores(cpus),
  memory: Memory.mebibytes(mebibytes),
});

const NODE = { cpus: Cpu.cores(4), memory: Memory.gibibytes(8) };

/** A small catalogue with one of everything, and names that are nobody's. */
export const catalogue = definePlatform({
  name: 'acme',
  serverName: 'acme.example.com',
  tls: { mode: 'self-signed' },
  secrets: {
    db_password: {},
    session_key: { minLength: 32 },
    smtp_password: { optional: true, minLength: 1 },
  },
  variables: { smtp_host: { kind: 'host' }, smtp_port: { kind: 'port', default: '25' } },
  registries: [{ address: 'ghcr.io', username: 'registry_username', password: 'registry_password' }],
  backends: {
    mariadb: mariadb({
      image: 'mariadb:10.11',
      limits: size(1, 1024),
      user: 'acme',
      password: 'db_password',
      databases: { acme_users: {} },
    }),
    kafka: kafka({ image: 'apache/kafka:4.1.1', limits: size(1, 1024), heap: Memory.mebibytes(512) }),
  },
  services: {
    users: {
      image: 'ghcr.io/acme/users:1.0.0',
      port: 8000,
      command: ['users'],
      capDrop: ['ALL'],
      replicas: 2,
      limits: size(0.5, 512),
      backends: { mariadb: 'acme_users', kafka: true },
      settings: { LOG_LEVEL: 'info' },
      secrets: { SESSION_KEY: 'session_key' },
    },
    mailer: {
      image: 'ghcr.io/acme/mailer:1.0.0',
      port: 8001,
      command: ['mailer'],
      capDrop: ['ALL'],
      replicas: 1,
      limits: size(0.5, 512),
      reservations: size(0.1, 64),
      variables: { SMTP_HOST: 'smtp_host', SMTP_PORT: 'smtp_port' },
      secrets: { SMTP_PASSWORD: 'smtp_password' },
      urls: { USERS_URL: 'users' },
    },
  },
  nginx: {
    image: 'nginx:1.30',
    limits: size(0.5, 448),
    connectionsPerAddress: 1000,
    edge: { limits: size(0.25, 64) },
    routes: [
      { path: '/', service: 'users' },
      { path: '/mail', service: 'mailer' },
    ],
  },
  environments: {
    production: { node: NODE, state: { kind: 's3', bucket: 'acme-state', region: 'eu-west-3' } },
    staging: {
      name: 'acme-staging',
      serverName: 'staging.acme.example.com',
      host: 'staging.acme.example.com',
      node: NODE,
      state: { kind: 'local' },
      reservations: size(0.05, 32),
      services: {
        users: {
          replicas: 1,
          image: 'ghcr.io/acme/users:1.1.0-rc1',
          limits: size(0.4, 400),
          reservations: size(0.2, 200),
        },
      },
    },
    lab: {
      serverName: 'localhost',
      node: NODE,
      state: { kind: 'local', directory: '.lab' },
      ports: { http: 8080, https: 8443 },
      disposable: true,
    },
  },
});
