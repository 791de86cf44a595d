import type { PlaceSettings } from '../../contract/place';
import type { Shell } from '../../contract/shell';
import { type DockerClient, withDocker } from '../docker/client';
import { giveId } from './identity';
import { parsePlace } from './input';
import { judgeData, judgePlace, nameOf, unseenProblem } from './judge';
import { setLabel } from './label';
import { lookForData, type PlaceFacts } from './look';
import { type DataId, markerName, readMarker, writeMarker } from './marker';

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
    printError(`place: ${message(error)}`);
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
    printError(`place: ${message(error)}`);
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
  const { ran, nodes } = facts;
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
  const node = nodes.find(({ ID }) => ID === ran.node);
  const hostname = node ? nameOf(node) : ran.node;
  const { data, why } = await identify(docker, settings, facts);
  const isNews = await writeMarker(docker, service, { node: ran.node, hostname, data });
  if (data) await agree(docker, service, ran.container, data);
  return {
    problems: [],
    said: [
      ...(isNews
        ? [`remembered in the config ${markerName(service)}: ${service} has data on ${hostname}`]
        : []),
      ...(why
        ? [`its data has no id (${why}): where other data takes its place on ${hostname}, no deploy sees it`]
        : []),
    ],
  };
}

/** The id of data that has none yet, as far as the Swarm knows; or why it gets none. */
async function identify(
  docker: DockerClient,
  { volumes }: PlaceSettings,
  { marker, ran, here }: PlaceFacts,
): Promise<{ readonly data?: DataId; readonly why?: string }> {
  if (!ran || marker?.data || volumes.length === 0) return {};
  if (ran.node !== here) return { why: 'it is not on the node that answers' };
  try {
    return { data: await giveId(docker, ran.container, volumes) };
  } catch (error) {
    return { why: message(error) };
  }
}

/** Where two have given it an id at the same time, the one counts that is remembered. */
async function agree(docker: DockerClient, service: string, container: string, given: DataId): Promise<void> {
  const kept = (await readMarker(docker, service))?.data;
  if (kept && kept.id !== given.id) await giveId(docker, container, kept.volumes, kept.id);
}

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));
