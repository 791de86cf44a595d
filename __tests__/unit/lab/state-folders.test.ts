import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SwarmStack } from '../../../constructs/swarm';
import { joinStateFolders, stackFolder, stateFile } from '../../../lab/deploy/providers';
import { STACK } from '../../../lab/deploy/target';
import { hasCommand } from '../../../lab/ground/packages';
import { labPaths } from '../../../lab/ground/paths';
import { platform } from '../../../services.config';
import { connection, synthApp } from '../../support/platform/template';

let project: string;
const paths = () => labPaths(join(project, '.lab'));
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'lab-state-'));
  mkdirSync(paths().dir);
});
afterEach(() => rmSync(project, { recursive: true }));

/** As the catalogue has it, from where Terraform runs. */
const statePath = (): string => {
  const { state } = platform.environments.lab;
  const { json } = synthApp((app) => new SwarmStack(app, STACK, { namespace: 'acme', connection, state }));
  return json.terraform.backend.local.path;
};

test('the lab and `./proctor deploy` have one state', () => {
  joinStateFolders(paths());
  joinStateFolders(paths());
  writeFileSync(stateFile(paths()), 'the state');
  const ofFrontDoor = join(project, 'cdktf.out.deploy-lab', 'stacks', STACK);
  for (const folder of [stackFolder(paths()), ofFrontDoor]) {
    mkdirSync(folder, { recursive: true });
    expect(readFileSync(join(folder, statePath()), 'utf8')).toBe('the state');
  }
});

test('the state of a lab that was made before stays its state', () => {
  const inner = join(paths().dir, '.lab');
  mkdirSync(inner);
  writeFileSync(join(inner, 'terraform.swarm-lab.tfstate'), 'as it was');
  joinStateFolders(paths());
  expect(readFileSync(stateFile(paths()), 'utf8')).toBe('as it was');
  expect(readlinkSync(inner)).toBe('.');
});

test('of two states none is written over', () => {
  const inner = join(paths().dir, '.lab');
  mkdirSync(inner);
  writeFileSync(join(inner, 'terraform.swarm-lab.tfstate'), 'older');
  writeFileSync(stateFile(paths()), 'newer');
  expect(() => joinStateFolders(paths())).toThrow(/^the lab has two states: .*\n {2}move away/);
  expect(readFileSync(stateFile(paths()), 'utf8')).toBe('newer');
  expect(readFileSync(join(inner, 'terraform.swarm-lab.tfstate'), 'utf8')).toBe('older');
});

test('a lab around another lab leaves it alone', () => {
  writeFileSync(join(paths().dir, 'lab.json'), '{}');
  expect(() => joinStateFolders(labPaths(project))).toThrow(
    /lab\.json is not of the lab in .*\n {2}let LAB_DIR/,
  );
  expect(readFileSync(join(paths().dir, 'lab.json'), 'utf8')).toBe('{}');
});

test('a program is found by its name or its path', () => {
  expect(hasCommand(process.execPath)).toBe(true);
  expect(hasCommand(join(project, 'tofu'))).toBe(false);
});
