import { type Finding, failure, ok, warning } from '../terminal/finding';
import { type Bucket, customerKeyHeaders } from './bucket';

/** An object that the doctor makes, asks about and removes again. */
export interface Probe {
  readonly bucket: Bucket;
  readonly key: string;
  /** `AWS_SSE_CUSTOMER_KEY`, well formed. @default - the state is encrypted by the server alone */
  readonly customerKey?: string;
}

const WRITERS = 4;
const CONTENT = 'state:doctor';
const GENERATE =
  'export AWS_SSE_CUSTOMER_KEY="$(openssl rand -base64 32)", and keep it where the passwords are';

const writeHeaders = ({ customerKey }: Probe): Record<string, string> =>
  customerKey ? customerKeyHeaders(customerKey) : { 'x-amz-server-side-encryption': 'AES256' };

/** Terraform's lock is a file that is written only if it is not there: of several writers at once, one may win. */
export async function probeLock(probe: Probe): Promise<Finding[]> {
  const { bucket, key } = probe;
  const write = (name: string) =>
    bucket.ask('PUT', name, {
      body: CONTENT,
      headers: { ...writeHeaders(probe), 'if-none-match': '*' },
    });
  const first = await write(`${key}.lock`);
  const refused = refusal(first.status, first.code);
  if (refused) return [refused];
  const second = await write(`${key}.lock`);
  const race = await Promise.all(Array.from({ length: WRITERS }, () => write(`${key}.race`)));
  const winners = race.filter(({ status }) => status < 300).length;
  if (second.status === 412 && winners === 1) {
    return [ok('lock', 'a second writer is refused (412 to If-None-Match: *)')];
  }
  const what =
    second.status === 412
      ? `${winners} of ${WRITERS} writers at once got the lock`
      : `a second writer got the lock (${second.status} to If-None-Match: *)`;
  return [
    failure(
      'lock',
      `${what}: two deploys would run at the same time`,
      'use a store that honours conditional writes, or PostgreSQL: docs/state.md',
    ),
  ];
}

/** Why nothing can be written at all. */
function refusal(status: number, code: string): Finding | undefined {
  if (status < 300) return undefined;
  if (code === 'NoSuchBucket' || status === 404) {
    return failure(
      'bucket',
      'there is no such bucket',
      'make it, or correct bucket, region and endpoint in services.config.ts',
    );
  }
  if (status === 501) {
    return failure(
      'lock',
      'the store knows no conditional writes, or not this way of encryption (501 NotImplemented)',
      'set AWS_SSE_CUSTOMER_KEY; if it is set, use another store, or PostgreSQL: docs/state.md',
    );
  }
  return failure(
    'bucket',
    `an object cannot be written (${status} ${code})`,
    'check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, what they may do in the bucket, and the region',
  );
}

/** The last good state must be there when the present one is damaged. */
export async function probeVersions({ bucket }: Probe): Promise<Finding[]> {
  const { status, text, code } = await bucket.ask('GET', '', { query: { versioning: '' } });
  const state = /<Status>(\w+)<\/Status>/.exec(text)?.[1] ?? 'never enabled';
  if (status === 200 && state === 'Enabled') return [ok('versions', 'older states are kept')];
  if (status === 200) {
    return [
      failure(
        'versions',
        `the bucket keeps no older states (versioning: ${state})`,
        'enable versioning: docs/state.md has the command',
      ),
    ];
  }
  return [
    [404, 405, 501].includes(status)
      ? warning(
          'versions',
          `the store has no versions (${status} ${code}): a damaged state cannot be taken back`,
          'back the state up before each deploy: docs/state.md, "Backups"',
        )
      : failure(
          'versions',
          `the store does not say whether it keeps older states (${status} ${code})`,
          'let the user read the versioning of the bucket (s3:GetBucketVersioning)',
        ),
  ];
}

/** Whoever gets at the bucket must not read the secrets in the state. */
export async function probeEncryption(probe: Probe): Promise<Finding[]> {
  const { bucket, customerKey } = probe;
  const key = `${probe.key}.secret`;
  const written = await bucket.ask('PUT', key, { body: CONTENT, headers: writeHeaders(probe) });
  if (!customerKey) {
    return [
      written.headers.get('x-amz-server-side-encryption')
        ? warning(
            'encryption',
            "only with the store's own key: who has the bucket's credentials reads every secret",
            GENERATE,
          )
        : failure('encryption', 'the state, with all secrets in it, would be stored in clear', GENERATE),
    ];
  }
  const withoutKey = await bucket.ask('GET', key);
  const withKey = await bucket.ask('GET', key, { headers: customerKeyHeaders(customerKey) });
  if (withoutKey.status < 300) {
    return [
      failure(
        'encryption',
        'the store ignores AWS_SSE_CUSTOMER_KEY: the object can be read without it',
        'take a store that has SSE-C: docs/state.md names some',
      ),
    ];
  }
  return [
    withKey.status < 300 && withKey.text === CONTENT
      ? ok('encryption', 'with AWS_SSE_CUSTOMER_KEY, and unreadable without it')
      : failure(
          'encryption',
          `what was encrypted with AWS_SSE_CUSTOMER_KEY cannot be read back with it (${withKey.status} ${withKey.code})`,
          'take a store that has SSE-C: docs/state.md names some',
        ),
  ];
}

export async function probePublic({ bucket, key }: Probe): Promise<Finding[]> {
  const { status } = await bucket.ask('GET', `${key}.lock`, { anonymous: true });
  // With a customer's key a stranger who may read gets 400 for its absence, not 403.
  return status < 300 || status === 400
    ? [failure('private', 'anybody may read the bucket', 'make it private: no public policy, no public ACL')]
    : [ok('private', 'strangers are refused')];
}
