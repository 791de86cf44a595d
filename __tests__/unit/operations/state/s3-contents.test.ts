import { randomBytes } from 'node:crypto';
import { Bucket, customerKeyHeaders } from '../../../../operations/state/bucket';
import { examineState } from '../../../../operations/state/s3-contents';
import { backendOf } from '../../../real/operations/state/backends';
import { S3_CREDENTIALS, S3StandIn } from '../../../support/programs/s3';

const KEY = randomBytes(32).toString('base64');
const OTHER = randomBytes(32).toString('base64');
const STATE = JSON.stringify({ version: 4, serial: 7, resources: [{ secret: 'hunter2' }] });

let standIn: S3StandIn;
let bucket: Bucket;
beforeEach(async () => {
  standIn = await S3StandIn.start('acme-state');
  const backend = backendOf({ kind: 's3', bucket: 'acme-state', region: 'gra', endpoint: standIn.endpoint });
  bucket = new Bucket(backend, S3_CREDENTIALS);
});
afterEach(() => standIn.stop());

const put = (key: string, body: string, customerKey?: string) =>
  bucket.ask('PUT', key, { body, headers: customerKeyHeaders(customerKey) });
const examine = (customerKey?: string) => examineState(bucket, 'swarm.tfstate', { customerKey });

test('no state yet is fine', async () => {
  expect(await examine(KEY)).toEqual([
    expect.objectContaining({ level: 'ok', text: expect.stringContaining('none yet') }),
  ]);
});

test.each([
  ['with its key', KEY],
  ['without any', undefined],
])('a state that was written %s is read, and not shown', async (_, key) => {
  await put('swarm.tfstate', STATE, key);
  const findings = await examine(key);
  expect(findings).toEqual([
    expect.objectContaining({ level: 'ok', text: 'is there and can be read (serial 7)' }),
  ]);
  expect(JSON.stringify(findings)).not.toContain('hunter2');
});

test.each([
  ['another key', KEY, OTHER, 'is there, but AWS_SSE_CUSTOMER_KEY is not its key'],
  ['no key', KEY, undefined, 'is there, but needs the AWS_SSE_CUSTOMER_KEY that it was written with'],
  ['a key that it was not written with', undefined, KEY, 'is there, but AWS_SSE_CUSTOMER_KEY is not its key'],
])('a state with %s is as good as lost', async (_, written, given, text) => {
  await put('swarm.tfstate', STATE, written);
  const [finding] = await examine(given);
  expect(finding).toMatchObject({ level: 'failure', text });
  expect(finding?.fix).toContain('Lost state');
});

test.each(['', '{"version": 4', '"text"'])('%j is no state', async (text) => {
  await put('swarm.tfstate', `${text} `, KEY);
  expect((await examine(KEY))[0]).toMatchObject({ level: 'failure', text: 'what is there is no state' });
});

test('who holds the state is told, with how to free it', async () => {
  const lock = {
    ID: '0b1c',
    Operation: 'OperationTypeApply',
    Who: 'ana@laptop',
    Created: '2026-01-02T03:04:05.6Z',
  };
  await put('swarm.tfstate.tflock', JSON.stringify(lock), KEY);
  const held = (await examine(KEY)).find(({ check }) => check === 'held');
  expect(held).toMatchObject({
    level: 'warning',
    text: 'ana@laptop holds the state (apply, since 2026-01-02T03:04:05Z)',
    fix: expect.stringContaining('terraform force-unlock 0b1c'),
  });
});
