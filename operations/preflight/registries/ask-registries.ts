import { parseImage } from '../../../constructs/units';
import type { Shell } from '../../../contract/shell';
import type { Distribution, Service, SwarmNode } from '../../docker/answers';
import { type DockerClient, withDocker } from '../../docker/client';
import { takesTasks } from '../../docker/snapshot';
import { NoAnswer } from '../../docker/within';
import { sameImage } from '../../images/same-image';
import { fulfils } from '../../place/constraints';
import type { RegistryLogin, SynthesizedStack } from '../../stack/synthesized';
import { harmless } from '../../terminal/untrusted';
import { lookOnNode } from './on-node';
import { type Platform, platformOfNode, platformsOfImage } from './platform';

/** What the daemon heard from an image's registry. */
export interface AskedImage {
  readonly image: string;
  readonly services: readonly string[];
  /** Where those services may run, of each. */
  readonly constraints: readonly (readonly string[])[];
  /** The registry's own words. Absent when it has the image. */
  readonly error?: string;
  /** How many seconds the registry was waited for, where it said nothing. */
  readonly silentSeconds?: number;
  /** Empty where the registry does not say. */
  readonly platforms: readonly Platform[];
  /** All services that want it run it now. */
  readonly running: boolean;
  /** The only node that takes their tasks has it, although the registry does not give it. @default not known */
  readonly heldBy?: string;
  /** Asked with the login of this registry's variables. */
  readonly withLogin: boolean;
}

export interface RegistryAnswers {
  readonly asked: readonly AskedImage[];
  /** Of the nodes that take new tasks. */
  readonly nodes: readonly {
    readonly name: string;
    readonly platform: Platform;
    /** Whether tasks with these constraints may be there. */
    readonly takes: (constraints: readonly string[]) => boolean;
  }[];
}

export interface RegistryQuestion {
  readonly stack: Pick<SynthesizedStack, 'host' | 'sshOptions' | 'services' | 'registries'>;
  readonly existing: readonly Service[];
  readonly nodes: readonly SwarmNode[];
  readonly shell: Shell;
  /** How long to wait for one answer. @default 15 */
  readonly seconds?: number;
}

/** A registry answers within a second; the daemon tries one that is silent for minutes. */
const ANSWER_SECONDS = 15;
/** Each has a connection of its own, of which a stock sshd allows ten. */
const AT_ONCE = 2;

/**
 * Asks through the daemon, since that is what will pull: its network, its proxy, its trust. What has to be pulled is asked
 * about first: the answer about what runs already stops nothing, and is not worth its wait where there is none. A registry that was silent once is not waited for again.
 */
export async function askRegistries(question: RegistryQuestion): Promise<RegistryAnswers> {
  const { stack, nodes, seconds = ANSWER_SECONDS } = question;
  const questions = questionsIn(question);
  const queue = [...questions].sort((a, b) => Number(a.running) - Number(b.running));
  const silent = new Set<string>();
  const answers = new Map<string, AskedImage>();
  const server = { host: stack.host, sshOptions: stack.sshOptions };
  const work = () =>
    withDocker({ ...server, apart: true, answerSeconds: seconds }, async (docker) => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        answers.set(next.image, await ask(docker, next, seconds, silent));
      }
    });
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, queue.length) }, work));
  const asked = questions.map(({ image }) => answers.get(image)!);
  return {
    // What cannot be seen changes no verdict.
    asked: await withDocker({ ...server, answerSeconds: seconds }, (docker) =>
      lookOnNode(docker, asked, nodes),
    ).catch(() => asked),
    nodes: nodes.filter(takesTasks).flatMap((node) => {
      const platform = platformOfNode(node.Description.Platform);
      const takes = (constraints: readonly string[]) => fulfils(node, constraints);
      return platform ? [{ name: node.Description.Hostname, platform, takes }] : [];
    }),
  };
}

type Question = Pick<AskedImage, 'image' | 'services' | 'constraints' | 'running'> & {
  readonly login: Login | undefined;
};

function questionsIn({ stack: { services, registries }, existing, shell }: RegistryQuestion): Question[] {
  return [...new Set(services.map(({ image }) => image))].map((image) => {
    const wanting = services.filter((service) => service.image === image);
    const running = wanting.every(({ name }) => {
      const now = existing.find(({ Spec }) => Spec.Name === name)?.Spec.TaskTemplate.ContainerSpec?.Image;
      return now !== undefined && sameImage(image, now);
    });
    return {
      image,
      services: wanting.map(({ id }) => id),
      constraints: wanting.map(({ constraints }) => constraints),
      running,
      login: loginOf(image, registries, shell),
    };
  });
}

async function ask(
  docker: DockerClient,
  { login, ...question }: Question,
  seconds: number,
  silent: Set<string>,
): Promise<AskedImage> {
  const { registry } = parseImage(question.image);
  const asked = { ...question, platforms: [], withLogin: login !== undefined };
  if (silent.has(registry)) return { ...asked, silentSeconds: seconds };
  try {
    const found: Distribution = await docker.distribution(question.image, login);
    return { ...asked, platforms: platformsOfImage(found.Platforms ?? []) };
  } catch (error) {
    if (error instanceof NoAnswer) {
      silent.add(registry);
      // The daemon still waits: the next request would stand behind this one.
      docker.reconnect();
      return { ...asked, silentSeconds: seconds };
    }
    if ((error as { statusCode?: number }).statusCode === undefined) throw error;
    return { ...asked, error: wordsOf(error) };
  }
}

interface Login {
  readonly username: string;
  readonly password: string;
  readonly serveraddress: string;
}

/**
 * The login that the nodes will pull with. The provider looks for it under what stands before the image's first slash, to
 * the letter, which is why synth writes Docker Hub's images in full where there is a login to it.
 */
export function loginOf(
  image: string,
  registries: readonly RegistryLogin[],
  shell: Shell,
): Login | undefined {
  const [first, ...rest] = image.split('/');
  const login = registries.find(({ address }) => rest.length > 0 && hostOf(address) === first);
  const username = login?.username && shell[`TF_VAR_${login.username}`];
  const password = login?.password && shell[`TF_VAR_${login.password}`];
  return login && username && password ? { username, password, serveraddress: login.address } : undefined;
}

const hostOf = (address: string): string => address.replace(/^https?:\/\//, '').replace(/\/.*$/, '');

function wordsOf(error: unknown): string {
  const { json, message } = error as { json?: { message?: string }; message?: string };
  return harmless((json?.message ?? message ?? String(error)).trim());
}
