import { Cpu, definePlatform, Memory, mariadb } from 'proctorwise-swarm';
import { valkey } from './valkey';

const size = (cpus: number, mebibytes: number) => ({
  cpus: Cpu.cores(cpus),
  memory: Memory.mebibytes(mebibytes),
});

export const platform = definePlatform({
  name: 'shop',
  serverName: 'shop.example.com',
  tls: {
    mode: 'letsencrypt',
    image: 'certbot/certbot:v5.8.0',
    email: 'operations@example.com',
    directory: 'staging',
  },
  secrets: {
    db_password: { description: "password of MariaDB's account shop" },
    cache_password: { description: "Valkey's password" },
  },
  variables: {},

  backends: {
    mariadb: mariadb({
      image: 'mariadb:10.11',
      limits: size(1, 768),
      user: 'shop',
      password: 'db_password',
      accounts: 'per-service',
      databases: { orders: {}, catalog: {} },
    }),
    cache: valkey({ image: 'valkey/valkey:8.1', limits: size(0.5, 256), password: 'cache_password' }),
  },

  services: {
    storefront: {
      image: 'ghcr.io/example/storefront:1.4.0',
      port: 3000,
      command: ['node', 'server.js'],
      capDrop: ['ALL'],
      readOnlyRoot: true,
      tmpfs: ['/tmp'],
      replicas: 2,
      limits: size(0.5, 256),
      backends: { mariadb: 'catalog', cache: { database: 0 } },
      urls: { ORDERS_URL: 'orders' },
    },
    orders: {
      image: 'ghcr.io/example/orders:2.0.1',
      port: 8000,
      command: ['orders', 'serve'],
      capDrop: ['ALL'],
      readOnlyRoot: true,
      tmpfs: ['/tmp'],
      replicas: 2,
      limits: size(0.25, 128),
      backends: { mariadb: 'orders' },
    },
  },

  nginx: {
    image: 'nginx:1.30',
    limits: size(0.5, 448),
    connectionsPerAddress: 1000,
    edge: { limits: size(0.25, 64) },
    routes: [
      { path: '/', service: 'storefront' },
      { path: '/orders', service: 'orders' },
    ],
  },

  environments: {
    production: {
      node: { cpus: Cpu.cores(4), memory: Memory.gibibytes(4) },
      state: { kind: 's3', bucket: 'shop-state', region: 'eu-west-1' },
    },
  },
});
