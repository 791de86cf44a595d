import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { labFile } from '../ground/paths';

/** An image that the lab makes from Debian's packages, with its files in `lab/images/<name>/`. */
export interface Recipe {
  readonly name: string;
  readonly tag: string;
  readonly suite: string;
  readonly packages: readonly string[];
  /** What takes its place where Docker Hub answers. */
  readonly official?: string;
}

/** The ones that take longest come first. */
export const RECIPES: readonly Recipe[] = [
  {
    name: 'kafka',
    tag: '4.1.1',
    suite: 'bookworm',
    packages: ['openjdk-17-jre-headless', 'passwd'],
    official: 'docker.io/apache/kafka:4.1.1',
  },
  {
    name: 'app',
    tag: 'v1',
    suite: 'bookworm',
    packages: ['python3-minimal', 'libpython3-stdlib', 'python3-pip-whl', 'curl', 'ca-certificates'],
  },
  {
    name: 'mariadb',
    tag: '10.11',
    suite: 'bookworm',
    packages: ['mariadb-server-core', 'mariadb-client-core', 'gosu', 'pwgen', 'passwd'],
    official: 'docker.io/library/mariadb:10.11',
  },
  {
    name: 'nginx',
    tag: '1.30',
    // `server … resolve` is free since 1.27.3, keepalive_min_timeout there since 1.27.4; stable Debian is older.
    suite: 'forky',
    packages: ['nginx', 'libnginx-mod-stream', 'curl', 'ca-certificates', 'passwd'],
    official: 'docker.io/library/nginx:1.30',
  },
];

/** Made where somebody asks for it: the catalogue as it is written asks no CA for a certificate. */
export const CERTBOT: Recipe = {
  name: 'certbot',
  tag: 'v5.8.0',
  // 4.0 and newer renew by lifetime; stable Debian's did not when this was written.
  suite: 'forky',
  packages: ['certbot', 'openssl', 'ca-certificates'],
  official: 'docker.io/certbot/certbot:v5.8.0',
};

/** The same: the lab's catalogue says no place for backups. */
export const BACKUP: Recipe = {
  name: 'backup',
  tag: '1.0.0',
  // As MariaDB is: what a drill restores into is the same version.
  suite: 'bookworm',
  packages: ['mariadb-server-core', 'mariadb-client-core', 'jq', 'ca-certificates', 'passwd'],
};

/** The tags of the application's image, each one a way to behave: see `lab/images/app/behaviour.py`. */
export const APPLICATION_TAGS = ['v1', 'v2', 'bad', 'crash', 'late'] as const;

/** The services that the application's image stands in for. */
export const APPLICATIONS = [
  'userservice',
  'reservationservice',
  'monitoringservice',
  'correctionservice',
  'notificationservice',
  'analyticsservice',
] as const;

/** Twelve hex digits of everything that an image is made of: the same recipe and files, the same key. */
export function keyOf(recipe: Recipe, folder = labFile('images', recipe.name)): string {
  return digest([JSON.stringify(recipe), ...files(folder, readdirSync(folder))]);
}

/** The part of the key that the packages' root depends on, which takes the longest to make. */
export function rootKeyOf(recipe: Recipe, folder = labFile('images', recipe.name)): string {
  const inputs = ['customize.sh', 'requirements.txt', 'jars.sha256'];
  const { suite, packages } = recipe;
  return digest([JSON.stringify({ suite, packages }), ...files(folder, inputs)]);
}

function files(folder: string, names: readonly string[]): string[] {
  const there = new Set(readdirSync(folder));
  return [...names]
    .filter((name) => there.has(name))
    .sort()
    .flatMap((name) => [name, readFileSync(join(folder, name), 'utf8')]);
}

const digest = (parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 12);
