import type { Network, Service, SwarmObject } from '../../../../operations/docker/answers';
import { type Asking, readHeld } from '../../../../operations/fresh/held';
import type { Sight } from '../../../../operations/fresh/record';
import { readFacts } from '../../../../operations/fresh/state-facts';
import recorded from './recorded.json';

// biome-ignore lint/suspicious/noExplicitAny: documents that other programs wrote
export type Json = any;

/** What a real engine and a real state had, as often as a test wants to change it. */
export const copy = (): Json => structuredClone(recorded);

export const SERVICES = ['mariadb', 'nginx', 'edge', 'monitoringservice'] as const;
export const NAMESPACE = 'proctorwise';

/** A server that a test may change. */
export interface Swarm {
  cluster: string;
  services: Service[];
  networks: Network[];
  secrets: SwarmObject[];
  configs: SwarmObject[];
}

const SECRET = { ID: 'secret1', Spec: { Name: 'proctorwise_db_password_b7e956ac47', Labels: {} } };
const CONFIG = { ID: 'config1', Spec: { Name: 'proctorwise_launcher_b2be5f486b' } };

export function swarm(): Swarm {
  const { services, network } = copy();
  return {
    cluster: 'cluster1',
    services: SERVICES.map((name) => services[name]),
    networks: [network],
    secrets: [structuredClone(SECRET)],
    configs: [structuredClone(CONFIG)],
  };
}

/** As a DockerClient asks it. */
export const asking = (of: Swarm): Asking => ({
  info: async () => ({
    Name: 'node1',
    DockerRootDir: '/',
    SystemTime: '2026-01-02T03:04:05Z',
    NCPU: 2,
    MemTotal: 8e9,
    Swarm: { Cluster: { ID: of.cluster } },
  }),
  services: async () => of.services,
  networks: async () => of.networks,
  secrets: async () => of.secrets,
  configs: async (filters) => of.configs.filter(({ ID }) => !filters?.id || filters.id.includes(ID)),
});

/** The state of the same moment, which a test may change. */
export function stateDocument(): Json {
  const { attributes } = copy();
  const one = (type: string, name: string, attributes: Json, more: Json = {}) => ({
    mode: 'managed',
    type,
    name,
    provider: 'provider["registry.terraform.io/kreuzwerker/docker"]',
    instances: [{ attributes, ...more }],
  });
  const key = { index_key: 'b7e956ac47' };
  const secret = { id: 'secret1', name: SECRET.Spec.Name, labels: [], data: 'Z2VoZWlt' };
  const tls = {
    id: '1',
    private_key_pem: 'PRIVATE',
    validity_end_time: '2027-02-25T12:00:00Z',
    early_renewal_hours: 720,
    ready_for_renewal: false,
  };
  return {
    version: 4,
    terraform_version: '1.11.4',
    serial: 89,
    lineage: 'lineage1',
    outputs: {},
    resources: [
      ...SERVICES.map((name) => one('docker_service', name, attributes[name])),
      one('docker_network', 'proctorwise', attributes.network),
      one('docker_secret', 'db_password', secret, key),
      one('docker_config', 'launcher', { id: 'config1', name: CONFIG.Spec.Name, data: 'eA==' }),
      one('null_resource', 'mariadb_rollout', { id: '7', triggers: {} }),
      one('tls_self_signed_cert', 'tls_self_signed', tls),
    ],
  };
}

export const PROVIDERS = 'registry.terraform.io/kreuzwerker/docker 3.6.2';

export async function sightOf(state: Json = stateDocument(), of: Swarm = swarm()): Promise<Sight> {
  const facts = readFacts(JSON.stringify(state));
  return {
    namespace: NAMESPACE,
    facts,
    providers: PROVIDERS,
    held: await readHeld(asking(of), facts.known),
  };
}
