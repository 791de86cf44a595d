import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { BACKUP_IMAGE } from '../../../../constructs/units/backup';
import { namesOf } from '../../../../lab/images/images';
import {
  APPLICATION_TAGS,
  APPLICATIONS,
  BACKUP,
  CERTBOT,
  keyOf,
  RECIPES,
  rootKeyOf,
} from '../../../../lab/images/recipes';

const sources = (name: string) => resolve(__dirname, '../../../../lab/images', name);
const recipe = (name: string) => RECIPES.find((one) => one.name === name)!;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-'));
  cpSync(sources('app'), folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the same recipe and files have the same keys wherever they lie', () => {
  expect(keyOf(recipe('app'), folder)).toBe(keyOf(recipe('app'), sources('app')));
  expect(rootKeyOf(recipe('app'), folder)).toBe(rootKeyOf(recipe('app'), sources('app')));
});

test('a changed program makes a new image from the old root', () => {
  const [key, rootKey] = [keyOf(recipe('app'), folder), rootKeyOf(recipe('app'), folder)];
  writeFileSync(join(folder, 'main.py'), 'print("other")\n');
  expect(keyOf(recipe('app'), folder)).not.toBe(key);
  expect(rootKeyOf(recipe('app'), folder)).toBe(rootKey);
});

test('other requirements or packages make a new root', () => {
  const rootKey = rootKeyOf(recipe('app'), folder);
  expect(rootKeyOf({ ...recipe('app'), packages: ['python3'] }, folder)).not.toBe(rootKey);
  writeFileSync(join(folder, 'requirements.txt'), 'uvicorn==0.1\n');
  expect(rootKeyOf(recipe('app'), folder)).not.toBe(rootKey);
});

test('every service has an image of its own name under every tag', () => {
  const names = namesOf(recipe('app')).map(({ repository, tag }) => `${repository}:${tag}`);
  expect(new Set(names).size).toBe(APPLICATIONS.length * APPLICATION_TAGS.length);
  expect(names).toContain('proctorwise-monitoringservice:crash');
});

test('what is not an application has an official image to take its place', () => {
  const own = RECIPES.filter(({ official }) => !official).map(({ name }) => name);
  expect(own).toEqual(['app']);
});

test('certbot is made where it is asked for, and not by every lab', () => {
  expect(RECIPES).not.toContain(CERTBOT);
  expect(namesOf(CERTBOT)).toEqual([{ repository: 'certbot', tag: CERTBOT.tag }]);
  expect(CERTBOT.official).toBe(`docker.io/certbot/certbot:${CERTBOT.tag}`);
});

test("the backup's image is made where it is asked for, too, with MariaDB's own version", () => {
  expect(RECIPES).not.toContain(BACKUP);
  expect(BACKUP_IMAGE.split('/').at(-1)).toBe(`proctorwise-backup:${BACKUP.tag}`);
  expect(namesOf(BACKUP)).toEqual([{ repository: 'proctorwise-backup', tag: BACKUP.tag }]);
  expect(BACKUP.suite).toBe(recipe('mariadb').suite);
});
