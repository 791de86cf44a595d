import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ConnectionError } from '../../../../operations/docker/explain';
import { prepareHost } from '../../../../operations/host/prepare';
import { Console } from '../../../../operations/terminal/console';

let folder: string;
let said: string;
const path = process.env.PATH;
const at = (name: string) => join(folder, name);
const calls = () => (existsSync(at('calls')) ? readFileSync(at('calls'), 'utf8').trim().split('\n') : []);
const message = (text: string) =>
  JSON.stringify({
    '@message': 'null_resource.docker: …',
    type: 'provision_progress',
    hook: { resource: { addr: 'null_resource.docker' }, output: text },
  });

/** An `ssh` on whose server the scripts run, here; a Terraform that plans `plans` and whose apply runs `apply`. */
function surroundings({
  plans = [] as string[],
  apply = 'true',
  ssh = 'exec sh -s',
  destroys = [] as string[],
}): void {
  const changes = [
    ...plans.map((id) => ({ address: `null_resource.${id}`, change: { actions: ['create'] } })),
    ...destroys.map((address) => ({ address, type: address.split('.')[0], change: { actions: ['delete'] } })),
  ];
  const program = (name: string, text: string) =>
    writeFileSync(at(name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  program('ssh', `case "$*" in *'-O exit'*) echo "ssh -O exit" >> ${at('calls')};; *) ${ssh};; esac`);
  program(
    'terraform',
    `echo "terraform $*" >> ${at('calls')}
case "$1" in
init) mkdir -p .terraform;;
plan) touch deploy.tfplan; exit ${plans.length > 0 ? 2 : 0};;
show) echo '${JSON.stringify({ resource_changes: changes })}';;
apply) ${apply};;
esac`,
  );
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'prepare-'));
  mkdirSync(at('stack'));
  writeFileSync(at('stack/cdk.tf.json'), '{ "terraform": {} }');
  process.env.PATH = `${folder}${delimiter}${path}`;
  said = '';
});
afterEach(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true });
});

async function prepare(
  scripts: Record<string, string>,
  more: { yes?: boolean; check?: boolean; acknowledge?: string[] } = {},
) {
  const { yes = true, check = true, acknowledge = [] } = more;
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    said += String(chunk);
    return true;
  });
  try {
    return await prepareHost({
      host: {
        id: 'host',
        folder: at('stack'),
        server: 'ssh://deploy@203.0.113.10:22',
        sshOptions: ['-v'],
        steps: Object.entries(scripts).map(([id, script]) => ({
          id,
          address: `null_resource.${id}`,
          script,
        })),
      },
      yes,
      check,
      acknowledge,
      console: new Console(false, { CI: 'true' }),
      signal: new AbortController().signal,
      waits: () => {},
    });
  } finally {
    spy.mockRestore();
  }
}

const fine = { docker: 'echo "ok docker: Docker 26.1.5"', daemon: 'echo "ok daemon: as wanted"' };

test('a server that is as it should be is left alone', async () => {
  surroundings({});
  expect(await prepare(fine)).toEqual({ differs: [], ran: [], needs: [], error: null, refused: false });
  expect(calls().map((line) => line.split(' ')[1])).toEqual(['init', 'plan']);
  expect(said).toContain('the server is as it should be');
});

test('every step is asked, with the script that Terraform runs, and told to change nothing', async () => {
  surroundings({});
  await prepare({
    ...fine,
    last: 'echo "ok last: check is ${HOST_CHECK}"; exit 3',
    after: 'echo "ok after: here"',
  });
  expect(said).toContain('last        check is 1');
  expect(said).toContain('after       here');
});

test('steps whose work is gone run again, though Terraform sees no change', async () => {
  surroundings({ plans: ['daemon'], apply: `echo '${message('changes daemon: daemon.json: log-opts')}'` });
  const drifted = { ...fine, daemon: 'echo "differs daemon: daemon.json: log-opts"; exit 3' };
  expect(await prepare(drifted)).toEqual({
    differs: ['daemon: daemon.json: log-opts'],
    ran: ['daemon'],
    needs: [],
    error: null,
    refused: false,
  });
  expect(calls()[1]).toContain('-replace=null_resource.daemon -lock-timeout');
  expect(calls()[1]).not.toContain('-replace=null_resource.docker');
  expect(said).toContain('+ daemon      daemon.json: log-opts');
});

test('after steps have run, a shared ssh connection is ended: it has the groups of before', async () => {
  surroundings({ plans: ['docker'] });
  await prepare(fine);
  expect(calls().at(-1)).toBe('ssh -O exit');
});

test('the plan file is gone afterwards, whatever came of it', async () => {
  surroundings({ plans: ['docker'], apply: 'exit 1' });
  expect((await prepare(fine)).error).toContain('terraform apply ended with 1');
  expect(existsSync(at('stack/deploy.tfplan'))).toBe(false);
});

test('a step that fails says itself why, and what to do', async () => {
  const lines = `failed docker: apt-get failed\n  mend what it says`;
  surroundings({ plans: ['docker'], apply: `echo '${message(lines).replaceAll('\\n', '\\\\n')}'; exit 1` });
  expect((await prepare(fine)).error).toBe('docker: apt-get failed\n  mend what it says');
});

test('what no step can mend stops before Terraform is asked', async () => {
  surroundings({});
  const { error } = await prepare({
    docker: 'printf "failed docker: too old\\n  install 20.10\\n" >&2; exit 1',
  });
  expect(error).toBe('docker: too old\n  install 20.10');
  expect(calls()).toEqual([]);
});

test('a state that is another stack’s is left alone; a step that the catalogue no longer has may go', async () => {
  surroundings({ plans: ['docker'], destroys: ['null_resource.firewall'] });
  expect(await prepare(fine)).toMatchObject({ ran: ['docker'], error: null });

  surroundings({ plans: ['docker'], destroys: ['docker_service.web', 'docker_network.shop'] });
  expect(await prepare(fine)).toMatchObject({
    ran: [],
    error: expect.stringMatching(
      /^the state of host holds what is no step of a server: docker_service.web, docker_network.shop; nothing was changed\n/,
    ),
  });
  expect(calls().filter((line) => line.includes('apply'))).toHaveLength(1);
});

test('nothing runs without a yes', async () => {
  surroundings({ plans: ['docker'] });
  expect(await prepare(fine, { yes: false })).toMatchObject({ refused: true, ran: [] });
  expect(calls().some((line) => line.startsWith('terraform apply'))).toBe(false);
});

describe('a restart of Docker under running tasks', () => {
  const restarting = {
    ...fine,
    daemon:
      'echo "differs daemon: daemon.json: debug"; echo "restarts daemon: Docker, and with it every task"',
  };
  const needs = [{ name: 'host', why: 'Docker restarts, and with it every task' }];

  test.each([true, false])('is not made before it is acknowledged (server looked at: %s)', async (check) => {
    surroundings({ plans: ['daemon'] });
    expect(await prepare(restarting, { check, acknowledge: ['mariadb'] })).toMatchObject({
      needs,
      refused: true,
      ran: [],
      error: expect.stringMatching(/^the policy stops .* nothing was changed\n {2}acknowledge host/),
    });
    expect(said).toContain('STOPPED: host: Docker restarts, and with it every task');
    expect(said).toContain('ACKNOWLEDGE=host');
    expect(calls().some((line) => line.startsWith('terraform apply'))).toBe(false);

    const { ran, error, needs: had } = await prepare(restarting, { check, acknowledge: ['host'] });
    expect({ ran, error, had }).toEqual({ ran: ['daemon'], error: null, had: needs });
    expect(said).toContain('acknowledged host: Docker restarts');
  });

  test('by updates is one, too, where nobody looked at the server', async () => {
    surroundings({ plans: ['docker'] });
    const docker = `: "export HOST_UPDATE_DOCKER='now'"; echo "restarts docker: Docker, and with it every task"`;
    expect(await prepare({ ...fine, docker }, { check: false })).toMatchObject({
      needs,
      refused: true,
      ran: [],
    });
  });

  test('is no matter where the step is not run', async () => {
    surroundings({ plans: ['docker'] });
    expect(await prepare(restarting, { check: false })).toMatchObject({ ran: ['docker'], needs: [] });
  });
});

test('without a check the server is not asked, and what Terraform has not run runs', async () => {
  surroundings({ plans: ['docker'], ssh: 'exit 99' });
  expect(await prepare(fine, { check: false })).toMatchObject({ ran: ['docker'], error: null });
});

test('a server that cannot be reached is told as such', async () => {
  surroundings({ ssh: 'echo "ssh: connect to host 203.0.113.10 port 22: Connection refused" >&2; exit 255' });
  await expect(prepare(fine)).rejects.toThrow(ConnectionError);
});
