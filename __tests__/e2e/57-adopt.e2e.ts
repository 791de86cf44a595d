import { spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { dockerEnvironment } from '../../lab/deploy/docker';
import { isOfState } from '../../lab/deploy/providers';
import { askRoutes } from '../../lab/deploy/requests';
import { docker } from '../../lab/engine/docker';
import { eventually } from '../../lab/ground/shell';
import { type Counted, underLoad } from '../proof/support/load';
import { COMPOSE, OldStack, STACK } from '../support/old-stack/old-stack';
import { ProjectCopy } from '../support/programs/project-copy';
import { post } from './support/http';
import {
  describeLab,
  expectSuccess,
  npmRunLab,
  runningLab,
  runningTarget,
  serviceIds,
  testTerraform,
} from './support/lab';

const PAGE = readFileSync(resolve(__dirname, '../../docs/adopt.md'), 'utf8');

/** The commands of docs/adopt.md under a heading, block by block, as they are run here. */
function blocks(heading: string): string[] {
  const [, text = ''] = PAGE.split(new RegExp(`^## ${heading}\n`, 'm'));
  const found = [...text.split(/^## /m)[0]!.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block]) =>
    block!
      // Nobody is there to answer, and images come from the lab's registry.
      .replace('./proctor deploy', './proctor deploy --yes')
      .replaceAll(' apache/kafka:', ` ${runningLab().registry}/kafka:`),
  );
  if (found.length === 0) throw new Error(`docs/adopt.md has no commands under "${heading}"`);
  return found;
}

describeLab('docs/adopt.md, on a stack that docker stack deploy made', () => {
  const project = new ProjectCopy();
  let old: OldStack;
  /** As the preflight prints it. */
  let putAside: string | undefined;
  afterAll(() => project.remove());

  /** In a shell, as an operator has it. @returns status and output */
  const type = (script: string, end?: { readonly at: RegExp }) =>
    new Promise<{ status: number; output: string }>((done) => {
      const env = { ...dockerEnvironment(runningTarget()), ...old.env };
      // A group of its own, which is interrupted as one, as a terminal does it.
      const child = spawn('bash', ['-e', '-c', script], {
        cwd: project.folder,
        env,
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      });
      let output = '';
      let isEnded = false;
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk) => {
          output += chunk;
          if (!end?.at.test(output) || isEnded) return;
          isEnded = true;
          process.kill(-child.pid!, 'SIGINT');
        });
      // Not `close`: a shared ssh connection that stays behind holds the output open.
      child.on('exit', (status) => setTimeout(() => done({ status: status ?? 1, output }), 500));
    });
  const must = async (script: string) => {
    const { status, output } = await type(script);
    if (status !== 0) throw new Error(`status ${status} of ${script}\n${output.slice(-6000)}`);
    return output;
  };
  /** The old stack runs, as it was made, and nothing of another platform. */
  const startOld = async () => {
    if (await old.runs()) return;
    await clear();
    await old.deploy(project.folder);
  };
  /** The long way's second part: what would be replaced is made equal, by the commands that state recover prints. */
  const makeEqual = async () => {
    const found = await type('./proctor state recover');
    expect(found.status).toBe(1);
    expect(found.output).not.toContain('Instance cannot be destroyed');
    expect(found.output).toContain('not in the catalogue, left alone:');
    const commands = [...found.output.matchAll(/^ {4}(docker service update .*)$/gm)].map(
      ([, line]) => line!,
    );
    const updated = commands.map((line) => line.split(' ').at(-1)).join(' ');
    // With all that it said, should it be others.
    if (updated !== `${STACK}_mariadb ${STACK}_monitoringservice`) throw new Error(found.output);
    for (const command of commands) {
      await must(command);
      await old.untilServing();
    }
  };
  const checksum = () =>
    old.sql('CHECKSUM TABLE proctorwise_users.records; SELECT COUNT(*) FROM proctorwise_users.records');
  const publishes = () =>
    eventually(60, async () => (await post('/reservations', { of: 'old' })).status === 201);
  const tell = (
    what: string,
    seconds: number,
    { longestGapSeconds, gapOf, requests, failed, acknowledged, lost, lostMessages }: Counted,
  ) =>
    process.stderr.write(
      `${what}: ${seconds.toFixed(0)} s, nobody answered for ${longestGapSeconds.toFixed(0)} s (${gapOf}), ${failed} of ${requests} requests failed, ${lost} of ${acknowledged} rows lost, ${lostMessages} messages\n`,
    );
  const timed = async (work: () => Promise<unknown>) => {
    const start = Date.now();
    await work();
    return (Date.now() - start) / 1000;
  };

  /** Nothing is left of any platform on the lab, in the state neither. */
  async function clear(): Promise<void> {
    const { paths } = runningLab();
    const list = async (kind: string) =>
      (await docker(paths, [kind, 'ls', '--format', '{{.Name}}']))
        .split('\n')
        .filter((name) => name.startsWith(`${STACK}_`) || name.startsWith(`data.${STACK}_`));
    await docker(paths, ['stack', 'rm', STACK]);
    for (const kind of ['secret', 'config', 'network', 'volume']) {
      const gone = async () => {
        const names = await list(kind);
        if (names.length > 0) await docker(paths, [kind, 'rm', ...names]).catch(() => {});
        return (await list(kind)).length === 0;
      };
      expect(await eventually(120, gone)).toBe(true);
    }
    for (const name of readdirSync(paths.dir).filter(isOfState)) rmSync(join(paths.dir, name));
  }

  beforeAll(async () => {
    if (process.env.E2E_NO_TERRAFORM) return;
    const { paths } = runningLab();
    symlinkSync(paths.dir, project.path('.lab'));
    if (existsSync('.terraform.lock.hcl')) cpSync('.terraform.lock.hcl', project.path('.terraform.lock.hcl'));
    old = new OldStack(runningLab());
    await clear();
    await old.prepare();
    for (const name of [COMPOSE, 'nginx.conf', 'init.sql', 'ssl'])
      symlinkSync(join(old.folder, name), project.path(name));
    await old.deploy(project.folder);
  });

  testTerraform('no deploy touches it, and its words lead to that page', async () => {
    const { status, output } = await type('./proctor deploy --yes');
    expect(status).toBe(1);
    expect(output).toMatch(/has the data of a broker with ZooKeeper .*\n.* docs\/adopt\.md first/);
    [, putAside] = /→ made by docker stack deploy\? docs\/adopt\.md .*\n((?: {4}.*\n)+)/.exec(output) ?? [];
    // The page's own, but for ZooKeeper, of which no check knows.
    expect(`${putAside?.replaceAll(/^ {4}/gm, '')}docker service rm ${STACK}_zookeeper\n`).toBe(
      blocks('The long way')[0],
    );
    await must(blocks('First')[0]!);
    expect(readFileSync(project.path('before.sql'), 'utf8')).toContain('CREATE TABLE `records`');
  });

  testTerraform('the short way has a way back, also from the midst of its deploy', async () => {
    const before = await checksum();
    const begun = await type(blocks('The short way')[0]!, { at: /\[2\/10\] \S+ converged/ });
    expect(begun.output).toMatch(/\[2\/10\] \S+ converged/);
    await must(blocks('The way back')[0]!);
    await old.untilServing();
    expect(await publishes()).toBe(true);
    expect(await checksum()).toBe(before);
  });

  testTerraform('the short way: away once, and not a row is lost', async () => {
    const before = await checksum();
    const [seconds, counted] = await underLoad(() => timed(() => must(blocks('The short way')[0]!)));
    tell('the short way', seconds, counted);
    expect(await checksum()).toBe(before);
    expect(counted).toMatchObject({ lost: 0 });
    expect(counted.acknowledged).toBeGreaterThan(0);
    expect((await askRoutes(runningLab())).filter(({ status }) => status !== '200')).toEqual([]);
    await must(blocks('Afterwards')[0]!);
    expect(readFileSync(project.path('after.sql'), 'utf8')).toContain('CREATE TABLE `records`');
    expect((await type('./proctor status')).output).toContain(`${STACK}_zookeeper_data`);
  });

  testTerraform('the long way has a way back before its deploy, by the end of those commands', async () => {
    await startOld();
    const before = await checksum();
    await must(blocks('The long way')[0]!);
    await makeEqual();
    const [back, again] = blocks('The way back');
    const ids = await serviceIds();
    await must(back!.slice(back!.indexOf('docker volume rm')));
    await old.untilServing();
    await must(again!);
    await old.untilServing();
    expect(await publishes()).toBe(true);
    expect(await checksum()).toBe(before);
    expect(await serviceIds()).toEqual(expect.arrayContaining(ids));
  });

  testTerraform('and one from its deploy, until all but its last steps are done', async () => {
    await startOld();
    const before = await checksum();
    const [broker, , take] = blocks('The long way');
    await must(broker!);
    await makeEqual();
    const begun = await type(take!, { at: /\[9\/10\] \S+ converged/ });
    expect(begun.output).toMatch(/\[9\/10\] \S+ converged/);
    await must(blocks('The way back')[0]!);
    await old.untilServing();
    expect(await publishes()).toBe(true);
    expect(await checksum()).toBe(before);
  });

  testTerraform('the long way, the broker first as the preflight says: not a row is lost', async () => {
    await startOld();
    const before = await checksum();
    const [, , take] = blocks('The long way');
    const [seconds, counted] = await underLoad(() =>
      timed(async () => {
        await must(putAside!);
        await makeEqual();
        const deployed = await must(take!);
        expect(deployed).toMatch(/plan: \d+ to import, \d+ to add, \d+ to change, 0 to destroy/);
        expect(deployed).toMatch(/^converged$/m);
      }),
    );
    tell('the long way', seconds, counted);
    expect(await checksum()).toBe(before);
    expect(counted).toMatchObject({ lost: 0 });
    expect((await askRoutes(runningLab())).filter(({ status }) => status !== '200')).toEqual([]);
    // Everybody after this one finds the lab as it was.
    expectSuccess(await npmRunLab());
  });
});
