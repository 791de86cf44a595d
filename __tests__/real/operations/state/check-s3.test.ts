import { randomBytes } from 'node:crypto';
import type { Shell } from '../../../../contract/shell';
import { checkS3, judgeCredentials } from '../../../../operations/state/check-s3';
import type { Finding } from '../../../../operations/terminal/finding';
import { type Faults, S3_CREDENTIALS, S3StandIn } from '../../../support/programs/s3';
import { noTerraform } from '../../../support/programs/terraform';
import { backendOf } from './backends';

const KEY = randomBytes(32).toString('base64');
const SHELL = { ...S3_CREDENTIALS, AWS_SSE_CUSTOMER_KEY: KEY };
const standIns: S3StandIn[] = [];
afterEach(async () => {
  await Promise.all(standIns.splice(0).map((one) => one.stop()));
});

async function start(faults: Faults = {}): Promise<S3StandIn> {
  const standIn = await S3StandIn.start('acme-state', faults);
  standIns.push(standIn);
  return standIn;
}

function doctor(standIn: S3StandIn, shell: Shell = SHELL, bucket = standIn.bucket): Promise<Finding[]> {
  const backend = backendOf({ kind: 's3', bucket, region: 'gra', endpoint: standIn.endpoint });
  return checkS3(backend, shell);
}

const levels = (findings: readonly Finding[]) =>
  Object.fromEntries(findings.map(({ check, level }) => [check, level]));
const find = (findings: readonly Finding[], check: string) => findings.find((one) => one.check === check);

/** Without Terraform its own trial fails, and says so. */
const TERRAFORM = { terraform: noTerraform === undefined ? 'ok' : 'failure' };
const GOOD = { lock: 'ok', ...TERRAFORM, versions: 'ok', encryption: 'ok', private: 'ok', state: 'ok' };

test('a store that does all of it is fine, and nothing of the trial stays', async () => {
  const standIn = await start();
  expect(levels(await doctor(standIn))).toEqual(GOOD);
  expect(standIn.keys).toEqual([]);
});

test('one without versions is cleaned up, too', async () => {
  const standIn = await start({ versioning: 'unsupported' });
  const findings = await doctor(standIn);
  expect(levels(findings)).toEqual({ ...GOOD, versions: 'warning' });
  expect(find(findings, 'versions')?.text).toContain('501 NotImplemented');
  expect(standIn.keys).toEqual([]);
});

describe('the lock', () => {
  test('of a store that ignores If-None-Match holds nobody back', async () => {
    const standIn = await start({ ignoresConditions: true });
    const findings = await doctor(standIn);
    expect(find(findings, 'lock')).toMatchObject({
      level: 'failure',
      text: 'a second writer got the lock (200 to If-None-Match: *): two deploys would run at the same time',
    });
    // It would only say the same, after a minute.
    expect(find(findings, 'terraform')).toBeUndefined();
    expect(standIn.keys).toEqual([]);
  });

  test('of a store that looks first and writes later is got by several at once', async () => {
    const findings = await doctor(await start({ isSlowToWrite: true }));
    expect(find(findings, 'lock')?.text).toBe(
      '4 of 4 writers at once got the lock: two deploys would run at the same time',
    );
  });

  test('of a store that refuses If-None-Match cannot be had', async () => {
    const findings = await doctor(await start({ refusesConditions: true }));
    expect(find(findings, 'lock')).toMatchObject({ level: 'failure', text: expect.stringContaining('501') });
  });
});

test.each(['Suspended', 'never'] as const)(
  'versioning %s is said, with where the command is',
  async (versioning) => {
    const versions = find(await doctor(await start({ versioning })), 'versions');
    expect(versions).toMatchObject({ level: 'failure', fix: expect.stringContaining('docs/state.md') });
    expect(versions?.text).toContain(versioning === 'never' ? 'never enabled' : 'Suspended');
  },
);

test('a user who may not ask about versions is told what to allow', async () => {
  const findings = await doctor(await start({ versioning: 'forbidden' }));
  expect(find(findings, 'versions')).toMatchObject({
    level: 'failure',
    fix: expect.stringContaining('s3:GetBucketVersioning'),
  });
});

describe('encryption', () => {
  test('without a key of our own is a warning: the credentials of the bucket open everything', async () => {
    const findings = await doctor(await start(), S3_CREDENTIALS);
    expect(levels(findings)).toEqual({ ...GOOD, encryption: 'warning' });
    expect(find(findings, 'encryption')?.fix).toContain('openssl rand -base64 32');
  });

  test('without any is a failure', async () => {
    const findings = await doctor(await start({ ignoresOwnEncryption: true }), S3_CREDENTIALS);
    expect(levels(findings)).toEqual({ ...GOOD, encryption: 'failure' });
  });

  test('with our key that the store ignores is a failure', async () => {
    const findings = await doctor(await start({ ignoresCustomerKeys: true }));
    expect(find(findings, 'encryption')?.text).toBe(
      'the store ignores AWS_SSE_CUSTOMER_KEY: the object can be read without it',
    );
  });

  test('with our key works where the store has none of its own', async () => {
    const standIn = await start({ refusesOwnEncryption: true });
    expect(levels(await doctor(standIn))).toEqual(GOOD);
    const without = await doctor(standIn, S3_CREDENTIALS);
    expect(find(without, 'lock')?.fix).toContain('set AWS_SSE_CUSTOMER_KEY');
  });
});

test('a bucket that strangers may read is a failure, with our key and without', async () => {
  const standIn = await start({ isPublic: true });
  expect(levels(await doctor(standIn))).toEqual({ ...GOOD, private: 'failure' });
  expect(find(await doctor(standIn, S3_CREDENTIALS), 'private')?.level).toBe('failure');
});

describe('what cannot be tried', () => {
  test.each<[string, Shell, string]>([
    ['a missing name', { ...SHELL, AWS_ACCESS_KEY_ID: '' }, 'AWS_ACCESS_KEY_ID is missing'],
    ['a missing secret', { ...SHELL, AWS_SECRET_ACCESS_KEY: undefined }, 'AWS_SECRET_ACCESS_KEY is missing'],
    [
      'a key that is a word',
      { ...SHELL, AWS_SSE_CUSTOMER_KEY: 'hunter2' },
      'AWS_SSE_CUSTOMER_KEY is not 32 bytes in base64',
    ],
    [
      'a key that is short',
      { ...SHELL, AWS_SSE_CUSTOMER_KEY: randomBytes(16).toString('base64') },
      'AWS_SSE_CUSTOMER_KEY is not 32 bytes in base64',
    ],
  ])('%s is named, its value is not', async (_, shell, text) => {
    const findings = await doctor(await start(), shell);
    expect(findings).toEqual([expect.objectContaining({ level: 'failure', text })]);
    expect(JSON.stringify(findings)).not.toContain('hunter2');
  });

  test('a well-formed key is nothing to speak of', () => {
    expect(judgeCredentials(SHELL)).toEqual([]);
  });

  test('a bucket that is not there', async () => {
    const findings = await doctor(await start(), SHELL, 'another');
    expect(findings).toEqual([expect.objectContaining({ check: 'bucket', text: 'there is no such bucket' })]);
  });

  test('credentials that the store does not know', async () => {
    const findings = await doctor(await start(), { ...SHELL, AWS_ACCESS_KEY_ID: 'AKIDOTHER' });
    expect(findings).toEqual([
      expect.objectContaining({ text: 'an object cannot be written (403 InvalidAccessKeyId)' }),
    ]);
  });

  test('a store that does not answer', async () => {
    const standIn = await start();
    const { endpoint } = standIn;
    await standIns.pop()?.stop();
    const backend = backendOf({ kind: 's3', bucket: 'b', region: 'gra', endpoint });
    expect(await checkS3(backend, SHELL)).toEqual([
      expect.objectContaining({ level: 'failure', text: `${endpoint} does not answer (ECONNREFUSED)` }),
    ]);
  });
});
