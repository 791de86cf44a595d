import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LabPaths, labPaths } from '../../../../lab/ground/paths';
import { ensureSettings, findFreeSubnet, labAddress, readSettings } from '../../../../lab/ground/settings';

const running = () => true;
const stopped = () => false;
let folder: string;
let paths: LabPaths;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-'));
  paths = labPaths(join(folder, 'state'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the first start decides, later ones find the same', () => {
  const first = ensureSettings(paths, stopped, { LAB_SSH_PORT: '2201' });
  expect(first).toMatchObject({ sshPort: 2201, registryPort: 15000 });
  expect(ensureSettings(paths, running, {})).toEqual(first);
});

test('a port can change while the lab is down, since another program may have taken it', () => {
  const first = ensureSettings(paths, stopped, {});
  const second = ensureSettings(paths, stopped, { LAB_REGISTRY_PORT: '15001' });
  expect(second).toEqual({ ...first, registryPort: 15001 });
  expect(readSettings(paths)).toEqual(second);
});

test('refuses to move a lab that runs', () => {
  ensureSettings(paths, stopped, {});
  expect(() => ensureSettings(paths, running, { LAB_SSH_PORT: '2202' })).toThrow(
    /runs on ports 12222 and 15000/,
  );
});

test.each(['http', '0', '65536', '22.5'])('refuses %s as a port', (value) => {
  expect(() => ensureSettings(paths, stopped, { LAB_SSH_PORT: value })).toThrow(
    /LAB_SSH_PORT=.* is not a port/,
  );
  expect(readSettings(paths)).toBeUndefined();
});

test('settings that were cut short are made again', () => {
  ensureSettings(paths, stopped, {});
  writeFileSync(paths.settings, '{ "subnet": "10.2');
  expect(readSettings(paths)).toBeUndefined();
  expect(ensureSettings(paths, stopped, {}).sshPort).toBe(12222);
});

test('owns a folder that it made, not one that had something in it', () => {
  expect(ensureSettings(paths, stopped, {}).ownsFolder).toBe(true);
  writeFileSync(join(folder, 'thesis.txt'), '');
  expect(ensureSettings(labPaths(folder), stopped, {}).ownsFolder).toBe(false);
});

test('takes the subnet that its id points to, or the next one that no address of this machine is in', () => {
  expect(findFreeSubnet('0a0000', [])).toBe('10.213.10.0/24');
  expect(findFreeSubnet('0a0000', ['10.213.10.1', '10.213.11.7', '192.168.0.1'])).toBe('10.213.12.0/24');
  expect(findFreeSubnet('ff0000', ['10.213.255.1'])).toBe('10.213.0.0/24');
});

test('says so when every subnet is taken', () => {
  const all = Array.from({ length: 256 }, (_, index) => `10.213.${index}.1`);
  expect(() => findFreeSubnet('000000', all)).toThrow(/in use on this machine/);
});

test('addresses are counted in the subnet', () => {
  const settings = ensureSettings(paths, stopped, {});
  expect(labAddress({ ...settings, subnet: '10.213.10.0/24' }, 11)).toBe('10.213.10.11');
});
