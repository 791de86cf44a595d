import {
  type Construct,
  Healthcheck,
  type IConstruct,
  type OverlayNetwork,
  type Resources,
  SwarmConfig,
  SwarmService,
  UpdatePolicy,
} from '../../swarm';
import { Duration, type ImageRef } from '../../units';
import type { AcmeOrder, AcmeSpec } from './acme';
import { LETSENCRYPT, WEBROOT } from './volumes';

export interface CertbotProps {
  readonly image: ImageRef;
  readonly network: OverlayNetwork;
  readonly limits: Resources;
  readonly reservations: Resources;
  readonly spec: Pick<AcmeSpec, 'email' | 'profile' | 'selfCheck'>;
  readonly order: AcmeOrder;
  /** The text of `acme.sh`. */
  readonly script: string;
  /** The text of `caFile`. @default none */
  readonly ca?: string | undefined;
}

const SCRIPT = '/acme';
const CA = '/acme-ca.pem';
/** The sign of life and certbot's work folder, and what it logs: ten runs at most. */
const IN_MEMORY = ['/tmp', '/var/log/letsencrypt'];

/**
 * certbot, which gets the certificate and keeps it fresh: a loop that never ends by itself. It is healthy while the loop
 * runs, with or without a certificate: a DNS record that is not there yet must not fail a deploy.
 */
export function certbot(scope: Construct, props: CertbotProps, after: readonly IConstruct[]): SwarmService {
  const { spec, order } = props;
  const script = new SwarmConfig(scope, 'certbot_script', { content: props.script });
  const ca = props.ca === undefined ? undefined : new SwarmConfig(scope, 'certbot_ca', { content: props.ca });
  return new SwarmService(
    scope,
    'certbot',
    {
      image: props.image,
      network: props.network,
      limits: props.limits,
      reservations: props.reservations,
      replicas: 1,
      // One writer. A rollback is fine: any certbot reads what another wrote, and nobody waits for it.
      updatePolicy: UpdatePolicy.stopFirst({ failureAction: 'rollback' }),
      // Where nginx is: the volume is the node's.
      constraints: ['node.role==manager'],
      command: ['/bin/sh', SCRIPT],
      args: [
        `DIRECTORY=${order.directory}`,
        `NAMES=${order.names.join(',')}`,
        `LINEAGE=${order.lineage}`,
        `EMAIL=${spec.email}`,
        ...(order.httpPort === 80 ? [] : [`HTTP_PORT=${order.httpPort}`]),
        ...(spec.profile ? [`PROFILE=${spec.profile}`] : []),
        ...(spec.selfCheck === false ? ['SELF_CHECK=no'] : []),
        ...(ca ? [`CA_FILE=${CA}`] : []),
      ],
      configs: [{ config: script, target: SCRIPT }, ...(ca ? [{ config: ca, target: CA }] : [])],
      mounts: [LETSENCRYPT, WEBROOT, ...IN_MEMORY.map((target) => ({ type: 'tmpfs' as const, target }))],
      // Root, whose files the key and the accounts are.
      capDrop: ['ALL'],
      readOnlyRoot: true,
      healthcheck: Healthcheck.command(['/bin/sh', SCRIPT, '--healthy'], {
        startPeriod: Duration.seconds(10),
        // The probe shares certbot's quarter of a CPU.
        interval: Duration.seconds(10),
        timeout: Duration.seconds(10),
      }),
      // certbot takes its challenge away and is gone; longer than one request to the CA takes nobody waits.
      stopGracePeriod: Duration.seconds(30),
    },
    after,
  );
}
