import type { DeclaredSecret } from '../../../../contract/declared-secret';
import { versionOf } from '../../../../operations/inputs/declared';
import { listSecrets } from '../../../../operations/secrets/list';
import { findOtherSecrets } from '../../../../operations/secrets/others';
import { render } from '../../../../operations/secrets/text';
import { secret, service } from './secrets';

const OLD = 'old-value-old-value';
const NEW = 'new-value-new-value';
const password = secret('password', { services: ['web', 'api'], provisionedIn: 'mariadb' });
const nameOf = (one: DeclaredSecret, value: string) => `shop_${one.name}_${versionOf(one, value)}`;
const object = (name: string, CreatedAt = '2026-11-20T00:00:00Z') => ({ CreatedAt, Spec: { Name: name } });

const list = (
  secrets: DeclaredSecret[],
  more: {
    objects?: ReturnType<typeof object>[];
    services?: ReturnType<typeof service>[];
    shell?: Record<string, string>;
    fromFile?: Record<string, string>;
    commands?: Record<string, string[]>;
  } = {},
) => {
  const { commands = {}, objects = [], services = [], shell = {}, fromFile = {} } = more;
  const stack = {
    id: 'swarm',
    namespace: 'shop',
    secrets,
    commands,
    services: [
      { id: 'web', replicas: 3 },
      { id: 'api', replicas: 1 },
    ],
  };
  return listSecrets({ stack, objects, services, fromFile, shell: { ...shell, ...fromFile } });
};
const next = (...args: Parameters<typeof list>) => list(...args)[0]!.next;

const running = {
  objects: [object(nameOf(password, OLD)), object(nameOf(password, NEW), '2026-11-23T00:00:00Z')],
  services: [service('web', nameOf(password, OLD)), service('api', nameOf(password, OLD))],
};

test('says the version in force, since when, who uses it, and what rotating it replaces', () => {
  expect(list([password], running)).toEqual([
    {
      name: 'password',
      optional: false,
      versions: [versionOf(password, OLD)],
      since: '2026-11-20T00:00:00Z',
      unused: [versionOf(password, NEW)],
      usedBy: ['web', 'api'],
      replaces: { web: 3, api: 1 },
      provisionedIn: 'mariadb',
      signsTokens: false,
      source: 'none',
      next: { does: 'missing' },
    },
  ]);
});

test('in the middle of a rotation two versions are in force', () => {
  const services = [service('web', nameOf(password, OLD)), service('api', nameOf(password, NEW))];
  const [row] = list([password], { ...running, services });
  expect(row).toMatchObject({ since: '2026-11-23T00:00:00Z', unused: [] });
  expect(row?.versions).toHaveLength(2);
});

describe('a deploy from here', () => {
  const given = (value: string) => ({ shell: { TF_VAR_password: value } });

  test('keeps, makes or rotates what is given', () => {
    expect(next([password], { ...running, ...given(OLD) })).toEqual({ does: 'nothing' });
    expect(next([password], { ...running, ...given(NEW) })).toEqual({
      does: 'rotates',
      version: versionOf(password, NEW),
    });
    expect(next([password], given(NEW))).toEqual({ does: 'makes', version: versionOf(password, NEW) });
  });

  test('takes an optional one that is not given away, or has none', () => {
    const optional = { ...password, optional: true };
    expect(next([optional], running)).toEqual({ does: 'removes' });
    expect(next([optional])).toEqual({ does: 'nothing' });
  });

  test('asks a command that is not run for a list', () => {
    const commands = { password: ['pass', 'show', 'x'] };
    expect(list([password], { commands })[0]).toMatchObject({ source: 'command', next: { does: 'unknown' } });
    expect(list([password], { commands, ...given(OLD) })[0]).toMatchObject({ source: 'shell' });
    expect(list([password], { commands, fromFile: { TF_VAR_password: OLD } })[0]).toMatchObject({
      source: 'file',
    });
  });
});

test('what the catalogue does not name is listed, too, and other platforms’ secrets are not', () => {
  const stack = { id: 'swarm', namespace: 'shop', secrets: [password], commands: {}, services: [] };
  const names = [
    'shop_tls_key_0123456789',
    'shop_password_2',
    nameOf(password, OLD),
    'shop-staging_password_0123456789',
  ];
  const services = [service('nginx', 'shop_tls_key_0123456789')];
  expect(
    findOtherSecrets({
      stack,
      services,
      objects: names.map((name) => object(name)),
      shell: {},
      fromFile: {},
    }),
  ).toEqual([
    { name: 'shop_password_2', since: '2026-11-20T00:00:00Z', usedBy: [] },
    { name: 'shop_tls_key_0123456789', since: '2026-11-20T00:00:00Z', usedBy: ['nginx'] },
  ]);
});

test('shows a line for each, and no value', () => {
  const key = secret('key', { signsTokens: {} });
  const rows = list([password, key], { ...running, shell: { TF_VAR_password: NEW, TF_VAR_key: OLD } });
  const others = [{ name: 'shop_tls_key_0123456789', since: '2026-11-22T00:00:00Z', usedBy: ['nginx'] }];
  const text = render(rows, others, '.env', new Date('2026-11-24T00:00:00Z'));
  const [was, will] = [versionOf(password, OLD), versionOf(password, NEW)];
  expect(text.split('\n').map((line) => line.replace(/ {2,}/g, ' | '))).toEqual([
    'secret | version | age | used by | rotating it replaces | value here | a deploy from here',
    `password | ${was} | 4 d | web, api | 4 tasks of 2 services; mariadb does not restart | shell | rotates it to ${will}`,
    `key | none | - | - | 3 tasks of web; tokens: docs/secrets.md | shell | makes ${versionOf(key, OLD)}`,
    '',
    `in the Swarm and used by nothing: password ${will}; the next deploy that ends well removes those that it made`,
    '',
    'not named in the catalogue:',
    ' | shop_tls_key_0123456789 | 2 d | nginx',
  ]);
  expect(JSON.stringify(rows) + text).not.toMatch(/old-value|new-value/);
  // On a terminal the text goes on in its columns, and names stay in one piece.
  const narrow = render(rows, others, '.env', new Date('2026-11-24T00:00:00Z'), 130).split('\n');
  expect(narrow.slice(0, narrow.indexOf('')).filter((line) => line.length > 130)).toEqual([]);
  expect(narrow.filter((line) => line.includes(`rotates it to ${will}`))).toHaveLength(1);
});
