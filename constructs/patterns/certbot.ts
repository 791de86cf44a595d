import { type Construct, Healthcheck, type IConstruct, SwarmConfig, SwarmService } from '../swarm';
import { Duration } from '../units';
import type { AcmeOrder, AcmeSpec } from './acme';
import { LETSENCRYPT, WEBROOT } from './nginx-tls';
import { type StatefulProps, statefulDefaults } from './stateful';

export interface CertbotProps extends StatefulProps {
  readonly spec: Pick<AcmeSpec, 'email' | 'profile' | 'selfCheck'>;
  readonly order: AcmeOrder;
  /** The text of `acme.sh`. */
  readonly script: string;
  /** The text of `caFile`. @default none */
  readonly ca?: string | undefined;
}

const SCRIPT = '/acme';
const CA = '/acme-ca.pem';

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
      ...statefulDefaults(props),
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
      mounts: [LETSENCRYPT, WEBROOT],
      healthcheck: Healthcheck.command(['/bin/sh', SCRIPT, '--healthy'], {
        startPeriod: Duration.seconds(10),
      }),
      // certbot takes its challenge away and is gone; longer than one request to the CA takes nobody waits.
      stopGracePeriod: props.stopGracePeriod ?? Duration.seconds(30),
    },
    after,
  );
}
