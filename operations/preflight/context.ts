import type { Shell } from '../../contract/shell';
import type { Service, SwarmNode } from '../docker/answers';
import type { DockerClient } from '../docker/client';
import type { SynthesizedStack } from '../stack/synthesized';
import type { ImageStore } from './data-folders';
import type { Listener } from './ports';
import type { Pool } from './subnet';

/** What a check may look at. Nothing in it changes the server. */
export interface PreflightContext {
  readonly stack: SynthesizedStack;
  readonly docker: DockerClient;
  readonly shell: Shell;
  /** All services of the Swarm, asked once. */
  readonly services: readonly Service[];
  /** All nodes, asked once. */
  readonly nodes: Promise<readonly SwarmNode[]>;
  /** `GET /info`, asked once. */
  readonly info: EngineInfo;
  /** What the server itself listens on; undefined where the login does not end in the engine's own network. */
  readonly listeners: Promise<readonly Listener[] | undefined>;
  /** What paths in the catalogue are relative to. */
  readonly projectFolder: string;
}

export interface EngineInfo {
  /** The server's clock minus ours at that moment, in milliseconds. */
  readonly skew: number;
  /** Where it keeps images and the rest. */
  readonly store: Partial<ImageStore>;
  /** Where the Swarm's networks come from. */
  readonly pool: Pool;
  readonly version: string;
  readonly manager: boolean;
  /** `active`, `inactive`, `pending`, `error`, `locked`. */
  readonly swarm: string;
  /** Why the Swarm does not start; empty where it does. */
  readonly swarmError: string;
  /** As `name=seccomp,profile=builtin`; absent where it does not say. */
  readonly securityOptions?: readonly string[];
}
