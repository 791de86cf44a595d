import { Cpu, Duration, definePlatform, Healthcheck, kafka, Memory, mariadb } from './constructs';

const size = (cpus: number, mebibytes: number) => ({
  cpus: Cpu.cores(cpus),
  memory: Memory.mebibytes(mebibytes),
});

/** The images write to /app/local_storage and /tmp alone, and need no capability. */
const hardened = { capDrop: ['ALL'], readOnlyRoot: true, tmpfs: ['/tmp'] } as const;

/**
 * The images' CMD, with time-outs that fit the drain: requests in hand get 30 s, idle connections outlive nginx's. Whose
 * forwarded headers are believed: everybody's, since nginx alone reaches the port from outside, and has an address that
 * nobody knows beforehand. Without it a service sees nginx for a client, and `http`.
 */
const uvicorn = (port: number) => [
  'uvicorn',
  'main:app',
  '--host',
  '0.0.0.0',
  '--port',
  String(port),
  '--timeout-graceful-shutdown',
  '30',
  '--timeout-keep-alive',
  '75',
  // Both print queries, where a browser's WebSocket has its token; nginx logs each request without.
  '--no-access-log',
  '--log-level',
  'warning',
  '--forwarded-allow-ips',
  '*',
];

/** The CA of the lab's mail server, as the lab tells where it is: each has its own. */
const labCa = process.env.LAB_CA_FILE ? { caFile: process.env.LAB_CA_FILE } : {};

/** Its tasks keep in memory who watches `/…/…/<id>`: what is about the same one goes to the same task. */
const watched = {
  websocket: true,
  websocketTimeout: Duration.hours(24),
  affinity: { path: 3 },
} as const;

export const platform = definePlatform({
  name: 'proctorwise',
  serverName: 'proctorwise.example.com',
  tls: { mode: 'self-signed' },

  secrets: {
    db_password: { minLength: 16, description: "password of MariaDB's account proctorwise" },
    jwt_secret_key: { minLength: 32, description: 'key that signs sessions', signsTokens: {} },
    smtp_username: { optional: true, minLength: 1 },
    smtp_password: { optional: true, minLength: 12 },
    smtp_from_email: { optional: true, minLength: 3 },
  },
  variables: {
    smtp_host: { kind: 'host', description: 'mail server' },
    smtp_port: { kind: 'port', description: "mail server's port" },
  },
  registries: [{ address: 'ghcr.io', username: 'registry_username', password: 'registry_password' }],

  backends: {
    mariadb: mariadb({
      image: 'mariadb:10.11',
      limits: size(1, 1024),
      reservations: size(0.5, 512),
      user: 'proctorwise',
      password: 'db_password',
      accounts: 'per-service',
      // A database's `schema` names an idempotent SQL file, for services that create no tables themselves.
      databases: {
        proctorwise_users: {},
        proctorwise_reservations: {},
        proctorwise_monitoring: {},
        proctorwise_corrections: {},
        proctorwise_notifications: {},
        proctorwise_analytics: {},
      },
      // Where an environment says `backupTo`: at most five minutes of what was written are lost with the server.
      backup: { rpo: Duration.minutes(5) },
    }),
    // Reservations of 0.1 and 0.2 CPU are a fifth of the limit: with half, all would add up to more than the node's 4 CPUs.
    kafka: kafka({
      image: 'apache/kafka:4.1.1',
      limits: size(1, 1024),
      reservations: size(0.2, 512),
      heap: Memory.mebibytes(512),
      topics: ['exam_scheduled', 'anomaly_detected', 'grading_completed', 'high_risk_alert'],
    }),
  },

  services: {
    userservice: {
      image: 'ghcr.io/proctorwise/proctorwise-userservice:1.0.0',
      port: 8000,
      command: uvicorn(8000),
      ...hardened,
      replicas: 2,
      limits: size(0.5, 512),
      reservations: size(0.25, 256),
      backends: { mariadb: 'proctorwise_users' },
      settings: { JWT_ALGORITHM: 'HS256' },
      secrets: { JWT_SECRET_KEY: 'jwt_secret_key' },
    },
    reservationservice: {
      image: 'ghcr.io/proctorwise/proctorwise-reservationservice:1.0.0',
      port: 8000,
      command: uvicorn(8000),
      ...hardened,
      replicas: 2,
      limits: size(0.5, 512),
      reservations: size(0.25, 256),
      backends: { mariadb: 'proctorwise_reservations', kafka: true },
    },
    monitoringservice: {
      image: 'ghcr.io/proctorwise/proctorwise-monitoringservice:1.0.0',
      port: 8003,
      command: uvicorn(8003),
      ...hardened,
      replicas: 2,
      limits: size(1, 1024),
      reservations: size(0.5, 512),
      // It loads machine-learning libraries before it answers.
      healthcheck: Healthcheck.http('/health', { startPeriod: Duration.seconds(90) }),
      backends: { mariadb: 'proctorwise_monitoring', kafka: true },
      settings: { FRAME_STORAGE_PATH: '/app/local_storage', USE_LOCAL_STORAGE: 'true' },
      sharedVolumes: [{ name: 'monitoring_frames', target: '/app/local_storage', backup: true }],
    },
    correctionservice: {
      image: 'ghcr.io/proctorwise/proctorwise-correctionservice:1.0.0',
      port: 8000,
      command: uvicorn(8000),
      ...hardened,
      replicas: 2,
      limits: size(0.5, 512),
      reservations: size(0.1, 256),
      backends: { mariadb: 'proctorwise_corrections', kafka: true },
    },
    notificationservice: {
      image: 'ghcr.io/proctorwise/proctorwise-notificationservice:1.0.0',
      port: 8000,
      command: uvicorn(8000),
      ...hardened,
      replicas: 2,
      limits: size(0.5, 512),
      reservations: size(0.1, 256),
      backends: { mariadb: 'proctorwise_notifications', kafka: true },
      settings: { ENABLE_KAFKA_CONSUMER: 'true', USE_MOCK_SENDERS: 'false' },
      variables: { SMTP_HOST: 'smtp_host', SMTP_PORT: 'smtp_port' },
      secrets: {
        SMTP_USERNAME: 'smtp_username',
        SMTP_PASSWORD: 'smtp_password',
        SMTP_FROM_EMAIL: 'smtp_from_email',
      },
      urls: { USER_SERVICE_URL: 'userservice', RESERVATION_SERVICE_URL: 'reservationservice' },
    },
    analyticsservice: {
      image: 'ghcr.io/proctorwise/proctorwise-analyticsservice:1.0.0',
      port: 8000,
      command: uvicorn(8000),
      ...hardened,
      replicas: 1,
      limits: size(0.5, 512),
      reservations: size(0.1, 256),
      // Its reports select from the others' databases.
      backends: {
        mariadb: {
          database: 'proctorwise_analytics',
          reads: [
            'proctorwise_users',
            'proctorwise_reservations',
            'proctorwise_monitoring',
            'proctorwise_corrections',
            'proctorwise_notifications',
          ],
        },
      },
      urls: {
        USER_SERVICE_URL: 'userservice',
        RESERVATION_SERVICE_URL: 'reservationservice',
        CORRECTION_SERVICE_URL: 'correctionservice',
        MONITORING_SERVICE_URL: 'monitoringservice',
      },
    },
  },

  nginx: {
    image: 'nginx:1.30',
    // Were all connections that it accepts kept as busy as clients can: `npm run bench:connections`.
    limits: size(0.5, 1600),
    reservations: size(0.1, 128),
    edge: { limits: size(0.25, 192), reservations: size(0.05, 32) },
    maxBodySize: '10m',
    routes: [
      { path: '/', service: 'userservice', rate: false },
      { path: '/users', service: 'userservice' },
      { path: '/exams', service: 'reservationservice' },
      { path: '/reservations', service: 'reservationservice' },
      { path: '/questions', service: 'reservationservice' },
      {
        path: '/monitoring',
        service: 'monitoringservice',
        burst: 50,
        maxBodySize: '50m',
        ...watched,
      },
      { path: '/corrections', service: 'correctionservice' },
      { path: '/notifications', service: 'notificationservice', ...watched },
      { path: '/analytics', service: 'analyticsservice' },
    ],
  },

  environments: {
    production: {
      node: { cpus: Cpu.cores(4), memory: Memory.gibibytes(8) },
      // For real use a bucket or PostgreSQL: docs/state.md. A local file is refused under CI.
      state: { kind: 'local' },
      // For real use a bucket for backups, too, or { kind: 'sftp', … }, another server: docs/data.md.
      // backupTo: { kind: 's3', endpoint: 'https://s3.eu-central-1.amazonaws.com', bucket: '…' },
    },
    staging: {
      name: 'proctorwise-staging',
      serverName: 'staging.proctorwise.example.com',
      node: { cpus: Cpu.cores(2), memory: Memory.gibibytes(4) },
      state: { kind: 'local' },
      reservations: size(0.1, 128),
      services: {
        userservice: { replicas: 1 },
        reservationservice: { replicas: 1 },
        monitoringservice: { replicas: 1, reservations: size(0.2, 512) },
        correctionservice: { replicas: 1 },
        notificationservice: { replicas: 1 },
        mariadb: { reservations: size(0.2, 512) },
        kafka: { reservations: size(0.2, 512) },
        edge: { reservations: size(0.05, 32) },
      },
    },
    lab: {
      serverName: 'localhost',
      node: { cpus: Cpu.cores(2), memory: Memory.gibibytes(8) },
      state: { kind: 'local', directory: '.lab' },
      ports: { http: 8080, https: 8443 },
      reservations: size(0.02, 32),
      observe: Duration.seconds(10),
      services: { notificationservice: labCa },
      disposable: true,
    },
    // The lab's server in a virtual machine (`./proctor lab vps`), made from a bare Debian.
    vps: {
      serverName: 'localhost',
      node: { cpus: Cpu.cores(2), memory: Memory.gibibytes(6) },
      state: { kind: 'local', directory: '.lab' },
      // Emulated, it has moments in which nothing of it gets to speak.
      host: { addressPool: '10.215.0.0/16', heartbeat: Duration.seconds(30) },
      // So much that at most three applications start at a time.
      reservations: size(0.15, 128),
      services: {
        userservice: { replicas: 1 },
        reservationservice: { replicas: 1 },
        monitoringservice: { replicas: 1 },
        correctionservice: { replicas: 1 },
        notificationservice: { replicas: 1, ...labCa },
      },
      // Emulated, Java takes minutes to start, and a probe seconds of the two processors.
      healthcheckMinimum: {
        startPeriod: Duration.minutes(10),
        interval: Duration.seconds(20),
        timeout: Duration.seconds(20),
      },
      observe: Duration.seconds(10),
      disposable: true,
    },
  },
});
