import type { Facts, Process, Seen, Task } from '../../../../operations/security/rows/facts';

// biome-ignore lint/suspicious/noExplicitAny: parts of answers, as Docker writes them
type Json = any;

export const process = (more: Partial<Process> = {}): Process => ({
  Name: 'uvicorn',
  Pid: '1',
  Uid: '1000\t1000\t1000\t1000',
  CapEff: '0000000000000000',
  CapBnd: '0000000000000000',
  NoNewPrivs: '1',
  Seccomp: '2',
  ...more,
});

export const task = (service = 'web', host: Json = {}, more: Partial<Task> = {}): Task => ({
  service,
  container: {
    AppArmorProfile: 'docker-default',
    Config: { Env: ['PATH=/usr/bin', 'LANG=C.UTF-8'] },
    HostConfig: {
      ReadonlyRootfs: true,
      Memory: 1,
      NanoCpus: 1,
      PidsLimit: 100,
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m' } },
      ...host,
    },
  },
  processes: [process()],
  ...more,
});

export const service = (name: string, container: Json = {}, more: Json = {}): Json => ({
  ID: name,
  Spec: {
    Name: `shop_${name}`,
    UpdateConfig: { Order: 'start-first' },
    EndpointSpec: { Ports: [] },
    ...more.spec,
    TaskTemplate: {
      Networks: [{ Target: 'front' }],
      ...more.template,
      ContainerSpec: {
        Image: 'web:1@sha256:a',
        CapabilityDrop: ['ALL'],
        Healthcheck: {},
        Mounts: [],
        Env: [],
        Args: ['LEVEL=info'],
        ...container,
      },
    },
  },
});

export const seen = (more: Partial<Seen> = {}): Seen => ({
  certificate: {
    subject: 'shop',
    issuer: 'CA',
    selfSigned: false,
    untrusted: null,
    validFrom: new Date(Date.now() - 1e9).toISOString(),
    validTo: new Date(Date.now() + 5e9).toISOString(),
  },
  tls: { TLSv1: false, 'TLSv1.1': false, 'TLSv1.2': true, 'TLSv1.3': true },
  headers: { server: 'nginx', 'strict-transport-security': 'max-age=63072000' },
  redirect: 'https://shop.example.com/',
  ...more,
});

/** A server on which nothing is otherwise than it should be. */
export const facts = (more: Partial<Facts> = {}): Facts => ({
  stack: 'shop',
  info: {
    Name: 'vps',
    SecurityOptions: ['name=seccomp,profile=builtin', 'name=userns'],
    Swarm: { Cluster: { Spec: { EncryptionConfig: { AutoLockManagers: true } } } },
  } as Json,
  services: [
    service('web'),
    service('edge', {}, { spec: { EndpointSpec: { Ports: [{ PublishedPort: 443 }] } } }),
    service(
      'mariadb',
      { Mounts: [{ Type: 'volume', Source: 'd', Target: '/d' }] },
      {
        spec: { UpdateConfig: { Order: 'stop-first' } },
        template: { Networks: [{ Target: 'back' }] },
      },
    ),
  ],
  nodes: [{ ID: 'n' } as Json],
  networks: [{ Id: 'front', Name: 'shop_front', Driver: 'overlay' }],
  tasks: [task()],
  elsewhere: [],
  backends: ['mariadb'],
  open: [],
  seen: seen(),
  ...more,
});
