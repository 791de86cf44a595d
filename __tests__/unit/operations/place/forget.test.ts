import type { DockerClient } from '../../../../operations/docker/client';
import { forget } from '../../../../operations/place/forget';
import { writeMarker } from '../../../../operations/place/marker';
import { LABEL, labelled, node, Swarm } from './swarm';

async function remembering(): Promise<Swarm> {
  const swarm = Object.assign(new Swarm(), { nodesOf: [labelled('a'), node('b')] });
  await writeMarker(swarm as unknown as DockerClient, 'shop_mariadb', { node: 'a', hostname: 'host-a' });
  swarm.done.length = 0;
  return swarm;
}
const forgetting = (swarm: Swarm) => forget(swarm as unknown as DockerClient, 'shop', 'mariadb');

test('what is remembered goes, and so does the label, so that it may start on another node', async () => {
  const swarm = await remembering();
  expect(await forgetting(swarm)).toEqual([
    'forgotten: shop_mariadb has had data on host-a since 2026-11-27',
    `the label ${LABEL} is gone from host-a`,
    expect.stringContaining('the next deploy takes what it finds'),
  ]);
  expect(swarm.done).toEqual(['remove data.shop_mariadb', 'node a at 7: {}']);
});

test('what runs keeps its label: without it, Swarm would stop it', async () => {
  const swarm = await remembering();
  swarm.run('a');
  expect(await forgetting(swarm)).toHaveLength(2);
  expect(swarm.done).toEqual(['remove data.shop_mariadb']);
});

test('nothing to forget is said, and no error', async () => {
  const swarm = new Swarm();
  expect((await forgetting(swarm))[0]).toBe('nothing is remembered of shop_mariadb');
  expect(swarm.done).toEqual([]);
});
