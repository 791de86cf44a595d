import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { untilNobodyHolds } from '../../../../operations/stack/state';
import { waitForHolder } from '../../../../operations/terraform/plan';
import { type TerraformRun, terraform } from '../../../../operations/terraform/run';
import { pullState, pushState } from '../../../../operations/terraform/state-contents';
import { S3_CREDENTIALS, S3StandIn } from '../../../support/programs/s3';
import { testWithTerraform } from '../../../support/programs/terraform';
import { backendOf } from '../state/backends';

let standIn: S3StandIn;
let root: string;
beforeEach(async () => {
  standIn = await S3StandIn.start('b');
  root = mkdtempSync(join(tmpdir(), 'holder-'));
});
afterEach(async () => {
  await standIn.stop();
  rmSync(root, { recursive: true });
});

const until = async (there: () => boolean) => {
  while (!there()) await new Promise((resolve) => setTimeout(resolve, 50));
};

/** A platform that was deployed. */
const STATE = {
  version: 4,
  terraform_version: '1.10.0',
  serial: 1,
  lineage: 'lineage',
  outputs: {},
  resources: [
    {
      mode: 'managed',
      type: 'terraform_data',
      name: 'gone',
      provider: 'provider["terraform.io/builtin/terraform"]',
      instances: [{ schema_version: 0, attributes: { id: '1' } }],
    },
  ],
};

/** A checkout of its own, of one state. */
async function checkout(name: string, kind: 's3' | 'local'): Promise<TerraformRun> {
  const { settings } = backendOf({ kind: 's3', bucket: 'b', region: 'gra', endpoint: standIn.endpoint });
  const backend = kind === 'local' ? { local: { path: join(root, 'state') } } : { s3: settings };
  // Built into Terraform: nothing is loaded. It holds the state until the file is gone.
  const command = 'touch held; while [ -e held ]; do sleep 0.1; done';
  const resource = { terraform_data: { one: { provisioner: [{ 'local-exec': { command } }] } } };
  const run = { folder: join(root, name), env: S3_CREDENTIALS };
  mkdirSync(run.folder);
  writeFileSync(join(run.folder, 'main.tf.json'), JSON.stringify({ terraform: { backend }, resource }));
  expect(await terraform(['init'], run)).toMatchObject({ code: 0 });
  return run;
}

/** Of the same state, prepared as well. */
function copyOf({ folder }: TerraformRun): string {
  const copy = `${folder}-copy`;
  cpSync(folder, copy, { recursive: true });
  return copy;
}

describe.each(['local', 's3'] as const)('a state of kind %s', (kind) => {
  testWithTerraform('is waited for while somebody holds it, and left as it is', async () => {
    const [one, other] = [await checkout('one', kind), await checkout('other', kind)];
    const words: string[] = [];
    const stack = kind === 'local' ? { localState: join(root, 'state') } : {};
    const wait = () => untilNobodyHolds(stack, one, (line) => words.push(line));
    const state = () => pullState(one);
    await pushState(one, JSON.stringify(STATE));
    const before = await state();
    await wait();
    expect([words, await state()]).toEqual([[], before]);

    const applied = terraform(['apply', '-json', '-auto-approve'], other);
    const held = join(other.folder, 'held');
    await until(() => existsSync(held));
    let isFree = false;
    const waiting = wait().then(() => {
      isFree = true;
    });
    await until(() => words.length > 0);
    expect([isFree, words]).toEqual([false, [expect.stringContaining('the state is locked')]]);
    // Terraform itself would wait on.
    const stopping = new AbortController();
    const stopped = waitForHolder({ ...one, folder: copyOf(one), signal: stopping.signal }, () => {});
    stopping.abort();
    await expect(stopped).rejects.toThrow(/^interrupted, nothing was changed$/);
    expect(isFree).toBe(false);
    rmSync(held);
    expect(await applied).toMatchObject({ code: 0 });
    await waiting;
    const after = await state();
    await wait();
    expect([words.length, await state()]).toEqual([1, after]);
    expect(JSON.parse(after).resources).toMatchObject([{ name: 'one' }]);
  });

  testWithTerraform('that cannot be reached is an error, with its words', async () => {
    const one = await checkout('one', kind);
    if (kind === 'local') writeFileSync(join(root, 'state'), 'no state');
    const env = { ...one.env, AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9', AWS_ACCESS_KEY_ID: 'wrong' };
    await expect(waitForHolder({ ...one, env }, () => {})).rejects.toThrow(
      /^the state cannot be looked at, nothing was changed\n[\s\S]*Error/,
    );
  });
});
