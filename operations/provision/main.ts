import { readFileSync } from 'node:fs';
import type { ProvisionSettings } from '../../contract/provision';
import { withDocker } from '../docker/client';
import { messageOf } from '../terminal/message-of';
import { parseSettings, readPassword, USAGE } from './input';
import { finish, type PhaseInput, prepare, type Schemas } from './phases';
import { type Execute, Server } from './server';
import { findContainer, type Patience, pause } from './task';
import { upgradeTables } from './upgrade';

/** What a run takes from outside. */
export interface ProvisionRun {
  readonly arguments: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly print: (line: string) => void;
  readonly printError: (line: string) => void;
  /** How commands run next to the server. @default - in the service's task, through the Docker API */
  readonly execute?: Execute;
}

/** Provisions MariaDB. Returns the exit status: 0 done, 1 not done, 2 called wrongly. */
export async function provision(run: ProvisionRun): Promise<number> {
  let input: PhaseInput & { settings: { phase: string } };
  let schemas: Schemas;
  try {
    if (run.arguments.length > 1) throw new Error(USAGE);
    const settings = parseSettings(run.env.PROVISION, run.arguments[0]);
    const password = readPassword(settings.password, run.env);
    input = { settings, password, print: run.print };
    schemas = settings.phase === 'prepare' ? readSchemas(settings) : new Map();
  } catch (error) {
    run.printError(`provision: ${messageOf(error)}`);
    return 2;
  }
  try {
    await withExecute(run, input.settings, async (execute, patience) => {
      const server = new Server(execute, input.password);
      await untilServing(server, patience);
      if (input.settings.phase === 'prepare') {
        await upgradeTables(execute, input.password, input.print);
        await prepare(server, input, schemas);
      } else await finish(server, input, patience);
    });
    return 0;
  } catch (error) {
    run.printError(`provision: ${messageOf(error)}`);
    return 1;
  }
}

type Work = (execute: Execute, patience: Patience) => Promise<void>;

async function withExecute(run: ProvisionRun, settings: ProvisionSettings, work: Work): Promise<void> {
  const patience = { until: Date.now() + (settings.deadlineSeconds ?? 120) * 1000 };
  if (run.execute) return work(run.execute, patience);
  await withDocker(settings, async (docker) => {
    const containerId = await findContainer(docker, settings.service, patience);
    await work((command, stdin) => docker.exec({ containerId, command, user: 'root', stdin }), patience);
  });
}

/** The temporary server of a first start answers on the same socket, but without networking. */
async function untilServing(server: Server, patience: Patience): Promise<void> {
  for (;;) {
    try {
      const [row] = await server.query('SELECT @@skip_networking;\n');
      if (row?.[0] === '0') return;
      throw new Error('MariaDB is still being initialised');
    } catch (error) {
      if (Date.now() >= patience.until) throw withInitFileHint(error);
    }
    await pause(patience);
  }
}

function readSchemas(settings: ProvisionSettings): Schemas {
  const files = settings.databases.flatMap(({ name, schemaFile }) =>
    schemaFile === undefined ? [] : [[name, readFileSync(schemaFile, 'utf8')] as const],
  );
  return new Map(files);
}

function withInitFileHint(error: unknown): unknown {
  if (!/Access denied/.test(messageOf(error))) return error;
  return new Error(
    `${messageOf(error)}\n  root logs in without a password once mariadbd ran mariadb-init.sql: is it the service's --init-file?`,
  );
}
