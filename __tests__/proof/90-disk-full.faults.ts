import { labStop } from '../../lab/cluster/infrastructure';
import { labPaths } from '../../lab/ground/paths';
import { processesOf } from '../../lab/ground/processes';
import { eventually, sleep } from '../../lab/ground/shell';
import { post } from '../e2e/support/http';
import { expectSuccess, npmRunLab } from '../e2e/support/lab';
import { enter } from './support/book';
import { expectOutcome, verdict } from './support/deploys';
import { deployedPlatform, describeApply } from './support/faults';
import { freshTag } from './support/images';
import { belongings, expectNothingLost, expectServing, expectWayBack } from './support/keeps';
import { underLoad } from './support/load';
import { SmallDisk } from './support/small-disk';
import { endingsOf, serving, tagsOf } from './support/swarm';

const ROOM_MEBIBYTES = 400;
const FULL_SECONDS = 20;
/** What writes all the time, and may end for it. */
const WRITERS = ['kafka', 'mariadb'];

describeApply('the node’s disk full', () => {
  const paths = labPaths();
  let disk: SmallDisk;
  beforeAll(async () => {
    await labStop({ print: () => {} });
    expect(processesOf(paths, 'engine')).toEqual([]);
    disk = await SmallDisk.instead(paths, ROOM_MEBIBYTES);
    expectSuccess(await npmRunLab());
  });
  const platform = deployedPlatform();
  afterAll(async () => {
    await labStop({ print: () => {} });
    await disk?.remove();
    expectSuccess(await npmRunLab());
  });

  test('what needs room fails and is told, what runs goes on; with room again all goes on by itself', async () => {
    const before = await belongings();
    const there = await serving();
    // Swarm forgets all but the last few tasks of a slot.
    const endings: Record<string, Set<string>> = {};
    const note = async () => {
      for (const name of WRITERS) {
        endings[name] ??= new Set();
        for (const ending of await endingsOf(name)) endings[name].add(ending);
      }
    };
    const fresh = await freshTag('userservice');
    const [[full, later], counted] = await underLoad(async () => {
      await sleep(5);
      await disk.fill();
      expect(await disk.freeMebibytes()).toBeLessThan(1);
      const failed = await platform.command.deploy({ fresh: fresh.patch });
      await sleep(FULL_SECONDS);
      await note();
      // A broker whose only log directory cannot be written ends itself: Kafka's own rule. MariaDB 10.11.18 crashes
      // (SIGSEGV). Swarm starts them again and again.
      const now = await serving();
      const gone = [...there].filter(([id]) => !now.has(id)).map(([, name]) => name);
      expect(gone.filter((name) => !WRITERS.includes(name))).toEqual([]);
      disk.free();
      // MariaDB looks for room once a minute; until then it answers nobody.
      const keeps = () =>
        post('/corrections', { probe: 'disk' }).then(
          async ({ status }) => {
            await note();
            return status === 201;
          },
          () => false,
        );
      expect(await eventually(180, keeps)).toBe(true);
      await expectServing();
      // They ended by themselves: no health check of ours ends a server that only waits.
      await note();
      for (const name of WRITERS) {
        if (gone.includes(name)) expect(endings[name]?.size).toBeGreaterThan(0);
        expect([...(endings[name] ?? [])].join()).not.toMatch(/unhealthy/);
      }
      return [failed, await platform.command.again().ended] as const;
    });
    expect(full.output).toMatch(/! disk +0\.0 GiB/);
    expectOutcome(full, 'rolledBack');
    expect(full.output).toMatch(/likely cause: .*disk is full/);
    expectOutcome(later, 'converged');
    expect(await tagsOf('userservice')).toBe(`${fresh.tag}, ${fresh.tag}`);
    const back = await expectWayBack(platform.command, ['userservice']);
    enter(paths, {
      fault: 'the node’s disk full',
      counted,
      verdict: [full, later].map(verdict).concat(back).join(', '),
    });
    await expectNothingLost(before, counted);
  });
});
