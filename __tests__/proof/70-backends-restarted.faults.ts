import { eventually, sleep } from '../../lab/ground/shell';
import { post } from '../e2e/support/http';
import { describeLab, runningLab } from '../e2e/support/lab';
import { enter } from './support/book';
import { belongings, expectNothingLost, expectServing } from './support/keeps';
import { underLoad } from './support/load';
import { containers, engine } from './support/swarm';

/** Load before and after, so that a recovery which does not last shows. */
const BEFORE_SECONDS = 5;
const AFTER_SECONDS = 20;

describeLab('a backend under load', () => {
  beforeAll(() => expectServing());

  const restart = (name: string) => engine('service', 'update', '--quiet', '--force', `proctorwise_${name}`);
  const kill = async (name: string) => engine('kill', ...(await containers(name)));

  test.each([
    ['mariadb', 'restarted', restart],
    ['mariadb', 'killed', kill],
    ['kafka', 'restarted', restart],
    ['kafka', 'killed', kill],
  ])('%s %s: the applications recover by themselves', async (backend, how, fault) => {
    const before = await belongings();
    const others = async () => {
      const [all, own] = [await containers(), await containers(backend)];
      return all.filter((id) => !own.includes(id));
    };
    const untouched = await others();
    const old = await containers(backend);
    let seconds = 0;
    const [, counted] = await underLoad(async () => {
      await sleep(BEFORE_SECONDS);
      const start = Date.now();
      await fault(backend);
      const works = async () => {
        const answer = await post('/corrections', { probe: backend }).catch(() => undefined);
        return answer?.status === 201;
      };
      const isAnother = async () => !(await containers(backend)).some((id) => old.includes(id));
      expect(await eventually(120, isAnother)).toBe(true);
      expect(await eventually(120, works)).toBe(true);
      seconds = (Date.now() - start) / 1000;
      await sleep(AFTER_SECONDS);
    });
    await expectServing();
    enter(runningLab().paths, {
      fault: `${backend} ${how} under load`,
      verdict: `serves again after ${seconds.toFixed(1)} s`,
      counted,
    });
    expect(await others()).toEqual(untouched);
    await expectNothingLost(before, counted);
    // While MariaDB is away notification takes messages that it cannot keep; that is the application's to solve.
    if (backend === 'kafka') expect(counted.lostMessages).toBe(0);
  });
});
