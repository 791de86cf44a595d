import { randomUUID } from 'node:crypto';
import { literal } from './auth';

/** How a command ended. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command next to the server, as root, with `stdin`. */
export type Execute = (command: readonly string[], stdin: string) => Promise<CommandResult>;

// The SQL is written for these; an operator may have set others. Backslashes are then ordinary characters.
const SESSION =
  "SET SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION,NO_BACKSLASH_ESCAPES';\n";

/**
 * At the end of its input the client executes what it has, be it half a statement: a connection cut inside
 * `… USING '<new>' OR … USING '<old>'` would drop the old password. So nothing is executed before the last line is in.
 * `printf` is the shell's own: the SQL shows in no process list.
 */
const WHOLE_OR_NOTHING = `end=$1; shift; sql=$(cat)
case $sql in *"$end") printf '%s\\n' "$sql" | "$@" ;; *) echo 'the SQL did not arrive whole' >&2; exit 1 ;; esac`;

/** A MariaDB server, spoken to as root over its socket. SQL travels on standard input, never in an argument. */
export class Server {
  constructor(
    private readonly execute: Execute,
    /** Shown nowhere. @default - there is none in what is sent */
    private readonly password?: string,
  ) {}

  /**
   * The rows' columns as text.
   *
   * @throws with MariaDB's message
   */
  async query(sql: string): Promise<string[][]> {
    const output = await this.send(['--skip-column-names'], SESSION + sql);
    return output.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t').map(unescaped)]));
  }

  /** @throws with MariaDB's message */
  async hasTable(database: string, table: string): Promise<boolean> {
    const found = await this.query(
      `SELECT 1 FROM information_schema.tables WHERE table_schema = ${literal(database)} AND table_name = ${literal(table)};\n`,
    );
    return found.length > 0;
  }

  /** @throws with MariaDB's message */
  async run(sql: string): Promise<void> {
    await this.send([], SESSION + sql);
  }

  /**
   * A script of someone else's, in a database, with the server's own sql_mode.
   *
   * @throws with MariaDB's message
   */
  async runScript(database: string, sql: string): Promise<void> {
    await this.send([`--database=${database}`], sql);
  }

  private async send(options: readonly string[], sql: string): Promise<string> {
    const end = `-- end ${randomUUID()}`;
    const guard = ['sh', '-c', WHOLE_OR_NOTHING, 'sh', end];
    // --binary-mode: no \! or `source` out of a script.
    const client = ['mariadb', '--protocol=socket', '--user=root', '--batch', '--binary-mode'];
    const command = [...guard, ...client, '--default-character-set=utf8mb4', ...options];
    const result = await this.execute(command, `${sql}\n${end}\n`);
    if (result.exitCode !== 0) {
      const output = result.stderr.trim() || result.stdout.trim();
      // Before it the client repeats the whole statement.
      const said = /^ERROR .*/ms.exec(output)?.[0] ?? output;
      throw new Error(
        `MariaDB: ${redact(said || `the client ended with ${result.exitCode}`, this.password)}`,
      );
    }
    return result.stdout;
  }
}

/** In a batch the client writes a backslash before what would look like the end of a column or a row, and before itself. */
const unescaped = (column: string): string =>
  column.replace(/\\([\\nt0])/g, (_, letter: string) => ESCAPED[letter] ?? letter);
const ESCAPED: Readonly<Record<string, string>> = { n: '\n', t: '\t', 0: '\0' };

/** Without the password and without whatever may be (part of) a hash. MariaDB quotes the statement that it refuses. */
export function redact(text: string, password: string | undefined): string {
  const without = password ? text.replaceAll(password, '(redacted)') : text;
  return without.replace(/\*?[0-9A-Fa-f]{8,}/g, '(redacted)');
}
