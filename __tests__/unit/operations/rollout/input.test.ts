import { parsePlanned } from '../../../../operations/rollout/input';
import { UsageError } from '../../../../operations/terminal/usage-error';

const valid = {
  host: 'ssh://deploy@vps',
  service: 'proctorwise_web',
  planned: { image: 'app:v2', replicas: 2 },
};
const parse = (change: object = {}) => parsePlanned(JSON.stringify({ ...valid, ...change }));

test('reads what Terraform writes: nulls are left out, numbers may be texts', () => {
  const rollout = parse({
    sshOptions: null,
    planned: {
      image: 'app:v2',
      replicas: '3',
      args: null,
      secrets: [{ id: 's1', name: null, file: { Name: 'a', Mode: 292 } }],
      whole: true,
    },
    timings: { monitorSeconds: '10', observeSeconds: null },
    certificate: { host: 'vps', port: '8443', serverName: 'exam.test', acme: null },
    position: { index: 4, total: 9 },
  });
  expect(rollout.certificate).toEqual({ host: 'vps', port: 8443, serverName: 'exam.test' });
  expect(rollout.planned).toEqual({
    image: 'app:v2',
    replicas: 3,
    secrets: [{ id: 's1', file: { Name: 'a', Mode: 292 } }],
    whole: true,
  });
  expect(rollout.timings).toEqual({ monitorSeconds: 10 });
  expect(rollout.position).toEqual({ index: 4, total: 9 });
});

test.each([
  [{ host: '' }, 'host'],
  [{ service: undefined }, 'service'],
  [{ planned: undefined }, 'planned'],
  [{ planned: { replicas: 1 } }, 'planned.image'],
  [{ planned: { image: 'a', replicas: 'two' } }, 'planned.replicas'],
  [{ planned: { image: 'a', args: 'serve' } }, 'planned.args'],
  [{ planned: { image: 'a', secrets: [{ name: 'x' }] } }, 'planned.secrets[0].id'],
  [{ planned: { image: 'a', configs: [{ id: 'c1', file: '/x' }] } }, 'planned.configs[0].file'],
  [{ timings: { monitorSeconds: -1 } }, 'timings.monitorSeconds'],
  [{ sshOptions: '-4' }, 'sshOptions'],
  [{ certificate: { port: 443, serverName: 'exam.test' } }, 'certificate.host'],
])('refuses %j and names the field', (change, field) => {
  expect(() => parse(change)).toThrow(UsageError);
  expect(() => parse(change)).toThrow(`ROLLOUT: ${field} is`);
});

test('refuses what is not JSON, and never repeats env', () => {
  expect(() => parsePlanned('{')).toThrow(UsageError);
  const env = { PASSWORD: 'hidden' };
  expect(() => parse({ planned: { image: 'a', env } })).not.toThrow(/hidden/);
  expect(() => parse({ planned: { image: 'a', env } })).toThrow(/planned\.env/);
});
