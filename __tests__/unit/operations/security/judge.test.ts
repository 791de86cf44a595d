import { judge, unknownRows } from '../../../../operations/security/judge';
import { ROWS } from '../../../../operations/security/rows';
import type { Facts } from '../../../../operations/security/rows/facts';
import { render } from '../../../../operations/security/text';
import { NO_COLOURS } from '../../../../operations/terminal/paint';
import { facts, process, seen, service, task } from './facts';

const DAY = 86_400_000;
const stateOf = (row: string, found: Facts, accept: readonly string[] = []) =>
  judge(found, accept).find((one) => one.row === row)!;
const withTask = (...given: Parameters<typeof task>) => facts({ tasks: [task(...given)] });
const withProcess = (...given: Parameters<typeof process>) =>
  withTask('web', {}, { processes: [process(), process(...given)] });
const withWeb = (...given: Parameters<typeof service> extends [string, ...infer Rest] ? Rest : never) =>
  facts({ services: [service('web', ...given), ...facts().services.slice(1)] });
const twoNodes = (Options: Record<string, string> = {}) =>
  facts({
    nodes: [{ ID: 'a' }, { ID: 'b' }] as never,
    networks: [{ Id: 'n', Name: 'shop_net', Driver: 'overlay', Options }],
  });

test('a server on which all is as it should be is ok in each row', () => {
  const rows = judge(facts(), []);
  expect(rows.filter(({ state }) => state !== 'ok')).toEqual([]);
  expect(rows.map(({ row }) => row)).toEqual(ROWS.map(({ name }) => name));
});

const BROKEN: [row: string, found: Facts, text: RegExp][] = [
  ['privileged', withTask('web', { Privileged: true }), /^web: it is privileged$/],
  ['privileged', withTask('web', { PidMode: 'host' }), /shares PidMode with the node/],
  ['privileged', withTask('web', { NetworkMode: 'host' }), /shares NetworkMode/],
  ['capabilities', withWeb({ CapabilityDrop: null }), /Docker's own set/],
  ['capabilities', withProcess({ CapBnd: '00000000a80425fb' }), /uvicorn may have more than the 0/],
  ['no-new-privileges', withProcess({ NoNewPrivs: '0' }), /NoNewPrivs is 0/],
  ['seccomp', withProcess({ Seccomp: '0' }), /no filter/],
  [
    'apparmor',
    facts({ tasks: [{ ...task(), container: { ...task().container, AppArmorProfile: '' } }] }),
    /neither AppArmor/,
  ],
  ['user', withProcess({ Uid: '0\t0\t0\t0', Name: 'nginx' }), /nginx as root/],
  ['read-only-root', withTask('web', { ReadonlyRootfs: false }), /can write to its image/],
  ['limits', withTask('web', { Memory: 0 }), /no limit/],
  ['limits', withTask('web', { NanoCpus: 0 }), /no limit/],
  ['pids-limit', withTask('web', { PidsLimit: null }), /no limit of its own/],
  ['healthcheck', withWeb({ Healthcheck: undefined }), /none/],
  [
    'host-mounts',
    withWeb({ Mounts: [{ Type: 'bind', Source: '/var/run/docker.sock' }] }),
    /docker\.sock of the node/,
  ],
  ['host-mounts', withWeb({ Mounts: [{ Type: 'bind', Source: '/srv/files' }] }), /\/srv\/files/],
  ['log-rotation', withTask('web', { LogConfig: { Type: 'json-file', Config: {} } }), /grows without end/],
  ['secrets', withWeb({ Command: ['web', '--token', 'abcdefgh'] }), /^web: token looks like a secret$/],
  [
    'secrets',
    withWeb({ Healthcheck: { Test: ['CMD-SHELL', 'curl -u a:abcdefgh http://127.0.0.1/'] } }),
    /^web: an argument looks like a secret$/,
  ],
  ['secrets', withWeb({ Args: ['JWT_SECRET_KEY=abcdefgh'] }), /^web: JWT_SECRET_KEY looks like a secret$/],
  ['secrets', withWeb({ Env: ['DATABASE_URL=mysql://u:hunter2@db/x'] }), /DATABASE_URL/],
  [
    'secrets',
    facts({ tasks: [{ ...task(), container: { ...task().container, Config: { Env: ['API_KEY=x1y2'] } } }] }),
    /API_KEY/,
  ],
  ['pinned-images', withWeb({ Image: 'web:1' }), /no digest/],
  [
    'published-ports',
    withWeb({}, { spec: { EndpointSpec: { Ports: [{ PublishedPort: 3306 }] } } }),
    /^web: it publishes 3306$/,
  ],
  ['engine-ports', facts({ open: [2375] }), /2375\/tcp: it answers here/],
  [
    'separate-networks',
    facts({
      services: [
        ...facts().services.slice(0, 2),
        service(
          'mariadb',
          { Mounts: [{ Type: 'volume' }] },
          { spec: { UpdateConfig: { Order: 'stop-first' } } },
        ),
      ],
    }),
    /^mariadb: nginx can reach it$/,
  ],
  ['encrypted-networks', twoNodes(), /shop_net: .* not encrypted/],
  ['user-namespaces', facts({ info: { ...facts().info, SecurityOptions: [] } }), /the node's root/],
  ['autolock', facts({ info: { ...facts().info, Swarm: {} } }), /who has the disk/],
  [
    'tls-versions',
    facts({ seen: seen({ tls: { ...seen().tls, 'TLSv1.1': true } }) }),
    /^TLSv1\.1: is spoken$/,
  ],
  [
    'tls-versions',
    facts({ seen: seen({ tls: { ...seen().tls, 'TLSv1.3': false } }) }),
    /^TLSv1\.3: is not spoken$/,
  ],
  [
    'certificate',
    facts({ seen: seen({ certificate: { ...seen().certificate, selfSigned: true } }) }),
    /self-signed/,
  ],
  [
    'certificate',
    facts({ seen: seen({ certificate: { ...seen().certificate, untrusted: 'no issuer' } }) }),
    /does not trust it: no issuer/,
  ],
  [
    'certificate',
    facts({
      seen: seen({
        certificate: { ...seen().certificate, validTo: new Date(Date.now() + 2e8).toISOString() },
      }),
    }),
    /^nginx: it ends in 55 hours$/,
  ],
  ['redirect', facts({ seen: seen({ redirect: '' }) }), /answers without TLS/],
  ['hsts', facts({ seen: seen({ headers: {} }) }), /not told to insist/],
  ['hsts', facts({ seen: seen({ headers: { 'strict-transport-security': 'max-age=60' } }) }), /not told/],
  [
    'server-header',
    facts({ seen: seen({ headers: { ...seen().headers, server: 'nginx/1.30.0' } }) }),
    /nginx\/1\.30\.0/,
  ],
];

test.each(BROKEN)('%s is not ok where something is otherwise, with what to do', (row, found, text) => {
  const judged = stateOf(row, found);
  expect(judged).toMatchObject({ state: 'not', text: expect.stringMatching(text), fix: expect.any(String) });
  // And nothing else is.
  const others = judge(found, []).filter((one) => one.state === 'not' && one.row !== row);
  expect(others).toEqual([]);
});

test('each row is tried above', () => {
  expect([...new Set(BROKEN.map(([row]) => row))].sort()).toEqual(ROWS.map(({ name }) => name).sort());
});

test('a secret’s value is not told', () => {
  const { text } = stateOf('secrets', withWeb({ Env: ['DATABASE_URL=mysql://u:hunter2@db/x'] }));
  expect(text).not.toContain('hunter2');
});

test.each([
  ['capabilities', withTask('web', {}, { processes: undefined }), /web could not be asked/],
  ['user', withTask('web', {}, { processes: undefined }), /web could not be asked/],
  ['limits', facts({ tasks: [] }), /no task runs on this node/],
  ['user', facts({ elsewhere: ['api', 'job'] }), /^tasks of api, job run on other nodes$/],
  ['separate-networks', facts({ backends: ['postgres'] }), /^no backend of the catalogue/],
  ['engine-ports', facts({ open: 'no outside' }), /not outside/],
  ['engine-ports', facts({ open: { nameOfSsh: 'gw' } }), /^only ssh knows the name gw here$/],
  ['tls-versions', facts({ seen: { error: 'refused' } }), /does not answer here: refused/],
  ['tls-versions', facts({ seen: seen({ tls: { ...seen().tls, TLSv1: undefined } }) }), /cannot speak/],
  ['redirect', facts({ seen: seen({ redirect: undefined }) }), /HTTP port does not answer/],
])('%s cannot be asked where nobody can say it', (row, found, text) => {
  expect(stateOf(row, found)).toMatchObject({ state: 'unknown', text: expect.stringMatching(text) });
});

test('a capability that the service names is no surprise, and an encrypted network is fine', () => {
  const named = {
    ...withWeb({ CapabilityAdd: ['CAP_CHOWN'] }),
    tasks: [task('web', {}, { processes: [process({ CapBnd: '0000000000000001' })] })],
  };
  expect(stateOf('capabilities', named).state).toBe('ok');
  expect(stateOf('encrypted-networks', twoNodes({ encrypted: '' })).state).toBe('ok');
});

test('a fault that is seen counts, wherever else tasks run', () => {
  const found = { ...withTask('web', { Privileged: true }), elsewhere: ['api'] };
  expect(stateOf('privileged', found)).toMatchObject({ state: 'not', text: 'web: it is privileged' });
});

test('what has a volume and stops first is no backend: a backup, a resident job, an application of one task', () => {
  const others = ['backup', 'web_runs', 'files'].map((name) =>
    service(name, { Mounts: [{ Type: 'volume' }] }, { spec: { UpdateConfig: { Order: 'stop-first' } } }),
  );
  expect(stateOf('separate-networks', facts({ services: [...facts().services, ...others] })).state).toBe(
    'ok',
  );
});

test('a certificate of six days is fine until a quarter of them is left', () => {
  const of = (left: number) => ({
    ...seen().certificate,
    validFrom: new Date(Date.now() - (6 * DAY - left)).toISOString(),
    validTo: new Date(Date.now() + left).toISOString(),
  });
  const state = (left: number) =>
    stateOf('certificate', facts({ seen: seen({ certificate: of(left) }) })).state;
  expect([state(5 * DAY), state(2 * DAY), state(1 * DAY)]).toEqual(['ok', 'ok', 'not']);
});

test('what is accepted does not count: a row, or a row of one service alone', () => {
  const writable = { ReadonlyRootfs: false };
  const found = facts({ tasks: [task('web', writable), task('mariadb', writable)] });
  expect(stateOf('read-only-root', found, ['read-only-root']).state).toBe('accepted');
  expect(stateOf('read-only-root', found, ['read-only-root:mariadb'])).toMatchObject({
    state: 'not',
    text: 'web: it can write to its image',
  });
  const both = ['read-only-root:mariadb', 'read-only-root:web'];
  expect(stateOf('read-only-root', found, both).state).toBe('accepted');
  expect(unknownRows(['user', 'user:web', 'usr'])).toEqual(['usr']);
});

test('the table has each row, what to do for what is not ok, and a sum', () => {
  const text = render(judge(withTask('web', { ReadonlyRootfs: false }), []), NO_COLOURS, undefined);
  for (const { name } of ROWS) expect(text).toMatch(new RegExp(`^${name} `, 'm'));
  expect(text).toMatch(/^read-only-root +NOT +web: it can write to its image$/m);
  expect(text).toMatch(/^read-only-root +→ readOnlyRoot: true/m);
  expect(text).toContain(`${ROWS.length - 1} ok, 1 not, 0 accepted, 0 cannot be asked`);
});
