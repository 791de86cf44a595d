import type { JobSettings } from '../../contract/job';
import type { Shell } from '../../contract/shell';
import { type Docker, withDocker } from '../docker/client';
import { redactorOfEnvironment } from '../redact/environment';
import { encodeLines } from '../rollout/record';
import { messageOf } from '../terminal/message-of';
import { parseJob } from './input';
import type { JobEnd } from './judge';
import { loginOf } from './login';
import { plannedJob } from './planned';
import { type JobRun, runJob } from './run';
import { endInWords } from './text';

export interface JobStepRun {
  readonly env: Shell;
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
  /** Signals that came, which are taken out one by one. */
  readonly signals: NodeJS.Signals[];
  /** Answers in place of the host, and their clock. @default - the host, and the real one */
  readonly simulated?: { readonly docker: Docker; readonly clock: NonNullable<JobRun['clock']> };
}

/** A step of the graph that is a job. Returns the exit status: 0 done, 1 not done, 2 called wrongly. */
export async function runJobStep({
  env,
  print,
  printError,
  signals,
  simulated,
}: JobStepRun): Promise<number> {
  let settings: JobSettings;
  try {
    settings = parseJob(env.JOB);
  } catch (error) {
    printError(`job: ${messageOf(error)}`);
    return 2;
  }
  const { host, sshOptions, service, kind, planned, registries } = settings;
  const what = `${kind} of ${service}`;
  try {
    const redactor = redactorOfEnvironment(env);
    const work = async (docker: Docker) =>
      runJob(await plannedJob(settings, docker), {
        docker,
        redactor,
        signals,
        say: print,
        login: await loginOf(planned.image, registries ?? [], env),
        clock: simulated?.clock,
      });
    const end = simulated
      ? await work(simulated.docker)
      : await withDocker({ host, sshOptions: sshOptions ?? [] }, work);
    if (end.outcome === 'completed') {
      const line = `${what}: ${endInWords(end, settings.timeoutSeconds)}`;
      // Under `./proctor deploy` it is shown among the gates' verdicts.
      print(env.ROLLOUT_REPORTS ? encodeLines('report', line).trimEnd() : line);
      return 0;
    }
    printError(failure(what, end, settings));
    return 1;
  } catch (error) {
    printError(`${what}: ${messageOf(error)}`);
    return 1;
  }
}

/** Of one on a node that is lost nobody knows what it said. */
const silence = ({ outcome }: JobEnd): string[] => (outcome === 'lost' ? [] : ['  it said nothing']);

/** What went wrong, what it said last, and what there is to do. */
function failure(what: string, end: JobEnd, { kind, timeoutSeconds }: JobSettings): string {
  const log = end.log ?? [];
  return [
    `${what}: ${endInWords(end, timeoutSeconds)}`,
    ...(log.length > 0 ? ['  its last lines:', ...log.map((line) => `    ${line}`)] : silence(end)),
    kind === 'migrate'
      ? '  nothing was rolled; mend it and deploy again: it runs from its beginning'
      : '  mend it and deploy again',
  ].join('\n');
}
