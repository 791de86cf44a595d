import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { identityOptions } from '../../../contract/ssh-identity';

const folder = mkdtempSync('/tmp/identity-');
const path = process.env.PATH;
const at = (name: string) => join(folder, name);
const { uid } = userInfo();
const places = { home: folder, uid, tmp: folder };

beforeAll(() => {
  const keys =
    'ssh-ed25519 AAAA1 home/ana@laptop\\nssh-ed25519 AAAA2 ana@laptop\\nssh-ed25519 AAAA3 /home/ana/a key\\n';
  writeFileSync(at('ssh-add'), `#!/bin/sh\n[ "$SSH_AUTH_SOCK" = /agent ] && printf '${keys}'\n`, {
    mode: 0o755,
  });
  process.env.PATH = `${folder}${delimiter}${path}`;
});
afterAll(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true });
});
afterEach(() => rmSync(at('.ssh'), { recursive: true, force: true }));

const options = (name: string) =>
  identityOptions({ VPS_SSH_IDENTITY: name, SSH_AUTH_SOCK: '/agent' }, places);

test('nothing is said where no key is named', () => {
  expect(identityOptions({}, places)).toEqual([]);
  expect(identityOptions({ VPS_SSH_IDENTITY: '' }, places)).toEqual([]);
});

test.each([
  ['its comment', 'ana@laptop', 'AAAA2'],
  ['the end of its comment', 'ome/ana@laptop', 'AAAA1'],
  ['a comment with a blank', 'a key', 'AAAA3'],
])('a key of the agent is found by %s', (_, name, key) => {
  mkdirSync(at('.ssh'));
  const [, file, ...rest] = options(name);
  expect(rest).toEqual(['-o', 'IdentitiesOnly=yes']);
  expect(file).toMatch(new RegExp(`^${folder}/\\.ssh/swarm-[0-9a-f]{16}\\.pub$`));
  expect(readFileSync(file!, 'utf8').split(' ')[1]).toBe(key);
  // The synthesized files are the same each time.
  expect(options(name)[1]).toBe(file);
});

test('without a ~/.ssh its public half lies in a folder that is the user’s alone', () => {
  const file = options('ana@laptop')[1]!;
  expect(file).toMatch(new RegExp(`^${folder}/swarm-ssh-${uid}/swarm-`));
  expect(lstatSync(join(file, '..')).mode & 0o777).toBe(0o700);
});

test('may be a file, whose path holds wherever Terraform runs', () => {
  writeFileSync(at('key.pub'), '');
  expect(options(at('key.pub'))).toEqual(['-i', at('key.pub'), '-o', 'IdentitiesOnly=yes']);
  expect(options('package.json')[1]).toBe(join(process.cwd(), 'package.json'));
});

test('that is nowhere is told', () => {
  expect(() => options('other')).toThrow(
    /^VPS_SSH_IDENTITY="other": the ssh agent has no such key.*\n {2}let it be/,
  );
});
