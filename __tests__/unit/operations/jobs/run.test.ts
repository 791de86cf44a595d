import { JOB_LABEL, JOB_UNTIL_LABEL } from '../../../../contract/job';
import type { Docker } from '../../../../operations/docker/client';
import { ConnectionError } from '../../../../operations/docker/explain';
import { exitCodeOf } from '../../../../operations/jobs/by-hand';
import { UnderWay } from '../../../../operations/jobs/left';
import { runJob } from '../../../../operations/jobs/run';
import type { Job } from '../../../../operations/jobs/spec';
import { endInWords, incompleteInWords } from '../../../../operations/jobs/text';
import { Redactor } from '../../../../operations/redact/redactor';
import { FakeSwarm, state } from './fake-swarm';

const job: Job = {
  kind: 'migrate',
  suffix: 'migrate',
  of: 'shop_web',
  namespace: 'shop',
  template: { ContainerSpec: { Image: 'shop/web:2', Args: ['up'] } },
  timeoutSeconds: 60,
};
const redactor = new Redactor({ db_password: 'correct-horse-battery' });
const running = state('running', 0);

async function played(swarm: FakeSwarm, more: Partial<Parameters<typeof runJob>[1]> = {}) {
  const end = await runJob(job, { docker: swarm.docker, redactor, clock: swarm.clock, ...more });
  expect(swarm.forgotten).toEqual([]);
  return end;
}

const instead = (docker: Docker, own: Partial<Docker>): Docker =>
  new Proxy(docker, { get: (target, name: keyof Docker) => own[name] ?? target[name] });

test('a job that ends well is removed', async () => {
  const swarm = new FakeSwarm();
  swarm.script = [state('pending'), state('preparing'), running, running, state('complete', 0)];
  const end = await played(swarm);
  expect(end).toMatchObject({ outcome: 'completed', exitCode: 0 });
  expect(swarm.said).toEqual(['create shop_web-migrate', 'stop shop_web-migrate', 'remove shop_web-migrate']);
});

test('one that fails says with what status, with its last lines and without what is secret in them', async () => {
  const swarm = new FakeSwarm();
  swarm.script = [running, state('failed', 3, 'task: non-zero exit (3)')];
  swarm.log = 'table users: duplicate column\npassword was correct-horse-battery\n';
  const end = await played(swarm);
  expect(end).toMatchObject({
    outcome: 'failed',
    exitCode: 3,
    log: ['table users: duplicate column', 'password was <db_password>'],
  });
  expect(endInWords(end, 60)).toMatch(/^failed with status 3 after \d+ s$/);
  expect(swarm.services).toEqual([]);
});

test('one that Docker cannot start has no status, whatever Docker says', async () => {
  const swarm = new FakeSwarm();
  swarm.script = [state('rejected', 0, 'No such image: shop/web:2')];
  const end = await played(swarm);
  expect(end.outcome).toBe('failed');
  expect(end.exitCode).toBeUndefined();
  expect(endInWords(end, 60)).toMatch(/^could not run: No such image: shop\/web:2/);
});

test('one that is still running at its time-out is removed', async () => {
  const swarm = new FakeSwarm();
  swarm.script = [running];
  const end = await played(swarm);
  expect(end.outcome).toBe('timedOut');
  expect(end.seconds).toBeGreaterThan(60);
  expect(endInWords(end, 60)).toBe('was still running after 60 s, and was stopped');
  expect(swarm.services).toEqual([]);
});

test('a pull counts for nothing, and a node that never comes ends it', async () => {
  const swarm = new FakeSwarm();
  swarm.script = [
    ...Array<ReturnType<typeof state>>(600).fill(state('preparing')),
    running,
    state('complete', 0),
  ];
  expect((await played(swarm)).outcome).toBe('completed');
  swarm.script = [state('pending', undefined, 'no suitable node (constraints not satisfied)')];
  const end = await played(swarm);
  expect(end.outcome).toBe('notStarted');
  expect(endInWords(end, 60)).toMatch(/^did not start: no suitable node/);
  expect(swarm.services).toEqual([]);
});

test('one that somebody removes has ended', async () => {
  const swarm = new FakeSwarm();
  swarm.script = [running, running];
  const end = runJob(job, {
    docker: swarm.docker,
    redactor,
    clock: {
      now: swarm.clock.now,
      sleep: async (milliseconds) => {
        await swarm.clock.sleep(milliseconds);
        if (swarm.now > 1_003_000 && swarm.services[0])
          await swarm.docker.removeService(swarm.services[0].ID);
      },
    },
  });
  expect((await end).outcome).toBe('removed');
});

test('answers from before, when there was no task yet, are not taken for a removal', async () => {
  const swarm = new FakeSwarm();
  swarm.script = [running, running, running, state('complete', 0)];
  const clock = swarm.clockWith({
    1: () => {
      swarm.old = 8;
    },
  });
  expect((await played(swarm, { clock })).outcome).toBe('completed');
});

describe('somebody who runs the same at the same time', () => {
  const other = { Name: 'shop_web-migrate', Labels: { [JOB_LABEL]: 'migrate' }, TaskTemplate: {} };

  test('keeps the job that was made in place of this one', async () => {
    const swarm = new FakeSwarm();
    swarm.script = [running, running];
    const clock = swarm.clockWith({
      3: () => {
        swarm.add(other, running);
        swarm.services.shift();
        swarm.old = Number.POSITIVE_INFINITY;
      },
    });
    expect((await played(swarm, { clock })).outcome).toBe('removed');
    expect(swarm.services.map(({ Spec }) => Spec)).toEqual([other]);
  });

  test('and the job that was made a moment before', async () => {
    const swarm = new FakeSwarm();
    const docker = instead(swarm.docker, {
      // What `removeLeft` has not seen yet.
      createService: (spec) => {
        swarm.add(other, running);
        return swarm.docker.createService(spec);
      },
    });
    await expect(played(swarm, { docker })).rejects.toThrow(
      'shop_web-migrate is under way: somebody waits for it\n  let it end, then run this again',
    );
    expect(swarm.services.map(({ Spec }) => Spec)).toEqual([other]);
  });

  describe('where a job takes no place of another one', () => {
    const meets = async (...states: ReturnType<typeof state>[]) => {
      const swarm = new FakeSwarm();
      swarm.add(other, ...states);
      const end = runJob({ ...job, alone: true }, { docker: swarm.docker, redactor, clock: swarm.clock });
      return { swarm, end };
    };

    test.each(['running', 'preparing', 'pending'])('one that is %s keeps it', async (now) => {
      const { swarm, end } = await meets(state(now));
      await expect(end).rejects.toThrow(UnderWay);
      expect(swarm.said).toEqual([]);
    });

    test('one that was made a moment ago keeps it, too', async () => {
      const { swarm, end } = await meets();
      await expect(end).rejects.toThrow(UnderWay);
      expect(swarm.said).toEqual([]);
    });

    test('one that has ended does not, whatever Swarm has made after it', async () => {
      const swarm = new FakeSwarm();
      swarm.add(other, state('failed', 3), state('ready'));
      swarm.script = [state('failed', 3), state('failed', 3), state('complete', 0)];
      const end = await runJob(
        { ...job, alone: true },
        { docker: swarm.docker, redactor, clock: swarm.clock },
      );
      expect(end.outcome).toBe('completed');
    });
  });

  test('but a job of which only the answer was lost goes', async () => {
    const swarm = new FakeSwarm();
    const docker = instead(swarm.docker, {
      createService: async (spec) => {
        await swarm.docker.createService(spec);
        throw new ConnectionError('unreachable', 'cut', 'mend it');
      },
    });
    await expect(played(swarm, { docker })).rejects.toThrow('cut');
    expect(swarm.said).toContain('create shop_web-migrate');
    expect(swarm.services).toEqual([]);
  });
});

describe('a server that is out of reach', () => {
  test('for a while is waited for', async () => {
    const swarm = new FakeSwarm();
    swarm.script = [running];
    const end = played(swarm, {
      clock: swarm.clockWith({
        2: () => {
          swarm.cut = 20;
        },
        30: () => {
          swarm.script = [state('complete', 0)];
        },
      }),
    });
    expect((await end).outcome).toBe('completed');
    expect(swarm.said.filter((word) => word === 'reconnect')).toHaveLength(20);
  });

  test('as the time-out comes is heard first, when it is back', async () => {
    const swarm = new FakeSwarm();
    swarm.script = [running];
    const clock = swarm.clockWith({
      55: () => {
        swarm.cut = 20;
      },
      70: () => {
        swarm.script = [state('complete', 0)];
      },
    });
    expect((await played(swarm, { clock })).outcome).toBe('completed');
  });

  test('and back says at last what still runs', async () => {
    const swarm = new FakeSwarm();
    swarm.script = [running];
    const clock = swarm.clockWith({
      55: () => {
        swarm.cut = 20;
      },
    });
    const end = await played(swarm, { clock });
    expect(end.outcome).toBe('timedOut');
    expect(end.seconds).toBeLessThan(90);
  });

  test('for good is an error, and not an end', async () => {
    const swarm = new FakeSwarm();
    swarm.script = [running];
    const end = played(swarm, {
      clock: swarm.clockWith({
        2: () => {
          swarm.cut = 243;
        },
      }),
    });
    await expect(end).rejects.toThrow('cut');
    // The finally looks once more: what is there again must not keep the job.
    expect(swarm.services).toEqual([]);
  });
});

describe('a node that goes down', () => {
  const slow = { ...job, timeoutSeconds: 3_600 };
  const lostAt = (seconds: number, swarm: FakeSwarm) =>
    swarm.clockWith({
      [seconds]: () => {
        swarm.nodeState = 'down';
      },
    });

  test.each(['running', 'preparing'])('ends a job that is %s, whatever time it has left', async (now) => {
    const swarm = new FakeSwarm();
    swarm.script = [state(now, 0)];
    const { docker } = swarm;
    const end = await runJob(slow, { docker, redactor, clock: lostAt(10, swarm) });
    expect(end).toMatchObject({ outcome: 'lost', node: 'one' });
    expect(swarm.now - 1_000_000).toBeLessThan(120_000);
    expect(endInWords(end, 3_600)).toBe(
      'was lost with its node one, which is down: whether it goes on there is not known\n  bring the node back, where Swarm stops it then, and see what it has done before it runs again',
    );
    expect(swarm.services).toEqual([]);
  });

  test('for a moment ends nothing', async () => {
    const swarm = new FakeSwarm();
    swarm.script = [running];
    const clock = swarm.clockWith({
      25: () => {
        swarm.nodeState = 'down';
      },
      40: () => {
        swarm.nodeState = 'ready';
      },
      100: () => {
        swarm.script = [state('complete', 0)];
      },
    });
    const end = await runJob(slow, { docker: swarm.docker, redactor, clock });
    expect(end.outcome).toBe('completed');
    // And once for its name.
    expect(swarm.nodeAsked).toBeLessThan(6);
  });

  test('or that cannot be asked ends nothing either; one that has left the Swarm does', async () => {
    const refused = (statusCode?: number) => async () =>
      Promise.reject(Object.assign(new Error('no'), { statusCode }));
    const outcome = async (node: Docker['node']) => {
      const swarm = new FakeSwarm();
      swarm.script = [running];
      const docker = instead(swarm.docker, { node });
      const clock = swarm.clockWith({
        200: () => {
          swarm.script = [state('complete', 0)];
        },
      });
      return (await runJob(slow, { docker, redactor, clock })).outcome;
    };
    expect(await outcome(refused())).toBe('completed');
    expect(await outcome(refused(404))).toBe('lost');
  });
});

test('a program that ends within half a minute costs no look at its node', async () => {
  const swarm = new FakeSwarm();
  swarm.script = [running, running, state('complete', 0)];
  await played(swarm);
  // For its name, at the end.
  expect(swarm.nodeAsked).toBe(1);
});

describe('what earlier runs left', () => {
  const left = (Name: string, until: number) => ({
    Name,
    Labels: { [JOB_LABEL]: 'run', [JOB_UNTIL_LABEL]: String(until) },
    TaskTemplate: {},
  });

  test('goes: of the same name, what has ended, and what must have ended long ago', async () => {
    const swarm = new FakeSwarm();
    swarm.add(left('shop_web-migrate', 99_999), running);
    swarm.add(left('shop_web-run-1', 99_999), state('complete', 0));
    swarm.add(left('shop_web-run-2', 999), running);
    swarm.add(left('shop_web-run-3', 99_999), running);
    swarm.now += 180_000;
    swarm.script = [running, state('complete', 0)];
    const said: string[] = [];
    await played(swarm, { say: (line) => said.push(line) });
    expect(swarm.services.map(({ Spec }) => Spec.Name)).toEqual(['shop_web-run-3']);
    expect(said).toEqual(
      ['migrate', 'run-1', 'run-2'].map((name) => `removed shop_web-${name}, which an earlier run left`),
    );
  });

  test('stays, where somebody may still read how it ended', async () => {
    const swarm = new FakeSwarm();
    swarm.add(left('shop_web-run-1', 99_999), state('complete', 0));
    swarm.script = [running, state('complete', 0)];
    await played(swarm);
    expect(swarm.services.map(({ Spec }) => Spec.Name)).toEqual(['shop_web-run-1']);
  });
});

describe('signals', () => {
  test('go to its program, whose status is told', async () => {
    const swarm = new FakeSwarm();
    const signals: NodeJS.Signals[] = [];
    swarm.script = [running, running];
    const end = played(swarm, {
      signals,
      clock: swarm.clockWith({
        3: () => {
          signals.push('SIGINT');
        },
        5: () => {
          swarm.script = [state('failed', 130, 'task: non-zero exit (130)')];
        },
      }),
    });
    expect(await end).toMatchObject({ outcome: 'stopped', exitCode: 130 });
    expect(swarm.said).toContain('SIGINT to c1');
  });

  test('that the server does not hear at once are not lost', async () => {
    const swarm = new FakeSwarm();
    const signals: NodeJS.Signals[] = [];
    swarm.script = [running, running];
    let silent = 3;
    const docker = instead(swarm.docker, {
      info: async () => {
        silent -= 1;
        if (silent >= 0) throw new ConnectionError('unreachable', 'cut', 'mend it');
        return swarm.docker.info();
      },
    });
    const clock = swarm.clockWith({
      3: () => {
        signals.push('SIGINT');
      },
      6: () => {
        swarm.script = [state('failed', 130, 'task: non-zero exit (130)')];
      },
    });
    const end = await played(swarm, { docker, signals, clock });
    expect(end).toMatchObject({ outcome: 'stopped', exitCode: 130 });
    expect(swarm.said.filter((word) => word === 'SIGINT to c1')).toHaveLength(1);
  });

  test('a second one removes a job that does not obey', async () => {
    const swarm = new FakeSwarm();
    const signals: NodeJS.Signals[] = [];
    swarm.script = [running, running];
    const end = played(swarm, {
      signals,
      clock: swarm.clockWith({
        3: () => {
          signals.push('SIGINT');
        },
        5: () => {
          signals.push('SIGINT');
        },
      }),
    });
    expect((await end).outcome).toBe('stopped');
    expect(swarm.said).toEqual([
      'create shop_web-migrate',
      'SIGINT to c1',
      'stop shop_web-migrate',
      'stop shop_web-migrate',
      'remove shop_web-migrate',
    ]);
    expect(swarm.forgotten).toEqual([]);
  });
});

test('all that it says comes out, in whole lines, without what is secret in it', async () => {
  const swarm = new FakeSwarm();
  swarm.script = [running, state('complete', 0)];
  swarm.log = '\u001b[31mred\u001b[0m correct-horse-battery\nno end';
  let text = '';
  const output = { stdout: (more: string) => (text += more), stderr: () => {} };
  await played(swarm, { output });
  expect(text).toBe('red <db_password>\nno end\n');
});

describe('what it says', () => {
  const said = () => {
    const told = { text: '' };
    const stdout = (more: string) => {
      told.text += more;
    };
    return { told, output: { stdout, stderr: () => {} } };
  };
  const lines = (count: number) => Array.from({ length: count }, (_, at) => `${at}\n`).join('');

  test('goes on where its connection broke, and nothing comes twice', async () => {
    const swarm = new FakeSwarm();
    const { told, output } = said();
    let before = '';
    swarm.script = [running];
    const clock = swarm.clockWith({
      1: () => swarm.say('1\n2\n3\n'),
      2: () => {
        swarm.cut = 1;
      },
      3: () => swarm.say('4\n'),
      8: () => {
        before = told.text;
        swarm.script = [state('complete', 0)];
      },
    });
    const end = await played(swarm, { output, clock });
    expect(before).toBe('1\n2\n3\n4\n');
    expect(told.text).toBe(before);
    expect(end.unheard).toBeUndefined();
    expect(exitCodeOf(end)).toBe(0);
  });

  test('is waited for as long as more of it comes', async () => {
    const swarm = new FakeSwarm();
    const { told, output } = said();
    swarm.script = [running, state('complete', 0)];
    swarm.log = lines(20);
    swarm.lineMs = 5_000;
    swarm.breaks = [0, 7, 9];
    const end = await played(swarm, { output });
    expect(told.text).toBe(lines(20));
    expect(end.unheard).toBeUndefined();
  });

  test('and does not come to its end is told, and is no success', async () => {
    const swarm = new FakeSwarm();
    const { told, output } = said();
    swarm.script = [running, state('complete', 0)];
    swarm.log = lines(3);
    swarm.breaks = Array<number>(1_000).fill(2);
    const end = await played(swarm, { output });
    expect(told.text).toBe(lines(2));
    expect(end).toMatchObject({ outcome: 'completed', exitCode: 0, unheard: 'cut' });
    expect(exitCodeOf(end)).toBe(125);
    expect(incompleteInWords(end.unheard!)).toBe(
      'output is incomplete: cut\nwhat came is its beginning; run it again where it may run twice',
    );
    expect(exitCodeOf({ ...end, outcome: 'failed', exitCode: 3 })).toBe(3);
  });

  test('is not asked for again where the task has gone with it', async () => {
    const swarm = new FakeSwarm();
    swarm.script = [running, state('complete', 0)];
    const streamLog = async () =>
      Promise.reject(Object.assign(new Error('no such task'), { statusCode: 404 }));
    const { output } = said();
    const end = await played(swarm, { output, docker: instead(swarm.docker, { streamLog }) });
    expect(end.unheard).toBe('no such task');
    expect(swarm.now - 1_000_000).toBeLessThan(3_000);
  });

  test('is not waited for by somebody who sends a signal', async () => {
    const swarm = new FakeSwarm();
    const signals: NodeJS.Signals[] = [];
    swarm.script = [running, state('complete', 0)];
    const docker = instead(swarm.docker, { streamLog: () => new Promise(() => {}) });
    const clock = swarm.clockWith({
      5: () => {
        signals.push('SIGINT');
      },
    });
    const { output } = said();
    const end = await played(swarm, { output, docker, signals, clock });
    expect(end).toMatchObject({ outcome: 'completed', unheard: 'nobody waited for its end' });
    expect(swarm.now - 1_000_000).toBeLessThan(7_000);
  });
});
