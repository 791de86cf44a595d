import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { composeOf, type PlatformSpec } from '../../../../constructs';
import { platform } from '../../../../services.config';
import { canary, disguises, findings } from '../../../support/platform/canaries';
import { ODD_SCHEMA, oddCatalogue } from '../../../support/platform/odd-catalogue';
import { SHELL, Workplace } from '../../../support/platform/platform';
import { makePair } from '../../../support/programs/certificates';

const workplace = new Workplace();
workplace.write(ODD_SCHEMA.path, ODD_SCHEMA.text);
afterAll(() => workplace.remove());

const filesIn = (folder: string): [string, string][] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .map((name) => [name, readFileSync(join(folder, name), 'utf8')]);

const SECRETS = [
  ...Object.keys(platform.secrets),
  ...Object.keys(oddCatalogue.secrets),
  ...(platform.registries ?? []).flatMap(({ username, password }) => [username, password]),
  'tls_certificate',
  'tls_private_key',
];
const planted = Object.fromEntries(SECRETS.map((name) => [`TF_VAR_${name}`, canary(name)]));
const values = Object.values(planted);

describe('with every secret in the shell that synthesizes,', () => {
  const before = { ...process.env };
  beforeAll(() => Object.assign(process.env, planted));
  afterAll(() => {
    for (const name of Object.keys(planted)) delete process.env[name];
    Object.assign(process.env, before);
  });

  test.each<[string, PlatformSpec, string]>([
    ...Object.keys(platform.environments).map((id): [string, PlatformSpec, string] => [id, platform, id]),
    ['an odd platform', oddCatalogue, 'production'],
  ])('no file of %s has one of them, in whatever encoding', (_, spec, environment) => {
    const { outdir } = workplace.synth(spec, environment, { ...process.env, ...SHELL, CI: '' });
    const files = filesIn(outdir);
    expect(files.map(([name]) => name)).toContainEqual(expect.stringMatching(/cdk\.tf\.json$/));
    expect(findings(files, values)).toEqual([]);
  });

  test.each<[string, PlatformSpec]>([
    ['the platform', platform],
    ['an odd platform', oddCatalogue],
  ])('the compose form of %s has none of them', (_, spec) => {
    const { platform: built } = workplace.build(spec, 'production', { ...process.env, ...SHELL, CI: '' });
    const { compose, configs } = composeOf(built, { optionalSecrets: Object.keys(spec.secrets) });
    expect(findings([['compose', compose], ...configs], values)).toEqual([]);
  });
});

test('a provided pair in files is checked, and its key is in no file of the stack', () => {
  const pair = makePair({ names: `DNS:${platform.serverName}` });
  workplace.write('tls/fullchain.pem', pair.certificate);
  workplace.write('tls/privkey.pem', pair.privateKey);
  const tls = {
    mode: 'provided',
    certificateFile: 'tls/fullchain.pem',
    privateKeyFile: 'tls/privkey.pem',
  } as const;
  const { json, outdir } = workplace.synth({ ...platform, tls } as PlatformSpec);
  const body = pair.privateKey.split('\n').filter((line) => line.length > 20 && !line.startsWith('-'));
  expect(body.length).toBeGreaterThan(1);
  expect(findings(filesIn(outdir), [...body, ...body.map((line) => line.slice(4, 30))])).toEqual([]);
  expect(json.resource.docker_secret.tls_private_key.data).toBe(
    '${base64encode(local.tls_private_key_file)}',
  );
  expect(json.locals.tls_private_key_file).toBe('${sensitive(file("../../../tls/privkey.pem"))}');
});

test.each(['', 'a', 'ab', 'abc'])(
  'a secret inside the base64 of a longer text would be found, after %j',
  (before) => {
    const text = Buffer.from(`${before}${canary('x')} and more`).toString('base64');
    expect(findings([['file', text]], [canary('x')])).toHaveLength(1);
  },
);

test.each(disguises(canary('x')))('a secret written as %s would be found', (text) => {
  expect(findings([['file', `before ${text} after`]], [canary('x')])).toEqual([`file: ${canary('x')}`]);
});
