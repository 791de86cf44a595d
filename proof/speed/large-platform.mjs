// Run by proof/speed/synth.mjs: synthesizes a made-up platform of N applications in this process, and prints what it cost.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  App,
  bundledScripts,
  Cpu,
  definePlatform,
  kafka,
  Memory,
  mariadb,
  Platform,
} from '../../constructs/index.ts';

const count = Number(process.argv[2]);
const size = (cpus, mebibytes) => ({ cpus: Cpu.cores(cpus), memory: Memory.mebibytes(mebibytes) });
const each = (value) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`app-${index}`, value(index)]));

const IMAGES = {
  app: 'ghcr.io/acme/app:1.0.0',
  mariadb: 'mariadb:10.11',
  kafka: 'apache/kafka:4.1.1',
  nginx: 'nginx:1.30',
};

const catalogue = definePlatform({
  name: 'large',
  serverName: 'large.example.com',
  tls: { mode: 'self-signed' },
  secrets: { db_password: {}, session_key: { minLength: 32 } },
  variables: { smtp_host: { kind: 'host' } },
  backends: {
    mariadb: mariadb({
      image: IMAGES.mariadb,
      limits: size(1, 1024 + 64 * count),
      user: 'large',
      password: 'db_password',
      databases: Object.fromEntries(Array.from({ length: count }, (_, index) => [`db_${index}`, {}])),
    }),
    kafka: kafka({ image: IMAGES.kafka, limits: size(1, 1024), heap: Memory.mebibytes(512) }),
  },
  services: each((index) => ({
    image: IMAGES.app,
    port: 8000,
    command: ['app', '--port', '8000'],
    replicas: 2,
    limits: size(0.5, 512),
    capDrop: ['ALL'],
    backends: { mariadb: `db_${index}`, kafka: true },
    settings: { LOG_LEVEL: 'info', WORKERS: '4', REGION: 'eu' },
    secrets: { SESSION_KEY: 'session_key' },
    variables: { SMTP_HOST: 'smtp_host' },
    urls: { NEXT_URL: `app-${(index + 1) % count}` },
  })),
  nginx: {
    image: IMAGES.nginx,
    limits: size(0.5, 1600),
    edge: { limits: size(0.25, 256) },
    routes: Array.from({ length: count }, (_, index) => ({ path: `/r${index}`, service: `app-${index}` })),
  },
  environments: {
    production: {
      node: { cpus: Cpu.cores(2 * count + 10), memory: Memory.gibibytes(2 * count + 10) },
      state: { kind: 'local' },
    },
  },
});

const outdir = mkdtempSync(join(tmpdir(), 'large-platform-'));
try {
  const start = performance.now();
  const app = new App({ outdir });
  new Platform(app, catalogue, {
    environment: 'production',
    shell: { VPS_HOST: 'vps.example.com', VPS_USER: 'deploy' },
    imageLock: Object.fromEntries(
      Object.values(IMAGES).map((image) => [
        image,
        `sha256:${createHash('sha256').update(image).digest('hex')}`,
      ]),
    ),
    scripts: bundledScripts('dist'),
  });
  app.synth();
  const milliseconds = performance.now() - start;
  const { size: bytes } = statSync(join(outdir, 'stacks', 'swarm', 'cdk.tf.json'));
  process.stdout.write(JSON.stringify({ milliseconds, bytes, peak: process.resourceUsage().maxRSS * 1024 }));
} finally {
  rmSync(outdir, { recursive: true });
}
