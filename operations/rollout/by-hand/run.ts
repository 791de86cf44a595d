import { EXIT_CODES, worst } from '../../../contract/outcome';
import type { Service } from '../../docker/answers';
import { ConnectionError } from '../../docker/explain';
import { SwarmClient } from '../../docker/swarm-client';
import { redactorHere } from '../../inputs/redactor-here';
import { UsageError } from '../../terminal/usage-error';
import { currentPlan, currentTimings } from '../current-spec';
import { follow } from '../follow';
import type { RolloutOptions } from './options';

/** What the services say now is the plan. Resolves to the exit code. @throws {UsageError} */
export async function runRollout(options: RolloutOptions): Promise<number> {
  const { host, sshOptions, derived } = options;
  const swarm = new SwarmClient({ host, sshOptions, redactor: redactorHere(process.env, derived) });
  try {
    const services = await find(swarm, options.names);
    const results = await Promise.all(
      services.map((service, index) => {
        const timings = {
          ...currentTimings(service),
          ...(options.deadlineSeconds === undefined ? {} : { deadlineSeconds: options.deadlineSeconds }),
          ...(options.observeSeconds === undefined ? {} : { observeSeconds: options.observeSeconds }),
        };
        const position = services.length > 1 ? { index: index + 1, total: services.length } : null;
        const name = service.Spec.Name ?? service.ID;
        const rollout = { host, sshOptions, service: name, planned: currentPlan(service), timings, position };
        return follow(swarm, rollout, {
          json: options.json,
          mayRollBack: options.rollBack,
          // Nobody asked for a change here.
          mayResume: false,
          judgeStatus: true,
          redraw: services.length === 1,
        });
      }),
    );
    return EXIT_CODES[worst(results.map((result) => result.outcome))];
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return EXIT_CODES.unreachable;
  } finally {
    swarm.close();
  }
}

async function find(swarm: SwarmClient, names: readonly string[]): Promise<Service[]> {
  const all = await swarm.docker.services();
  return names.flatMap((name) => {
    const exact = all.filter((service) => service.Spec.Name === name || service.ID === name);
    const stack = all.filter(({ Spec }) => Spec.Labels?.['com.docker.stack.namespace'] === name);
    const found = exact.length > 0 ? exact : stack;
    if (found.length === 0)
      throw new UsageError(`there is no stack and no service ${name}\nsee \`docker service ls\``);
    return found.sort((a, b) => (a.Spec.Name ?? '').localeCompare(b.Spec.Name ?? ''));
  });
}
