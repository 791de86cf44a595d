import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fitOf } from '../../../lab/deploy/known';
import { stateFile } from '../../../lab/deploy/providers';
import { labPaths } from '../../../lab/ground/paths';
import { run } from '../../../lab/ground/shell';
import { testWithTerraform } from '../../support/programs/terraform';

const { PATH } = process.env;
let folder: string;
const paths = () => labPaths(join(folder, '.lab'));
/** A `docker` that has these objects of the platform. */
const swarmHas = (objects: Record<string, string>) => {
  const cases = Object.entries(objects).map(
    ([kind, id]) => `"${kind} ls "*|"${kind} inspect "*) echo ${id};;`,
  );
  writeFileSync(join(folder, 'docker'), `#!/bin/sh\ncase "$* " in ${cases.join(' ')} esac\n`, {
    mode: 0o755,
  });
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-known-'));
  mkdirSync(paths().dir);
  process.env.PATH = `${folder}:${PATH}`;
  swarmHas({});
});
afterEach(() => {
  process.env.PATH = PATH;
  rmSync(folder, { recursive: true });
});

test('what a state does not know is found', async () => {
  swarmHas({ network: 'n1', config: 'c1' });
  const resources = [{ type: 'docker_network', instances: [{ attributes: { id: 'n1' } }] }];
  writeFileSync(stateFile(paths()), JSON.stringify({ resources }));
  expect(await fitOf(paths())).toEqual({
    unknown: { service: [], config: ['c1'], secret: [], network: [] },
    madeByHand: false,
  });
});

testWithTerraform('what a deploy that was killed early leaves is no state yet', async () => {
  swarmHas({ network: 'n1' });
  // It waits in its first resource, with its state locked and nothing to write.
  const provisioner = { 'local-exec': { command: 'echo first; exec sleep 60' } };
  const resource = { terraform_data: { first: { provisioner } } };
  const terraform = { backend: { local: { path: stateFile(paths()) } } };
  writeFileSync(join(folder, 'main.tf.json'), JSON.stringify({ terraform, resource }));
  await run('terraform', [`-chdir=${folder}`, 'init']);
  const apply = spawn('terraform', [`-chdir=${folder}`, 'apply', '-auto-approve', '-no-color'], {
    detached: true,
  });
  const ended = new Promise((done) => apply.on('exit', done));
  let output = '';
  for await (const chunk of apply.stdout) {
    output += chunk;
    if (/\): first/.test(output)) break;
  }
  process.kill(-apply.pid!, 'SIGKILL');
  await ended;
  expect(readFileSync(stateFile(paths()), 'utf8')).toBe('');
  expect(await fitOf(paths())).toMatchObject({ unknown: { network: ['n1'] }, madeByHand: false });
});

test.each(['', '{"version'])('%j is no state of what runs', async (text) => {
  swarmHas({ network: 'n1', service: 's1' });
  writeFileSync(stateFile(paths()), text);
  await expect(fitOf(paths())).rejects.toThrow(/is not a Terraform state/);
});

test('a state that is encrypted is not taken for one that knows nothing, whose objects would be removed', async () => {
  writeFileSync(stateFile(paths()), JSON.stringify({ serial: 1, encrypted_data: 'AA==' }));
  await expect(fitOf(paths())).rejects.toThrow(/is encrypted, and the lab compares it/);
});
