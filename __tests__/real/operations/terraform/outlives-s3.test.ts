import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settleEarlierRuns } from '../../../../operations/terraform/earlier-run';
import { isAtWork, readRunning } from '../../../../operations/terraform/running';
import { buildDriver, until as waitUntil } from '../../../support/programs/driver';
import { S3_CREDENTIALS, S3StandIn } from '../../../support/programs/s3';
import { describeWithTerraform } from '../../../support/programs/terraform';
import { backendOf } from '../state/backends';

const KEY = 'swarm.tfstate';
const LOCK = `${KEY}.tflock`;

describeWithTerraform('Terraform with its state in a bucket', () => {
  const root = mkdtempSync(join(tmpdir(), 'outlives-s3-'));
  const driver = join(root, 'driver.js');
  let out: string;
  let folder: string;
  let bucket: S3StandIn;
  let deployer: ChildProcess;
  let shown: string;

  beforeAll(() => {
    buildDriver(driver, DRIVER);
  });
  afterAll(() => rmSync(root, { recursive: true }));
  beforeEach(async () => {
    bucket = await S3StandIn.start('b');
    out = mkdtempSync(join(root, 'out-'));
    folder = join(out, 'stacks', 'swarm');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(stackIn(bucket)));
    shown = '';
    await deploy('init');
    await new Promise((resolve) => deployer.once('exit', resolve));
  });
  afterEach(async () => {
    writeFileSync(join(folder, 'go'), '');
    bucket.letGo();
    await until(() => {
      const running = readRunning(folder);
      return !running || !isAtWork(running);
    });
    await bucket.stop();
  });

  function deploy(...steps: readonly string[]): void {
    deployer = spawn(process.execPath, [driver, folder, ...steps], {
      env: { ...process.env, ...S3_CREDENTIALS },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [deployer.stdout!, deployer.stderr!]) {
      stream.on('data', (text) => {
        shown += text;
      });
    }
  }

  const WAYS = {
    SIGKILL: () => deployer.kill('SIGKILL'),
    SIGTERM: () => deployer.kill('SIGTERM'),
    'a closed terminal': () => deployer.kill('SIGHUP'),
    'a reader that left (| head)': async () => {
      const streams = [deployer.stdout!, deployer.stderr!];
      const closed = streams.map((stream) => new Promise((resolve) => stream.once('close', resolve)));
      for (const stream of streams) stream.destroy();
      // What it writes next meets a pipe without a reader, once that has happened.
      await Promise.all(closed);
      deployer.kill('SIGUSR2');
    },
  } as const;
  /** Each is reached, and held there. */
  const STAGES = {
    plan: {
      reach: async () => {
        bucket.hold(KEY);
        deploy('plan');
        await until(() => bucket.isHeld);
      },
      release: () => bucket.letGo(),
      ended: /its terraform plan finished/,
    },
    apply: {
      reach: async () => {
        deploy('plan', 'apply');
        await until(() => /held/.test(shown));
      },
      release: () => writeFileSync(join(folder, 'go'), ''),
      ended: /its terraform apply finished: Apply complete! Resources: 2 added/,
    },
  } as const;

  const cases = Object.keys(STAGES).flatMap((stage) =>
    Object.keys(WAYS).map((way) => [stage, way] as [keyof typeof STAGES, keyof typeof WAYS]),
  );
  test.each(cases)('in its %s outlives a deploy that dies by %s', async (stage, way) => {
    const { reach, release, ended } = STAGES[stage];
    await reach();
    const gone = new Promise((resolve) => deployer.once('exit', resolve));
    await WAYS[way]();
    await gone;
    expect(isAtWork(readRunning(folder)!)).toBe(true);
    expect(bucket.content(LOCK)).toBeDefined();

    const said: string[] = [];
    const settled = settleEarlierRuns({ out, say: (line) => said.push(line) });
    await until(() => said.length > 0);
    expect(said[0]).toContain('is still at work: waiting for its end');
    release();
    await settled;
    expect(said.at(-1)).toMatch(ended);
    expect(bucket.content(LOCK)).toBeUndefined();
    for (const left of ['deploy.tfplan', 'reports']) expect(existsSync(join(folder, left))).toBe(false);

    // Whoever comes next is let in, and finds the state of what was done.
    writeFileSync(join(folder, 'go'), '');
    shown = '';
    deploy('plan');
    await new Promise((resolve) => deployer.once('exit', resolve));
    expect(shown).toContain(`plan ended with ${stage === 'apply' ? 0 : 2}`);
  });

  test('that is interrupted writes its state, with what was made, and gives its lock back', async () => {
    await STAGES.apply.reach();
    const gone = new Promise((resolve) => deployer.once('exit', resolve));
    deployer.kill('SIGINT');
    await gone;
    expect(shown).toContain('apply ended with 1');
    expect(bucket.content(LOCK)).toBeUndefined();
    const { resources } = JSON.parse(bucket.content(KEY)!);
    expect(resources.map(({ name }: { name: string }) => name)).toContain('first');
    expect(readRunning(folder)).toBeUndefined();
  });
});

/** What a deploy does with Terraform, step after step, until one does not end well. */
const DRIVER = `
import { terraform } from './operations/terraform/run';
const [folder, ...steps] = process.argv.slice(2);
const ARGS = {
  init: ['init', '-no-color'],
  plan: ['plan', '-json', '-detailed-exitcode', '-lock-timeout=0s', '-out=deploy.tfplan'],
  apply: ['apply', '-json', '-lock-timeout=0s', 'deploy.tfplan'],
};
const stop = new AbortController();
process.on('SIGINT', () => stop.abort());
// Not console.log, which keeps an error of the pipe to itself.
process.on('SIGUSR2', () => process.stdout.write('one more line'));
(async () => {
  for (const step of steps) {
    const { code, stderr } = await terraform(ARGS[step], {
      folder,
      signal: stop.signal,
      onMessage: ({ hook, ...message }) => console.log(hook?.output ?? message['@message']),
    });
    console.log(step + ' ended with ' + code, stderr);
    if (code !== 0 && step !== 'plan') break;
  }
})();
`;

/** One thing that is made at once, and one that a program makes and that takes until the file `go` is there. */
function stackIn(bucket: S3StandIn): object {
  const { settings } = backendOf({
    kind: 's3',
    bucket: 'b',
    region: 'gra',
    endpoint: bucket.endpoint,
  });
  const program = 'echo held; until [ -e go ]; do sleep 0.05; done';
  return {
    terraform: { backend: { s3: settings } },
    resource: {
      terraform_data: {
        first: { input: 'made' },
        second: {
          depends_on: ['terraform_data.first'],
          provisioner: [{ 'local-exec': { command: program } }],
        },
      },
    },
  };
}

const until = (there: () => boolean) => waitUntil(there, 20);
