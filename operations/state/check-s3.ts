import { randomBytes } from 'node:crypto';
import type { Shell } from '../../contract/shell';
import { redactorOfEnvironment } from '../redact/environment';
import type { Backend } from '../stack/backend';
import { type Finding, failure, ok } from '../terminal/finding';
import { terraformCommand } from '../terraform/program';
import { Bucket, isCustomerKey } from './bucket';
import type { Encryption } from './encryption/setting';
import { examineState } from './s3-contents';
import { type Probe, probeEncryption, probeLock, probePublic, probeVersions } from './s3-probe';
import { probeSecondWriter } from './second-writer';

const CREDENTIALS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
const CHECKSUMS =
  'export AWS_REQUEST_CHECKSUM_CALCULATION=when_required AWS_RESPONSE_CHECKSUM_VALIDATION=when_required';

/** What can be said without asking anybody. Values are never shown. */
export function judgeCredentials(shell: Shell): Finding[] {
  const absent = CREDENTIALS.filter((name) => !shell[name]);
  const { AWS_SSE_CUSTOMER_KEY: key } = shell;
  return [
    ...absent.map((name) =>
      failure(
        'credentials',
        `${name} is missing`,
        `export ${name}=…, of a user who may use this bucket alone`,
      ),
    ),
    ...(key && !isCustomerKey(key)
      ? [
          failure(
            'credentials',
            'AWS_SSE_CUSTOMER_KEY is not 32 bytes in base64',
            'make one: openssl rand -base64 32',
          ),
        ]
      : []),
  ];
}

export interface Beside {
  /** Names of other stacks of the same environment. @default none */
  readonly besides?: readonly string[];
  /** Who encrypts the state before it is sent. @default nobody */
  readonly encryption?: Encryption | undefined;
}

/** Tries a bucket with objects of its own beside the state, which it removes again. */
export async function checkS3(
  backend: Backend & { kind: 's3' },
  shell: Shell,
  { besides = [], encryption }: Beside = {},
): Promise<Finding[]> {
  const credentials = judgeCredentials(shell);
  if (credentials.length > 0) return credentials;
  const customerKey = shell.AWS_SSE_CUSTOMER_KEY || undefined;
  const bucket = new Bucket(backend, shell);
  const key = `${backend.key}.doctor-${randomBytes(4).toString('hex')}`;
  const given = { customerKey, encryption, secrets: redactorOfEnvironment(shell) };
  const probe: Probe = { bucket, key, ...(customerKey ? { customerKey } : {}) };
  try {
    const lock = await probeLock(probe);
    if (lock.some(({ check }) => check === 'bucket')) return lock;
    const rest = [
      ...(await probeVersions(probe)),
      ...(await probeEncryption(probe)),
      ...(await probePublic(probe)),
      ...(await examineState(bucket, backend.key, given)),
    ];
    for (const stack of besides) {
      const beside = backend.key.replace(/[^/]*$/, `${stack}.tfstate`);
      const found = await examineState(bucket, beside, given);
      rest.push(...found.map((one) => ({ ...one, text: `${stack}: ${one.text}` })));
    }
    const isLocked = lock.every(({ level }) => level === 'ok');
    return [...lock, ...(isLocked ? await tryTerraform(backend, key, shell) : []), ...rest];
  } catch (error) {
    return [unreachable(error, backend)];
  } finally {
    await bucket.removeAll(key).catch(() => 0);
  }
}

async function tryTerraform(
  backend: Backend & { kind: 's3' },
  key: string,
  shell: Shell,
): Promise<Finding[]> {
  const own = Object.entries(shell).filter((entry): entry is [string, string] =>
    /^(AWS_|TF_ENCRYPTION$)/.test(entry[0]),
  );
  const { outcome, words } = await probeSecondWriter(
    { s3: { ...backend.settings, key: `${key}.terraform` } },
    Object.fromEntries(own),
  );
  switch (outcome) {
    case 'refused':
      return [ok(terraformCommand(), 'holds the state, and a second run is refused')];
    case 'admitted':
      return [
        failure(
          terraformCommand(),
          'a second run was let in',
          'use another store, or PostgreSQL: docs/state.md',
        ),
      ];
    case 'failed':
      return [
        /InvalidArgument|NotImplemented|ContentSHA256|MissingContentLength/.test(words)
          ? failure(
              terraformCommand(),
              `the store does not take its checksums: ${inOneLine(words)}`,
              CHECKSUMS,
            )
          : failure(terraformCommand(), `cannot use the bucket: ${inOneLine(words)}`, 'docs/state.md'),
      ];
  }
}

const inOneLine = (words: string): string => words.replace(/\s+/g, ' ').slice(0, 300);

function unreachable(error: unknown, { endpoint, region }: Backend & { kind: 's3' }): Finding {
  const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  const why = cause?.code ?? cause?.message ?? message;
  return failure(
    'bucket',
    `${endpoint ?? `AWS in ${region}`} does not answer (${why})`,
    'check endpoint and region in services.config.ts, and the network',
  );
}
