import type { Shell } from '../../contract/shell';
import { parseDockerHost } from '../docker/host';
import type { ServiceChange } from '../plan/changes/model';
import { coveredSeconds, type Interruption, Interruptions } from '../probe/interruption';
import { Probe } from '../probe/probe';
import { breaches } from '../probe/statistics';
import type { SynthesizedStack } from '../stack/synthesized';
import { formatSeconds } from '../terminal/quantities';
import type { DeployResult } from './result';

export interface TrafficProps {
  readonly stack: SynthesizedStack;
  readonly shell: Shell;
  /** Nothing of the platform runs yet. */
  readonly first: boolean;
  readonly say: (line: string) => void;
  /** What was acknowledged: it does not count for as long as the plan said. */
  readonly interruptions: readonly Interruption[];
  /** A limit is passed, and the catalogue wants the deploy put back: go no further. */
  readonly stopDeploy: () => void;
}

/** Requests under way. */
export interface Traffic {
  /** Terraform begins to change a service. */
  began(service: string): void;
  /** A service's gate has passed. */
  passed(service: string): void;
  end(): Promise<NonNullable<DeployResult['probe']>>;
}

/** The downtime of a plan that may be applied, all of which was acknowledged. One that is removed is missed by nobody. */
export const interruptionsOf = (services: readonly ServiceChange[]): Interruption[] =>
  services
    .filter(({ downtime, downtimeSeconds }) => downtime && downtimeSeconds > 0)
    .map(({ service, downtimeSeconds, slowStartSeconds, portMoves = [] }) => ({
      service,
      begins: [service, ...portMoves.filter(({ to }) => to === service).map(({ from }) => from)],
      seconds: coveredSeconds(downtimeSeconds, slowStartSeconds),
    }));

const HTTPS = 443;

/**
 * Starts the catalogue's probe against the public entry point: `VPS_PUBLIC_HOST`, where clients reach the server by another
 * address than ssh does, else the server of the deploy.
 *
 * @returns undefined where there is nothing to probe
 */
export async function watchTraffic(props: TrafficProps): Promise<Traffic | undefined> {
  const { stack, say } = props;
  const { probe: settings, serverName, selfSigned = true, front } = stack.settings;
  const port = stack.services.flatMap(({ ports }) => ports).find(({ target }) => target === HTTPS)?.published;
  if (!settings || port === undefined) return undefined;
  if (props.first) {
    say('probe: not on a first deploy, there is no entry point yet');
    return undefined;
  }
  const target = parseDockerHost(stack.host);
  const server = target.kind === 'ssh' ? target.host : '127.0.0.1';
  // Who speaks no PROXY protocol hears nothing from the server itself then.
  const host = props.shell.VPS_PUBLIC_HOST || (front === 'proxy-protocol' && serverName) || server;
  const endpoint = { host, port, selfSigned, ...(serverName ? { serverName } : {}) };
  const interruptions = new Interruptions(props.interruptions);
  const onBreach = (words: string[]) => {
    say(`probe: ${words.join('; ')}`);
    if (settings.onFailure === 'rollback') props.stopDeploy();
  };
  const probe = new Probe(endpoint, settings, onBreach, interruptions);
  for (const { service, seconds } of props.interruptions) {
    say(
      `probe: ${service} was acknowledged: what fails while it changes does not count for ${formatSeconds(seconds)}`,
    );
  }
  const dead = await probe.baseline();
  for (const { path, failure } of dead) {
    say(`probe: ${path} fails already before the deploy (${failure}), so it is not counted`);
  }
  probe.start(settings.paths.filter((path) => !dead.some((sample) => sample.path === path)));
  return {
    began: (service) => interruptions.begin(service, performance.now()),
    passed: (service) => interruptions.end(service, performance.now()),
    end: async () => {
      const report = await probe.stop();
      return { ...report, breaches: breaches(report, settings) };
    },
  };
}
