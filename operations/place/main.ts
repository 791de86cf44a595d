import type { PlaceSettings } from '../../contract/place';
import type { Shell } from '../../contract/shell';
import { type DockerClient, withDocker } from '../docker/client';
import { messageOf } from '../terminal/message-of';
import { parsePlace } from './input';
import { judgeData, judgePlace, nameOf, unseenProblem } from './judge';
import { setLabel } from './label';
import { lookForData } from './look';
import { identify, remember } from './remember';

export interface PlaceRun {
  readonly env: Shell;
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
}

/** The step before and after a service with data. Returns the exit status: 0 done, 1 refused or not done, 2 called wrongly. */
export async function runPlace({ env, print, printError }: PlaceRun): Promise<number> {
  let settings: PlaceSettings;
  try {
    settings = parsePlace(env.PLACE);
  } catch (error) {
    printError(`place: ${messageOf(error)}`);
    return 2;
  }
  try {
    return await withDocker(settings, async (docker) => {
      const { said, problems } = await (settings.phase === 'before' ? before : after)(docker, settings);
      for (const line of said) print(line);
      for (const { text, fix } of problems) printError(`${text}\n  ${fix}`);
      return problems.length > 0 ? 1 : 0;
    });
  } catch (error) {
    printError(`place: ${messageOf(error)}`);
    return 1;
  }
}

interface Done {
  readonly said: readonly string[];
  readonly problems: readonly { readonly text: string; readonly fix: string }[];
}

/** Refuses, or sets the label that the placement asks for. */
export async function before(docker: DockerClient, settings: PlaceSettings): Promise<Done> {
  const { problems, home, unlabelled, unseen } = judgePlace(settings, await lookForData(docker, settings));
  if (problems.length > 0) return { problems, said: [] };
  const { text, fix } = unseenProblem(settings, unseen);
  const said = unseen.length > 0 ? [text, `  ${fix}`] : [];
  if (!unlabelled || !home) return { problems, said };
  await setLabel(docker, home.ID, settings.label, 'true');
  return {
    problems,
    said: [
      ...said,
      `the node ${nameOf(home)} is labelled ${settings.label}=true: it has, or will have, the data`,
    ],
  };
}

/** Remembers that there is data, and which, once it has come up. */
export async function after(docker: DockerClient, settings: PlaceSettings): Promise<Done> {
  const { service } = settings;
  const facts = await lookForData(docker, settings);
  const { ran } = facts;
  if (!ran?.now) {
    return {
      said: [],
      problems: [
        {
          text: `no task of ${service} runs`,
          fix: `see \`docker service ps --no-trunc ${service}\`, and deploy again`,
        },
      ],
    };
  }
  // That other data counts is for somebody to say, and not for whoever comes after it.
  const problems = judgeData(settings, facts);
  if (problems.length > 0) return { said: [], problems };
  const identified = facts.marker?.data ? {} : await identify(docker, settings.volumes, facts);
  return { problems: [], said: await remember(docker, service, { ...facts, ran }, identified) };
}
