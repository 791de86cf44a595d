import type { LoadResult } from '../../../../proof/load/tally';
import { type ContainerEvent, outages, servedOf } from '../../../../proof/watch/outages';
import { fakeDaemon } from '../../operations/docker/fake-daemon';

const event = (
  service: string,
  container: string,
  what: ContainerEvent['what'],
  at: number,
): ContainerEvent => ({
  service,
  container,
  what,
  at,
});

test('a service is away from the moment its last healthy task is told to stop until another one is healthy', () => {
  const before = [event('edge', 'old', 'healthy', 0)];
  const events = [
    event('edge', 'old', 'stopping', 1000),
    event('edge', 'old', 'gone', 1400),
    event('edge', 'new', 'healthy', 2500),
  ];
  expect(servedOf(before, events, 9000)).toEqual([
    { service: 'edge', replaced: 1, outages: [{ from: 1000, to: 2500 }] },
  ]);
});

test('one that rolls is never away, and one that does not come back is away to the end', () => {
  const before = [
    event('users', 'a', 'healthy', 0),
    event('users', 'b', 'healthy', 0),
    event('kafka', 'k', 'healthy', 0),
  ];
  const events = [
    event('users', 'c', 'healthy', 10),
    event('users', 'a', 'stopping', 20),
    event('users', 'a', 'gone', 30),
    event('users', 'd', 'healthy', 40),
    event('users', 'b', 'stopping', 50),
    event('kafka', 'k', 'gone', 60),
    event('users', 'b', 'gone', 70),
  ];
  expect(servedOf(before, events, 100)).toEqual([
    { service: 'kafka', replaced: 1, outages: [{ from: 60, to: 100 }] },
    { service: 'users', replaced: 2, outages: [] },
  ]);
});

test('a last healthy word of a task that is told to stop counts for nothing', () => {
  const before = [event('edge', 'old', 'healthy', 0)];
  const events = [event('edge', 'old', 'stopping', 10), event('edge', 'old', 'healthy', 11)];
  expect(servedOf(before, events, 20)[0]!.outages).toEqual([{ from: 10, to: 20 }]);
});

test('the watch ends when it is told to, in the midst of what the engine tells', async () => {
  const Labels = { 'com.docker.swarm.service.name': 'proctorwise_edge' };
  const told = (Action: string, ID: string, seconds: number) =>
    `${JSON.stringify({ Action, timeNano: seconds * 1e9, Actor: { ID, Attributes: Labels } })}\n`;
  const daemon = await fakeDaemon((request, _body, response) => {
    if (!request.url?.startsWith('/events'))
      return void response.end(JSON.stringify([{ Id: 'old', Labels }]));
    response.write(told('die', 'old', 1) + told('health_status: healthy', 'new', 3));
  });
  const watch = outages(daemon.host.replace('unix://', ''));
  await watch.start?.();
  const report = () => watch.report({ ...({} as LoadResult), end: 9000 }, 9000);
  while (!(await report()).some(({ outages: found }) => found.length > 0)) await new Promise(setImmediate);
  await watch.stop?.();
  // Whoever reads the events is told of the end as of an error, one turn later.
  await new Promise((done) => setTimeout(done, 50));
  expect(await report()).toEqual([{ service: 'edge', replaced: 1, outages: [{ from: 1000, to: 3000 }] }]);
  await daemon.stop();
});
