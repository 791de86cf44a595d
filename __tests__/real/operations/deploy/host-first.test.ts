import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { read } from '../../../../cli/run/deploy';
import { deploy as verb } from '../../../../cli/verbs/deploy';
import { deploy } from '../../../../operations/deploy/deploy';
import { Console } from '../../../../operations/terminal/console';
import { callOf } from '../../../support/cli/call';
import { type FakeDaemon, fakeDaemon } from '../../../unit/operations/docker/fake-daemon';

/** A project with two stacks, on a server whose Docker answers only once Terraform has applied the first of them. */
let project: string;
let daemon: FakeDaemon;
let said: string;
const path = process.env.PATH;
const at = (name: string) => join(project, name);

const step = (script: string) => ({
  provisioner: [{ 'local-exec': { environment: { HOST_STEP: script } } }],
  depends_on: [],
});
const hostStack = (script: string) => ({
  terraform: {},
  resource: { null_resource: { docker: step(script) } },
  '//': { host: { server: 'ssh://deploy@203.0.113.10:22', sshOptions: [], steps: ['docker'] } },
});

beforeEach(async () => {
  project = mkdtempSync(join(tmpdir(), 'host-first-'));
  daemon = await fakeDaemon((request, _body, response) => {
    const Swarm = existsSync(at('applied-host'))
      ? { ControlAvailable: true, LocalNodeState: 'active' }
      : { LocalNodeState: 'inactive' };
    const answers: Record<string, unknown> = {
      '/info': { SystemTime: new Date().toISOString(), ServerVersion: '26.1.5', DockerRootDir: '/', Swarm },
      '/networks': [],
      '/nodes': [
        {
          Spec: { Availability: 'active' },
          Status: { State: 'ready' },
          Description: { Resources: { NanoCPUs: 4e9, MemoryBytes: 2 ** 33 } },
        },
      ],
      '/services': [],
      '/containers/json': [],
      '/tasks': [],
    };
    response.end(JSON.stringify(answers[(request.url ?? '').split('?')[0]!] ?? {}));
  });
  mkdirSync(at('build'));
  process.env.PATH = `${project}${delimiter}${path}`;
  process.env.TERRAFORM_BINARY_NAME = at('terraform');
  said = '';
});
afterEach(async () => {
  process.env.PATH = path;
  delete process.env.TERRAFORM_BINARY_NAME;
  rmSync(project, { recursive: true });
  await daemon.stop();
});

function surroundings(script: string, apply = 'true'): void {
  const swarm = { terraform: {}, provider: { docker: [{ host: daemon.host }] }, resource: {} };
  const stacks = { swarm, host: hostStack(script) };
  const entries = Object.keys(stacks).map((name) => [
    name,
    { name, workingDirectory: `stacks/${name}`, synthesizedStackPath: `stacks/${name}/cdk.tf.json` },
  ]);
  writeFileSync(
    at('build/synth.mjs'),
    `import { mkdirSync, writeFileSync } from 'node:fs';
const out = process.env.CDKTF_OUTDIR;
for (const [name, json] of Object.entries(${JSON.stringify(stacks)})) {
  mkdirSync(out + '/stacks/' + name, { recursive: true });
  writeFileSync(out + '/stacks/' + name + '/cdk.tf.json', JSON.stringify(json));
}
writeFileSync(out + '/manifest.json', ${JSON.stringify(JSON.stringify({ stacks: Object.fromEntries(entries) }))});`,
  );
  const program = (name: string, text: string) =>
    writeFileSync(at(name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  program('ssh', 'case "$*" in *"-O exit"*) ;; *) exec sh -s;; esac');
  const changes = JSON.stringify({
    resource_changes: [{ address: 'null_resource.docker', change: { actions: ['create'] } }],
  });
  program(
    'terraform',
    `name=$(basename "$PWD")
echo "$name $1" >> ${at('calls')}
case "$name $1" in
*' init') mkdir -p .terraform;;
'host plan') exit 2;;
'swarm plan') exit 0;;
*' show') echo '${changes}';;
'host apply') ${apply} && touch ${at('applied-host')};;
esac`,
  );
}

const calls = () => (existsSync(at('calls')) ? readFileSync(at('calls'), 'utf8').trim().split('\n') : []);

async function run(args: string[]) {
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((chunk: unknown) => {
    said += String(chunk);
    return true;
  });
  try {
    return await deploy({
      options: read(callOf(verb, args)),
      console: new Console(false, { CI: 'true' }),
      signal: new AbortController().signal,
      shell: { SSH_AUTH_SOCK: '/agent' },
      projectFolder: project,
    });
  } finally {
    spy.mockRestore();
  }
}

test('the server is made ready before anything asks its Docker, then the platform is planned', async () => {
  surroundings('echo "differs docker: Docker is not installed"');
  expect(await run(['--yes'])).toMatchObject({
    stack: 'swarm',
    outcome: 'unchanged',
    exitCode: 0,
    host: { differs: ['docker: Docker is not installed'], ran: ['docker'], error: null },
  });
  expect(calls().slice(0, 4)).toEqual(['host init', 'host plan', 'host show', 'host apply']);
  expect(calls().slice(4)).toContain('swarm plan');
  expect(calls().slice(4).join()).not.toContain('host');
  expect(said.indexOf('Docker is not installed')).toBeLessThan(said.indexOf('a manager of the Swarm'));
});

test('a server that is not made ready ends the deploy before the platform is looked at', async () => {
  surroundings('echo "differs docker: Docker is not installed"', 'false');
  expect(await run(['--yes'])).toMatchObject({ outcome: 'failed', exitCode: 1, plan: null, preflight: [] });
  expect(calls().at(-1)).toBe('host apply');
});

test('nobody said yes: nothing is applied, on the server neither', async () => {
  surroundings('echo "ok docker: there"');
  expect(await run([])).toMatchObject({ outcome: 'refused', exitCode: 1, host: { ran: [], refused: true } });
  expect(calls()).not.toContain('host apply');
});
