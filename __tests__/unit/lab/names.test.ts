import { type ChildProcess, spawn } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { resolve } from 'node:path';
import { eventually } from '../../../lab/ground/shell';
import { freePorts } from '../../support/programs/loopback';

const script = resolve(__dirname, '../../../lab/assets/nxdomain.mjs');
const resolver = new Resolver({ timeout: 500, tries: 4 });
let child: ChildProcess;

beforeAll(async () => {
  const [port] = await freePorts(1);
  child = spawn(process.execPath, [script, '127.0.0.1', String(port)]);
  resolver.setServers([`127.0.0.1:${port}`]);
  const answers = () =>
    resolver.resolve4('exam.test').then(
      () => true,
      () => false,
    );
  expect(await eventually(20, answers)).toBe(true);
});
afterAll(() => {
  child.kill('SIGKILL');
});

test('names below .test are the lab itself, in whatever letters; they have no IPv6 address', async () => {
  expect(await resolver.resolve4('exam.test')).toEqual(['127.0.0.1']);
  expect(await resolver.resolve4('Exam.TEST')).toEqual(['127.0.0.1']);
  await expect(resolver.resolve6('exam.test')).rejects.toMatchObject({ code: 'ENODATA' });
});

test.each(['tasks.userservice', 'example.com', 'contest', 'exam.test.example.com'])(
  '%s is nobody',
  async (name) => {
    await expect(resolver.resolve4(name)).rejects.toMatchObject({ code: 'ENOTFOUND' });
  },
);
