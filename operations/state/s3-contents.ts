import { Redactor } from '../redact/redactor';
import { type Finding, failure, ok, warning } from '../terminal/finding';
import { terraformCommand } from '../terraform/program';
import { type Bucket, customerKeyHeaders } from './bucket';
import type { Encryption } from './encryption/setting';
import { judgeStored } from './encryption/stored';

export interface Given {
  readonly customerKey?: string | undefined;
  readonly encryption?: Encryption | undefined;
  /** @default none that is looked for */
  readonly secrets?: Redactor | undefined;
}

/** The state that is there already, and who holds it. Its text holds every secret and is never shown. */
export async function examineState(
  bucket: Bucket,
  key: string,
  { customerKey, encryption, secrets }: Given,
): Promise<Finding[]> {
  const headers = customerKeyHeaders(customerKey);
  const state = await bucket.ask('GET', key, { headers });
  const lock = await bucket.ask('GET', `${key}.tflock`, { headers });
  return [
    judgeState(state.status, state.text, { customerKey, encryption, secrets }),
    ...judgeLock(lock.text, lock.status),
  ];
}

function judgeState(
  status: number,
  text: string,
  { customerKey, encryption, secrets = new Redactor() }: Given,
): Finding {
  if (status === 404) return ok('state', 'none yet: the first deploy writes it');
  if (status < 300) {
    const judged = judgeStored(text, encryption, secrets);
    if (judged) return judged;
    const serial = serialOf(text);
    return serial === undefined
      ? failure(
          'state',
          'what is there is no state',
          'restore an older version: docs/state.md, "Damaged state"',
        )
      : ok('state', `is there and can be read (serial ${serial})`);
  }
  // A wrong key is 403 or 400, a missing one 400, and a key for what was stored without one is 400.
  return failure(
    'state',
    customerKey
      ? 'is there, but AWS_SSE_CUSTOMER_KEY is not its key'
      : 'is there, but needs the AWS_SSE_CUSTOMER_KEY that it was written with',
    'give the key that it was written with; when that is lost, so is the state: docs/state.md, "Lost state"',
  );
}

function serialOf(text: string): number | undefined {
  try {
    const { serial } = JSON.parse(text);
    return typeof serial === 'number' ? serial : undefined;
  } catch {
    return undefined;
  }
}

function judgeLock(text: string, status: number): Finding[] {
  if (status >= 300) return [];
  try {
    const { ID, Who, Operation, Created } = JSON.parse(text) as Record<string, string>;
    return [
      warning(
        'held',
        `${Who} holds the state (${Operation?.replace('OperationType', '').toLowerCase()}, since ${Created?.slice(0, 19)}Z)`,
        `wait for it; when that run is gone for good: ${terraformCommand()} force-unlock ${ID} (docs/state.md, "Stale lock")`,
      ),
    ];
  } catch {
    return [
      warning(
        'held',
        'there is a lock that nobody can read',
        'remove it when no deploy runs: docs/state.md, "Stale lock"',
      ),
    ];
  }
}
