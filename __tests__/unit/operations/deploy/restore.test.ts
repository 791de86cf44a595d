import { restore } from '../../../../operations/deploy/put-back';
import type { Standing } from '../../../../operations/docker/standing';
import { SwarmClient } from '../../../../operations/docker/swarm-client';
import { fakeDaemon } from '../docker/fake-daemon';
import { spec } from '../rollout/swarm-says';

const was: Standing = { id: 's1', name: 'shop_web', version: 7, spec: spec('app:v1'), running: new Map() };

/** Restores a service that is now like this; what was asked of the daemon to change it. */
async function asked(now: object): Promise<{ request: string; image: unknown }[]> {
  const changes: { request: string; image: unknown }[] = [];
  const daemon = await fakeDaemon((request, body, response) => {
    if (request.method === 'POST') {
      const { TaskTemplate } = JSON.parse(body);
      changes.push({ request: request.url ?? '', image: TaskTemplate.ContainerSpec.Image });
      response.end('{}');
    } else response.end(JSON.stringify({ ID: 's1', Version: { Index: 9 }, ...now }));
  });
  const swarm = new SwarmClient({ host: daemon.host });
  try {
    await restore(swarm, was);
  } finally {
    swarm.close();
    await daemon.stop();
  }
  return changes;
}

test('goes back by Swarm’s own rollback where that leads to what was before', async () => {
  const [change, ...more] = await asked({ Spec: spec('app:v2'), PreviousSpec: spec('app:v1') });
  expect(more).toEqual([]);
  expect(change?.request).toMatch(/\/services\/.*rollback=previous/);
});

test('writes what was before where the rollback would lead elsewhere', async () => {
  expect(await asked({ Spec: spec('app:v3'), PreviousSpec: spec('app:v2') })).toEqual([
    { request: expect.stringMatching(/^\/services\/s1\/update\?version=9$/), image: 'app:v1' },
  ]);
  expect(await asked({ Spec: spec('app:v2') })).toHaveLength(1);
});

test('changes nothing that is so already', async () => {
  expect(await asked({ Spec: spec('app:v1'), PreviousSpec: spec('app:v2') })).toEqual([]);
});
