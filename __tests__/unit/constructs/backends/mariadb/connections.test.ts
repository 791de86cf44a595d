import { Memory } from '../../../../../constructs';
import { connectionLimits, demandOf } from '../../../../../constructs/backends/mariadb/connections';
import { Cpu } from '../../../../../constructs/units';
import { platform } from '../../../../../services.config';
import { Workplace } from '../../../../support/platform/platform';

const workplace = new Workplace();
afterAll(() => workplace.remove());

/** `tasks` at rest and one more while they roll. */
const client = (application: string, tasks: number, use: unknown = 'shop') => ({
  application,
  use,
  tasks: { atRest: tasks, most: tasks + 1 },
});
const at = (clients: ReturnType<typeof client>[], mebibytes = 1024) => ({
  id: 'mariadb',
  clients,
  limits: { cpus: Cpu.cores(1), memory: Memory.mebibytes(mebibytes) },
});
const six = [2, 2, 2, 2, 2, 1].map((tasks, index) => client(`service${index}`, tasks));

test('six services of eleven tasks open 165 at rest and 255 while all roll, and the server takes them', () => {
  const demand = demandOf(at(six), {});
  expect(demand.reduce((sum, { atRest }) => sum + atRest, 0)).toBe(165);
  expect(demand.reduce((sum, { most }) => sum + most, 0)).toBe(255);
  expect(connectionLimits(at(six), {})).toEqual({ max: 300, maxOfOneUser: 290 });
});

test('one more replica does not restart it', () => {
  const more = [client('service0', 3), ...six.slice(1)];
  expect(connectionLimits(at(more), {})).toEqual(connectionLimits(at(six), {}));
});

test('no more than the memory bears', () => {
  expect(connectionLimits(at(six, 500), {})).toEqual({ max: 275, maxOfOneUser: 265 });
  expect(() => connectionLimits(at(six, 480), {})).toThrow(
    /^mariadb: its memory of 480 MiB bears 255 connections, and 265 are needed: the applications open up to 165, 255 while they roll, and 10 are kept for root and backups\n {2}raise its limit of memory/,
  );
});

test('a pool of its own counts, of one application or of all', () => {
  const clients = [client('web', 2, { database: 'shop', connectionsPerTask: 30 }), client('mail', 1)];
  expect(demandOf(at(clients), { connectionsPerTask: 4 })).toEqual([
    { application: 'web', atRest: 60, most: 90 },
    { application: 'mail', atRest: 4, most: 8 },
  ]);
  expect(() => demandOf(at([client('web', 2, { connectionsPerTask: 0 })]), {})).toThrow(
    'mariadb: connectionsPerTask of web is 0\n  give a whole number from 1 to 10000',
  );
});

test("the catalogue's own number holds, unless it is too small or too large", () => {
  expect(connectionLimits(at(six), { maxConnections: 265 })).toEqual({ max: 265, maxOfOneUser: 255 });
  expect(() => connectionLimits(at(six), { maxConnections: 264 })).toThrow(
    /^mariadb: maxConnections is 264, and 265 are needed: .*\n {2}leave it out, raise it, or say what a task opens: connectionsPerTask$/,
  );
  expect(() => connectionLimits(at(six), { maxConnections: 800 })).toThrow(
    'mariadb: maxConnections is 800, and its memory of 1024 MiB bears 799\n  lower it, or raise the limit of memory',
  );
});

test('what ships says so in its command', () => {
  const { json } = workplace.synth(platform);
  expect(json.resource.docker_service.mariadb.task_spec.container_spec.args).toEqual(
    expect.arrayContaining(['--max-connections=300', '--max-user-connections=290', '--local-infile=OFF']),
  );
});
