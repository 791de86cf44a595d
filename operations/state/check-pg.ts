import { randomBytes } from 'node:crypto';
import type { Shell } from '../../contract/shell';
import type { Backend } from '../stack/backend';
import { type Finding, failure, ok, warning } from '../terminal/finding';
import { terraformCommand, terraformName } from '../terraform/program';
import type { Encryption } from './encryption/setting';
import { examineDatabase } from './encryption/stored-pg';
import { probeSecondWriter } from './second-writer';

/** How to reach the state. Anything less believes whoever answers, and gives him every secret. */
export const PG_ADDRESS = 'postgres://user:password@host/database?sslmode=verify-full';

const LOCAL = /^(localhost|127\.\d+\.\d+\.\d+|::1|)$/;

/** Where a connection string leads, and how it is protected. The rest of it is never shown. */
export function judgeConnection(shell: Shell): Finding[] {
  const { PG_CONN_STR: text } = shell;
  if (!text) {
    return [failure('credentials', 'PG_CONN_STR is missing', `export PG_CONN_STR=${PG_ADDRESS}`)];
  }
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) {
    return [
      failure('credentials', 'PG_CONN_STR is not an address', `write ${PG_ADDRESS}, its parts URL-encoded`),
    ];
  }
  const { hostname, searchParams } = new URL(text);
  const host = searchParams.get('host') ?? hostname.replace(/^\[|\]$/g, '');
  return [...judgeTransport(host, searchParams.get('sslmode') ?? 'require'), ...judgePlace(host, shell)];
}

function judgeTransport(host: string, mode: string): Finding[] {
  if (LOCAL.test(host) || host.startsWith('/')) return [ok('transport', 'does not leave this machine')];
  switch (mode) {
    case 'verify-full':
    case 'verify-ca':
      return [ok('transport', `encrypted, the server's certificate is checked (${mode})`)];
    case 'require':
      return [
        warning(
          'transport',
          'encrypted, but whoever answers is believed (sslmode=require)',
          'write sslmode=verify-full in PG_CONN_STR',
        ),
      ];
  }
  return [
    failure(
      'transport',
      `the state, with all secrets in it, may travel in clear (sslmode=${mode})`,
      'write sslmode=verify-full in PG_CONN_STR',
    ),
  ];
}

/** A state beside what it describes is lost together with it. */
function judgePlace(host: string, { VPS_HOST }: Shell): Finding[] {
  return VPS_HOST && host === VPS_HOST
    ? [
        warning(
          'place',
          'the state is on the server that it describes: both would be lost at once',
          'keep it elsewhere',
        ),
      ]
    : [];
}

/** Tries the database with a workspace of its own, which it removes again. */
export async function checkPg(
  backend: Backend & { kind: 'pg' },
  shell: Shell,
  encryption?: Encryption,
): Promise<Finding[]> {
  const connection = judgeConnection(shell);
  if (connection.some(({ level }) => level === 'failure')) return connection;
  const env = { PG_CONN_STR: shell.PG_CONN_STR ?? '' };
  const workspace = `doctor-${randomBytes(4).toString('hex')}`;
  const { outcome, words } = await probeSecondWriter(
    { pg: backend.settings },
    { ...env, ...(shell.TF_ENCRYPTION ? { TF_ENCRYPTION: shell.TF_ENCRYPTION } : {}) },
    workspace,
  );
  const stored = await examineDatabase({ pg: backend.settings }, env, encryption);
  return [...connection, judgeLock(outcome, words), ...(outcome === 'failed' ? [] : [keepsOne()]), ...stored];
}

function judgeLock(outcome: 'refused' | 'admitted' | 'failed', words: string): Finding {
  switch (outcome) {
    case 'refused':
      return ok('lock', `${terraformName()} holds the state, and a second run is refused`);
    case 'admitted':
      return failure(
        'lock',
        'a second run was let in: two deploys would run at the same time',
        'connect to PostgreSQL itself: locks belong to a session, which a pooler in transaction mode shares',
      );
    case 'failed':
      return failure(
        'database',
        `${terraformName()} cannot use it: ${withoutPassword(words)}`,
        'check PG_CONN_STR, and that its user may create a schema in the database',
      );
  }
}

const withoutPassword = (words: string): string =>
  words
    .replace(/\s+/g, ' ')
    .replace(/:\/\/[^\s/@]*@/g, '://…@')
    .slice(0, 300);

const keepsOne = () =>
  warning(
    'versions',
    "PostgreSQL keeps the latest state alone, as safe as the database's own disk",
    `back the database up, and before each deploy \`${terraformCommand()} state pull\`: docs/state.md, "Backups"`,
  );
