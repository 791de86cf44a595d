import type { Shell } from '../../contract/shell';
import { parseDockerHost } from '../docker/host';
import { Probe } from '../probe/probe';
import { breaches } from '../probe/statistics';
import type { SynthesizedStack } from '../stack/synthesized';
import type { DeployResult } from './result';

export interface TrafficProps {
  readonly stack: SynthesizedStack;
  readonly shell: Shell;
  /** Nothing of the platform runs yet. */
  readonly first: boolean;
  readonly say: (line: string) => void;
  /** A limit is passed, and the catalogue wants the deploy put back: go no further. */
  readonly stopDeploy: () => void;
}

/** Requests under way. */
export interface Traffic {
  end(): Promise<NonNullable<DeployResult['probe']>>;
}

const HTTPS = 443;

/**
 * Starts the catalogue's probe against the public entry point: `VPS_PUBLIC_HOST`, where clients reach the server by another
 * address than ssh does, else the server of the deploy.
 *
 * @returns undefined where there is nothing to probe
 */
export async function watchTraffic(props: TrafficProps): Promise<Traffic | undefined> {
  const { stack, say } = props;
  const { probe: settings, serverName, selfSigned = true } = stack.settings;
  const port = stack.services.flatMap(({ ports }) => ports).find(({ target }) => target === HTTPS)?.published;
  if (!settings || port === undefined) return undefined;
  if (props.first) {
    say('probe: not on a first deploy, there is no entry point yet');
    return undefined;
  }
  const target = parseDockerHost(stack.host);
  const host = props.shell.VPS_PUBLIC_HOST || (target.kind === 'ssh' ? target.host : '127.0.0.1');
  const endpoint = { host, port, selfSigned, ...(serverName ? { serverName } : {}) };
  const probe = new Probe(endpoint, settings, (words) => {
    say(`probe: ${words.join('; ')}`);
    if (settings.onFailure === 'rollback') props.stopDeploy();
  });
  const dead = await probe.baseline();
  for (const { path, failure } of dead) {
    say(`probe: ${path} fails already before the deploy (${failure}), so it is not counted`);
  }
  probe.start(settings.paths.filter((path) => !dead.some((sample) => sample.path === path)));
  return {
    end: async () => {
      const report = await probe.stop();
      return { ...report, breaches: breaches(report, settings) };
    },
  };
}
