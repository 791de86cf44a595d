import { identifier, literal } from './auth';
import type { Server } from './server';

/** A table, with its database. */
export interface Table {
  readonly database: string;
  readonly table: string;
}

/** Beside the platform's databases: no account of an application reads it, no backup has it. */
const SEEDS = 'proctor_provision.seeds';

const nameOf = ({ database, table }: Table): string => `${identifier(database)}.${identifier(table)}`;

/** Tables of these databases that have rows. */
export async function filledTables(server: Server, databases: readonly string[]): Promise<Table[]> {
  if (databases.length === 0) return [];
  const tables = await server.query(
    `SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema IN (${databases.map(literal).join(', ')}) AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED');\n`,
  );
  if (tables.length === 0) return [];
  // Not information_schema's table_rows: that is an estimate, which says 0 of a table that has been filled just now.
  const looks = tables.map(
    ([database = '', table = '']) =>
      `(SELECT ${literal(database)}, ${literal(table)} FROM ${nameOf({ database, table })} LIMIT 1)`,
  );
  // One that somebody alters is not waited for: MariaDB would for a day.
  const found = await server.query(`SET SESSION lock_wait_timeout = 5;\n${looks.join(' UNION ALL ')};\n`);
  return found.map(([database = '', table = '']) => ({ database, table }));
}

/**
 * Runs schema files, and remembers the sums of tables to which they gave their first rows: those are nobody's data, and a
 * recovery may put a backup in their place. That they cannot be looked at is no reason for a deploy to fail: a recovery then
 * takes such rows for somebody's, and refuses.
 *
 * @throws what the files throw
 */
export async function rememberSeeds(
  server: Server,
  databases: readonly string[],
  run: () => Promise<void>,
): Promise<void> {
  const had = await filledTables(server, databases).catch(() => undefined);
  await run();
  if (had) await noteSeeds(server, databases, new Set(had.map(nameOf))).catch(() => {});
}

async function noteSeeds(
  server: Server,
  databases: readonly string[],
  had: ReadonlySet<string>,
): Promise<void> {
  const seeded = (await filledTables(server, databases)).filter((table) => !had.has(nameOf(table)));
  if (seeded.length === 0) return;
  const sums = await sumsOf(server, seeded);
  const rows = seeded.map((table) => {
    const { database, table: name } = table;
    return `(${literal(database)}, ${literal(name)}, ${literal(sums.get(nameOf(table)) ?? '')})`;
  });
  await server.run(
    `CREATE DATABASE IF NOT EXISTS proctor_provision CHARACTER SET utf8mb4;
CREATE TABLE IF NOT EXISTS ${SEEDS} (db VARCHAR(64), tbl VARCHAR(64), sum VARCHAR(32) NOT NULL, PRIMARY KEY (db, tbl)) COLLATE utf8mb4_bin ENGINE = InnoDB;
REPLACE INTO ${SEEDS} VALUES ${rows.join(', ')};\n`,
  );
}

/** Of these tables those that have other rows than a schema file gave them. */
export async function writtenTables(server: Server, filled: readonly Table[]): Promise<Table[]> {
  const seeds = (await server.hasTable('proctor_provision', 'seeds'))
    ? await server.query(`SELECT db, tbl, sum FROM ${SEEDS};\n`)
    : [];
  const known = new Map(
    seeds.map(([database = '', table = '', sum]) => [nameOf({ database, table }), sum] as const),
  );
  const others = filled.filter((table) => !known.has(nameOf(table)));
  // Sums of large tables take long, and there is nothing to be said against these.
  if (others.length > 0 || filled.length === 0) return others;
  const sums = await sumsOf(server, filled);
  return filled.filter((table) => sums.get(nameOf(table)) !== known.get(nameOf(table)));
}

async function sumsOf(server: Server, tables: readonly Table[]): Promise<ReadonlyMap<string, string>> {
  const rows = await server.query(`CHECKSUM TABLE ${tables.map(nameOf).join(', ')};\n`);
  // In the order in which they were asked; each names itself without quotes.
  return new Map(tables.map((table, index) => [nameOf(table), rows[index]?.[1] ?? '']));
}
