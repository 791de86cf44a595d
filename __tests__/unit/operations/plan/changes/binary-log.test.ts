import { SHIPPING_ARGS } from '../../../../../contract/backup';
import { serviceChange } from '../../../../../operations/plan/changes/service-change';
import { asides, effectsOf } from '../../../../../operations/plan/text';
import type { ResourceChange } from '../../../../../operations/terraform/document';

const BEFORE = ['--init-file=/etc/mysql/init-file.sql'];

const service = (args: readonly string[]) => ({
  name: 'shop_mariadb',
  mode: [{ replicated: [{ replicas: 1 }] }],
  update_config: [{ order: 'stop-first', parallelism: 1, delay: '0s' }],
  task_spec: [{ container_spec: [{ image: 'mariadb:10.11', args }] }],
});

const changed = (before: readonly string[], after: readonly string[], stateful = true) =>
  serviceChange(
    {
      address: 'docker_service.mariadb',
      type: 'docker_service',
      name: 'mariadb',
      change: { actions: ['update'], before: service(before), after: service(after) },
    } as unknown as ResourceChange,
    undefined,
    { stateful, whoWaits: 'writers', background: false },
  );

const DISK = 'its binary log comes on and takes disk beside the data: what is written in 3 d';

test('a binary log that comes on: one restart, and what disk it takes', () => {
  const change = changed(BEFORE, [...BEFORE, ...SHIPPING_ARGS]);
  expect(change).toMatchObject({ restarts: true, binaryLog: { keepsSeconds: 259_200 } });
  expect(effectsOf(change).join()).toMatch(/restarts,writers wait about/);
  expect(asides(change)).toContain(DISK);
});

test('one that is never removed', () => {
  expect(asides(changed(BEFORE, [...BEFORE, '--log-bin']))[0]).toContain(
    'all that is ever written, since nothing removes it (--binlog-expire-logs-seconds)',
  );
});

test('one that was there, that goes, or that is no database’s, is no news', () => {
  const on = [...BEFORE, ...SHIPPING_ARGS];
  for (const change of [changed(on, [...on, '--x']), changed(on, BEFORE), changed(BEFORE, on, false)]) {
    expect(change.binaryLog).toBeUndefined();
    expect(asides(change).join()).not.toContain('binary log');
  }
});
