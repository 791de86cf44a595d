import type { VolumeState } from '../../contract/backup';
import { filledTables, writtenTables } from '../provision/seeds';
import type { Server } from '../provision/server';

/** What a recovery has still to bring back. */
export interface Missing {
  readonly databases: readonly string[];
  readonly volumes: readonly string[];
  /** The backup that the rest was restored from by an earlier run. @default nothing was */
  readonly snapshot?: string;
}

export type DatabaseState =
  | { readonly is: 'empty' }
  | { readonly is: 'restored'; readonly snapshot: string }
  /** Rows that neither a restore has brought nor a schema file, in this database. */
  | { readonly is: 'written'; readonly database: string };

/**
 * @param platform its name
 * @param volumes what each has
 * @throws where there is data that nobody brought back: a recovery would put it aside
 */
export function missingOf(
  platform: string,
  databases: { readonly names: readonly string[]; readonly state: DatabaseState },
  volumes: Readonly<Record<string, VolumeState>>,
): Missing {
  const { names, state } = databases;
  const written = [
    ...(state.is === 'written' ? [`the database ${state.database} has rows`] : []),
    ...Object.entries(volumes).flatMap(([name, has]) =>
      has === 'files' ? [`the volume ${name} has files`] : [],
    ),
  ];
  if (written.length > 0) {
    throw new Error(
      `${written.join(', ')}: this is no server that has lost its data, and nothing was changed\n  to put it aside, and the backup in its place: ./proctor backup restore --into ${platform}, which takes volumes by name alone`,
    );
  }
  return {
    databases: state.is === 'restored' ? [] : names,
    volumes: Object.entries(volumes).flatMap(([name, has]) => (has === 'restored' ? [] : [name])),
    ...(state.is === 'restored' ? { snapshot: state.snapshot } : {}),
  };
}

/** Whether databases have rows, and where these come from. */
export async function stateOfDatabases(server: Server, names: readonly string[]): Promise<DatabaseState> {
  if (await server.hasTable('proctor_restore', 'restores')) {
    const restores = await server.query('SELECT phase, snapshot FROM proctor_restore.restores;\n');
    // One that was cut off is finished or undone by the next.
    if (restores.some(([phase]) => phase !== 'done')) return { is: 'empty' };
    const [, snapshot] = restores[0] ?? [];
    if (snapshot !== undefined) return { is: 'restored', snapshot };
  }
  const [written] = await writtenTables(server, await filledTables(server, names));
  return written === undefined ? { is: 'empty' } : { is: 'written', database: written.database };
}
