import { noHostMount } from '../../../../constructs/rules/no-host-mount';
import { findings } from '../../../support/platform/rules';

const bind = (source: string, readOnly = false) =>
  findings(noHostMount, { mounts: [{ type: 'bind', source, target: '/x', readOnly }] });

test.each(['/srv/data', '/etc/ssl/certs', '/var/run/docker.sock.d/x'])('accepts the folder %s', (source) => {
  expect(bind(source)).toEqual([]);
});

test('accepts volumes and tmpfs, whatever they are called', () => {
  const mounts = [
    { type: 'volume', name: 'docker.sock', target: '/' },
    { type: 'tmpfs', target: '/' },
  ] as const;
  expect(findings(noHostMount, { mounts })).toEqual([]);
});

test.each(['/', '//', '/.', '/srv/..', '/var/run/docker.sock', '/run/docker.sock', '/run/docker.sock/'])(
  'refuses %s of the host',
  (source) => {
    expect(bind(source)).toEqual([
      `web mounts ${source} of the host: whoever breaks into it is root on the node\nremove the mount`,
    ]);
  },
);

test.each(['/run', '/var/run', '/var/run/'])('refuses %s, which holds the socket', (source) => {
  expect(bind(source)).toHaveLength(1);
});

test('refuses the socket read-only too: reading is all that it takes to talk to it', () => {
  expect(bind('/var/run/docker.sock', true)).toHaveLength(1);
});
