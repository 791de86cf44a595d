import type { Certificate } from '../../certificates/served';
import type { Container, Info, Network, Service, SwarmNode } from '../../docker/answers';
import type { Exposure } from '../../preflight/exposure';

/** What the kernel says of a process: /proc/<pid>/status. */
export type Process = Readonly<Record<string, string>>;

/** A running task, on the node that is asked. */
export interface Task {
  /** As in the catalogue. */
  readonly service: string;
  readonly container: Container;
  /** Undefined where no shell could be run in it. */
  readonly processes: readonly Process[] | undefined;
}

/** What clients see. A version of TLS is undefined where this machine's own TLS cannot ask for it. */
export interface Seen {
  readonly certificate: Certificate;
  readonly tls: Readonly<Record<Version, boolean | undefined>>;
  /** Of the answer to `GET /` over TLS. */
  readonly headers: Readonly<Record<string, string>>;
  /** Where `GET /` without TLS leads; empty where it leads nowhere. */
  readonly redirect: string | undefined;
}

export const VERSIONS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
export type Version = (typeof VERSIONS)[number];

/** What a server that runs has said. */
export interface Facts {
  readonly stack: string;
  readonly info: Info;
  readonly services: readonly Service[];
  readonly nodes: readonly SwarmNode[];
  readonly networks: readonly Network[];
  readonly tasks: readonly Task[];
  /** Services of which a task runs on another node, where nobody can look at it. */
  readonly elsewhere: readonly string[];
  /** Services that are the catalogue's backends. */
  readonly backends: readonly string[];
  /** TCP ports of the engine and the Swarm that answer here. */
  readonly open: Exposure;
  readonly seen: Seen | { readonly error: string };
}

/** As in the catalogue. */
export const shortName = ({ stack }: Pick<Facts, 'stack'>, name = ''): string =>
  name.startsWith(`${stack}_`) ? name.slice(stack.length + 1) : name;
