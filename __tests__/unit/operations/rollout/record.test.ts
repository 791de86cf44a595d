import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { record } from '../../../../operations/rollout/record';
import type { Result } from '../../../../operations/rollout/watch';
import { snapshot, spec, task } from './swarm-says';

const folder = mkdtempSync(join(tmpdir(), 'record-'));
afterAll(() => rmSync(folder, { recursive: true }));

const result: Result = {
  service: 'shop_web',
  outcome: 'rolledBack',
  reason: 'rollback completed',
  seconds: 12.34,
  replaced: 0,
  progress: { running: 2, wanted: 2, waitsFor: '' },
  culprits: [],
  evidence: new Map(),
  snapshot: snapshot({
    now: 0,
    spec: spec('app:v1'),
    tasks: [1, 2].map((slot) => task({ slot, image: 'app:v1' })),
  }),
};

test('leaves one whole file for each service, readable by its owner alone', () => {
  record(join(folder, 'made'), result, {
    host: 'unix:///s',
    service: 'shop_web',
    planned: { image: 'app:v2' },
  });
  expect(readdirSync(join(folder, 'made'))).toEqual(['shop_web.json']);
  const path = join(folder, 'made', 'shop_web.json');
  expect(statSync(path).mode & 0o077).toBe(0);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
    service: 'shop_web',
    outcome: 'rolledBack',
    exitCode: 2,
    seconds: 12.3,
    image: 'app:v1',
    report: expect.stringMatching(/FAILED, rolled back after 12\.3 s[\s\S]*runs now: 2 × app:v1/),
  });
});

test('a service cannot name a file elsewhere', () => {
  const at = join(folder, 'safe');
  record(
    at,
    { ...result, service: '../../up' },
    { host: 'unix:///s', service: '../../up', planned: { image: 'a' } },
  );
  expect(readdirSync(at)).toEqual(['.._.._up.json']);
});
