import { FakeServer } from '../../../../support/programs/fake-server';

const OFF = { HOST_FIREWALL: 'off' };
const YOURS = ['ok firewall: these rules are not in force: the firewall is yours'];
const FILES = ['etc/swarm-host/firewall.nft', 'etc/systemd/system/swarm-host-firewall.service'];

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});
afterEach(() => {
  expect(server.told('unexpected')).toBe('');
  server.remove();
});

const loaded = () => {
  server.run(['firewall']);
  server.changes();
};

test('a firewall that was loaded is taken away whole, and again there is nothing to do', () => {
  loaded();
  const { status, lines } = server.run(['firewall'], OFF);
  expect([status, lines('ok'), lines('failed')]).toEqual([0, YOURS, []]);
  expect(server.changes()).toEqual([
    'systemctl disable --quiet swarm-host-firewall.service',
    'systemctl stop swarm-host-firewall.service',
    'nft delete table inet swarm_host',
  ]);
  expect(Object.keys(server.files()).filter((name) => /firewall/.test(name))).toEqual([]);
  expect(server.run(['--check', 'firewall'], OFF)).toMatchObject({ status: 0 });
  expect(server.run(['firewall'], OFF).lines('changes')).toEqual([]);
  expect(server.changes()).toEqual([]);
});

test('a check says what would be taken away, and changes nothing', () => {
  loaded();
  const before = server.files();
  const { status, lines } = server.run(['--check', 'firewall'], OFF);
  expect([status, lines('ok')]).toEqual([3, []]);
  expect(lines('differs')).toEqual(
    [
      'swarm-host-firewall.service starts at boot',
      'swarm-host-firewall.service is loaded',
      'the table inet swarm_host is in force',
      ...[`/${FILES[1]} is there`, `/${FILES[0]} is there`, '/run/swarm-host-firewall is there'],
    ].map((what) => `differs firewall: ${what}, as before firewall: false`),
  );
  expect(server.changes()).toEqual([]);
  expect(server.files()).toEqual(before);
});

test.each(['1 before', '1 after', '2 before', '2 after', '3 before', '3 after'])(
  'cut off at its change %s it was made, the next run goes on',
  (when) => {
    loaded();
    const [DIE_AT = '', DIE_WHEN = ''] = when.split(' ');
    expect(server.run(['firewall'], { ...OFF, DIE_AT, DIE_WHEN }).status).not.toBe(0);
    server.changes();
    expect(server.run(['firewall'], OFF).lines('ok')).toEqual(YOURS);
    expect(server.run(['--check', 'firewall'], OFF)).toMatchObject({ status: 0 });
  },
);

test('a server that never had it, of which the Swarm has more nodes, is left alone', () => {
  server.prepared().says({ nodes: 'a\nb\n' });
  expect(server.run(['firewall'], OFF)).toMatchObject({ status: 0 });
  expect(server.changes()).toEqual([]);
});

test('and back: it is loaded again', () => {
  loaded();
  server.run(['firewall'], OFF);
  expect(server.run(['firewall'])).toMatchObject({ status: 0 });
  expect(server.told('nft')).toContain('table inet swarm_host');
  expect(server.run(['--check', 'firewall'])).toMatchObject({ status: 0 });
});
