import { createHash } from 'node:crypto';
import { canonical } from '../docker/standing';
import { type KnownObject, parseContents } from '../terraform/state-contents';

/** What a state says of itself, as far as a refresh could say otherwise. No values of secrets. */
export interface StateFacts {
  /** Empty where there is no state yet. */
  readonly lineage: string;
  readonly serial: number;
  /** Of all that it has but the secrets' values. */
  readonly digest: string;
  readonly known: readonly KnownObject[];
  /** Attributes of services and networks, by their ids in Swarm. */
  readonly attributes: ReadonlyMap<string, Json>;
  /** Why nobody but Terraform can say whether it is still so; empty where that can be told. */
  readonly obstacles: readonly string[];
  /** Milliseconds since 1970 from which on a refresh would renew a certificate. @default never */
  readonly renewsAt?: number;
}

// biome-ignore lint/suspicious/noExplicitAny: a document that another program wrote
type Json = any;

/** What Terraform reads from the server. */
const READ = ['docker_network', 'docker_config', 'docker_secret', 'docker_service'];
/** What nobody outside of the state can change. */
const KEPT = ['null_resource', 'terraform_data', 'tls_private_key', 'tls_self_signed_cert'];

const HOUR_MS = 3_600_000;

/** @param text as `terraform state pull` prints it */
export function readFacts(text: string): StateFacts {
  const { lineage = '', serial = 0, resources = [] }: Json = text.trim() === '' ? {} : JSON.parse(text);
  const instances = (resources as Json[]).flatMap(({ instances: all, ...resource }) =>
    (all as Json[]).map((instance) => ({ ...resource, ...instance })),
  );
  const renewals = instances.filter(({ type }) => type === 'tls_self_signed_cert').map(renewalOf);
  return {
    lineage,
    serial,
    digest: createHash('sha256')
      .update(canonical(instances.map(withoutSecrets)))
      .digest('hex'),
    known: parseContents(text),
    attributes: new Map(
      instances
        .filter(({ type, deposed }) => ['docker_service', 'docker_network'].includes(type) && !deposed)
        .map(({ attributes = {} }) => [attributes.id ?? '', attributes]),
    ),
    obstacles: [...new Set(instances.flatMap(obstacleOf))],
    ...(renewals.length > 0 ? { renewsAt: Math.min(...renewals) } : {}),
  };
}

function obstacleOf({ mode, type, name, status, deposed }: Json): string[] {
  const address = `${type}.${name}`;
  if (status === 'tainted') return [`${address} is tainted`];
  if (deposed) return [`an older ${address} is still to be destroyed`];
  return mode === 'managed' && [...READ, ...KEPT].includes(type)
    ? []
    : [`only its provider can read ${address}`];
}

/** One that cannot be read renews at once: then Terraform looks. */
function renewalOf({ attributes = {} }: Json): number {
  const { validity_end_time: end, early_renewal_hours: early = 0, ready_for_renewal: ready } = attributes;
  const time = ready ? 0 : Date.parse(end) - early * HOUR_MS;
  return Number.isNaN(time) ? 0 : time;
}

/** A hash of what somebody chose could be guessed; all of them have names or ids that change with them. */
function withoutSecrets({ type, attributes = {}, private: _, provider, ...rest }: Json) {
  const { id, name, labels, validity_end_time, early_renewal_hours } = attributes;
  const isSecret = type === 'docker_secret' || type.startsWith('tls_');
  const harmless = isSecret ? { id, name, labels, validity_end_time, early_renewal_hours } : attributes;
  return { type, provider, ...rest, attributes: harmless };
}
