import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readState } from '../../../../operations/stack/state';

const STATE = JSON.stringify({ version: 4, serial: 1, lineage: 'here', resources: [] });
const PULLED = JSON.stringify({ version: 4, serial: 1, lineage: 'pulled', resources: [] });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'state-'));
  writeFileSync(join(folder, 'terraform'), `#!/bin/sh\necho '${PULLED}'`);
  chmodSync(join(folder, 'terraform'), 0o755);
  process.env.TERRAFORM_BINARY_NAME = join(folder, 'terraform');
});
afterEach(() => {
  delete process.env.TERRAFORM_BINARY_NAME;
  rmSync(folder, { recursive: true });
});

const LOCAL = { localState: 'here.tfstate' };
const write = (text: string) => writeFileSync(join(folder, LOCAL.localState), text);
const read = async (stack: { localState?: string } = LOCAL, env = {}): Promise<string> =>
  JSON.parse(await readState(stack, { folder, env })).lineage;

test('a local state is read where it lies', async () => {
  write(STATE);
  expect(await read()).toBe('here');
});

test('a remote one, and one that is not there yet, Terraform is asked for', async () => {
  expect(await read({})).toBe('pulled');
  expect(await read()).toBe('pulled');
});

test.each([
  ['that is encrypted', '{"version": 4, "encrypted_data": "x", "serial": 1}'],
  ['that is being written', STATE.slice(0, 20)],
  ['without anything', ''],
])('one %s, too', async (_, text) => {
  write(text);
  expect(await read()).toBe('pulled');
});

test('and one of another workspace', async () => {
  write(STATE);
  expect(await read(LOCAL, { TF_WORKSPACE: 'other' })).toBe('pulled');
  mkdirSync(join(folder, '.terraform'));
  writeFileSync(join(folder, '.terraform', 'environment'), 'other');
  expect(await read()).toBe('pulled');
});
