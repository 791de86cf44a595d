import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogueImages } from '../../../../../operations/images/catalogue-images';
import { platform } from '../../../../../services.config';
import { files } from '../../../../real/add-ons/github/workflows/support/workflow';

const ROOT = join(__dirname, '../../../../..');
const renovate = JSON.parse(readFileSync(join(ROOT, '.github/renovate.json'), 'utf8'));

interface Manager {
  readonly managerFilePatterns: readonly string[];
  readonly matchStrings: readonly string[];
  readonly autoReplaceStringTemplate?: string;
}

/** The managers that look at a file, as Renovate chooses them. */
function managersOf(file: string): Manager[] {
  const found = (renovate.customManagers as Manager[]).filter(({ managerFilePatterns }) =>
    managerFilePatterns.some((pattern) => new RegExp(pattern.slice(1, -1)).test(file)),
  );
  expect(found).not.toEqual([]);
  return found;
}

const matches = (file: string, text: string) =>
  managersOf(file)
    .flatMap(({ matchStrings }) => matchStrings)
    .flatMap((one) => [...text.matchAll(new RegExp(one, 'g'))]);

test('every image of the catalogue is found where its tag is written', () => {
  const text = readFileSync(join(ROOT, 'services.config.ts'), 'utf8');
  const found = matches('services.config.ts', text).map(
    ({ groups }) => `${groups!.depName}:${groups!.currentValue}`,
  );
  expect(new Set(found)).toEqual(new Set(catalogueImages(platform).keys()));
});

test('every digest of the lock is found, and replaced on its line', () => {
  const digest = (byte: string) => `sha256:${byte.repeat(32)}`;
  const lock = Object.fromEntries(
    [...catalogueImages(platform).keys()].map((image) => [image, digest('ab')]),
  );
  const text = JSON.stringify(lock, null, 2);
  const found = matches('images.lock.json', text);
  expect(found.map(({ groups }) => `${groups!.depName}:${groups!.currentValue}`)).toEqual(Object.keys(lock));
  const nginx = found.find(({ groups }) => groups!.depName === 'nginx')!;
  const written = managersOf('images.lock.json')[0]!
    .autoReplaceStringTemplate!.replace('{{{depName}}}', nginx.groups!.depName!)
    .replace('{{{newValue}}}', '1.32')
    .replace('{{{newDigest}}}', digest('cd'));
  expect(JSON.parse(text.replace(nginx[0], written))).toMatchObject({ 'nginx:1.32': digest('cd') });
});

test('the versions of Terraform and OpenTofu are found where the jobs take them from', () => {
  const path = '.github/actions/prepare/action.yml';
  expect(matches(path, files()[path]!).map(([text]) => text)).toEqual([
    expect.stringMatching(/^terraform_version: /),
    expect.stringMatching(/^tofu_version: /),
  ]);
});

test('every action is one that Renovate can follow: a commit and its version', () => {
  expect(renovate.extends).toContain('helpers:pinGitHubActionDigests');
  expect(renovate.enabledManagers).toEqual(['npm', 'github-actions', 'custom.regex']);
});

test('what Renovate would only break is left to people', () => {
  const off = (renovate.packageRules as { enabled?: boolean; matchPackageNames?: string[] }[])
    .filter(({ enabled }) => enabled === false)
    .flatMap(({ matchPackageNames = [] }) => matchPackageNames);
  expect(off).toEqual(
    expect.arrayContaining(['ghcr.io/*/proctorwise-*', 'mariadb', 'apache/kafka', 'cdktf']),
  );
});
