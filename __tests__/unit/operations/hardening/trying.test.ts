import type { ServiceSpec, Task } from '../../../../operations/docker/answers';
import { tryHardening } from '../../../../operations/hardening/main';
import { LABEL, UNTIL_LABEL } from '../../../../operations/hardening/trial';

const NOW = 1_700_000_000_000;
const options = {
  target: { host: 'unix:///nothing', sshOptions: [], publicHost: 'nothing' },
  stack: 'shop',
  service: 'web',
  hardening: { capAdd: [], tmpfs: ['/tmp'], readOnlyRoot: true },
};
const web = (more: Partial<ServiceSpec> = {}): ServiceSpec => ({
  Name: 'shop_web',
  TaskTemplate: { ContainerSpec: { Image: 'shop/web:1' } },
  UpdateConfig: { Order: 'start-first' },
  ...more,
});
const trial = (of: string, until: number): ServiceSpec => ({
  ...web({ Name: `${of}-trial` }),
  Labels: { [LABEL]: of, [UNTIL_LABEL]: String(until / 1000) },
});

let said: string[];
beforeEach(() => {
  said = [];
  const take = (text: unknown) => said.push(String(text)) > 0;
  jest.spyOn(process.stdout, 'write').mockImplementation(take);
  jest.spyOn(process.stderr, 'write').mockImplementation(take);
});
afterEach(() => jest.restoreAllMocks());

/** A Swarm whose trial comes into this state at once. */
async function tried({
  status = { State: 'running' },
  log = [],
  services = [web()],
  stop = new AbortController(),
  stopped = false,
}: {
  status?: Partial<Task['Status']>;
  log?: string[];
  services?: ServiceSpec[];
  stop?: AbortController;
  stopped?: boolean;
}) {
  const there = new Map(services.map((Spec) => [Spec.Name!, Spec]));
  let now = NOW;
  const docker = {
    clock: async () => NOW,
    services: async ({ label }: { label?: readonly string[] } = {}) =>
      [...there]
        .map(([ID, Spec]) => ({ ID, Spec }))
        .filter(({ Spec }) => !label || Spec.Labels?.[label[0]!] !== undefined),
    createService: async (Spec: ServiceSpec) => {
      there.set(Spec.Name!, Spec);
      if (stopped) stop.abort();
      return Spec.Name!;
    },
    removeService: async (id: string) => void there.delete(id),
    tasks: async () => [{ ID: 't', Status: status }],
  };
  const swarm = { docker, evidence: async () => ({ log, outOfMemory: false }) };
  const clock = {
    now: () => now,
    sleep: async (milliseconds: number) => {
      now += milliseconds;
    },
  };
  const code = await tryHardening(swarm as never, options, stop.signal, clock);
  return { code, left: [...there.keys()], output: said.join('') };
}

test('a service that bears it is told with its words, and the trial is gone', async () => {
  const { code, left, output } = await tried({});
  expect({ code, left }).toEqual({ code: 0, left: ['shop_web'] });
  expect(output).toContain("capDrop: ['ALL'], readOnlyRoot: true, tmpfs: ['/tmp']");
});

test('one that ends does not bear it', async () => {
  const { code, output } = await tried({ status: { State: 'failed', Err: 'exit 1' }, log: ['oh'] });
  expect(code).toBe(1);
  expect(output).toMatch(/web does not bear it: failed \(exit 1\)/);
});

test.each([
  ['pending', 'no suitable node (scheduling constraints not satisfied)'],
  ['rejected', 'No such image: shop/web:1'],
  ['preparing', ''],
])('a task that is %s has shown nothing of what it bears', async (State, Err) => {
  const { code, left, output } = await tried({ status: { State, Err } });
  expect({ code, left }).toEqual({ code: 1, left: ['shop_web'] });
  expect(output).toContain(
    `web was not tried: its task has not started, it is ${State}${Err && ` (${Err})`}`,
  );
  expect(output).not.toMatch(/does not bear|--writable/);
});

test('who stops it leaves nothing', async () => {
  const { code, left, output } = await tried({ stopped: true });
  expect({ code, left }).toEqual({ code: 1, left: ['shop_web'] });
  expect(output).toContain('web was not tried to the end');
  expect(output).not.toMatch(/bear|healthy/);
});

test('a trial that was killed is removed; those of others and of other stacks stay', async () => {
  const services = [
    web(),
    trial('shop_web', NOW - 1000),
    trial('shop_api', NOW + 1000),
    trial('bank_web', NOW - 1000),
  ];
  const { code, left } = await tried({ services });
  expect({ code, left }).toEqual({ code: 0, left: ['shop_web', 'shop_api-trial', 'bank_web-trial'] });
});

test('two do not try the same service at once', async () => {
  const { code, left, output } = await tried({ services: [web(), trial('shop_web', NOW + 1000)] });
  expect({ code, left }).toEqual({ code: 1, left: ['shop_web', 'shop_web-trial'] });
  expect(output).toContain(
    'somebody tries web already\n  wait until that is over, or end it: docker service rm shop_web-trial',
  );
});

test('one of your own that cannot be there twice is not said to be hardened', async () => {
  const own = web({ EndpointSpec: { Ports: [{ PublishedPort: 25 }] } });
  const { code, output } = await tried({ services: [own] });
  expect(code).toBe(1);
  expect(output).toMatch(/web is not tried: it publishes a port.*\n.*for one of your own/);
});
