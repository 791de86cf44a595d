import { waitForServices } from '../../lab/deploy/services';
import {
  describeLab,
  expectSuccess,
  killProgram,
  npmRunLab,
  runningLab,
  runningTarget,
  tasks,
} from './support/lab';

describeLab('./proctor lab up', () => {
  test.each([
    ['while it makes images', /images: /],
    ['while it deploys', /\[1\/10\] \S+ converged/],
  ])('can be killed %s', async (_when, line) => {
    const killed = await killProgram('lab up', line);
    expect(killed.status).toBeNull();
    expect(killed.output).toMatch(line);
  });

  test('goes on from there to healthy services whose routes all answer', async () => {
    const run = await npmRunLab();
    expectSuccess(run);
    const services = await waitForServices(runningLab().paths, () => {}, 0);
    expect(services.map(({ service }) => service).sort()).toEqual([
      ...['analyticsservice', 'correctionservice', 'edge', 'kafka', 'mariadb', 'monitoringservice'],
      ...['nginx', 'notificationservice', 'reservationservice', 'userservice'],
    ]);
    expect(services.filter(({ health }) => health !== 'healthy')).toEqual([]);
    expect(run.output).toMatch(/^\/monitoring +200 +v1 +monitoringservice /m);
    expect(run.output).toMatch(/^https:\/\/10\.213\./m);
  });

  test('a second run, in a terminal that deploys to it, restarts no task', async () => {
    const before = await tasks();
    const lab = runningLab();
    const sourced = {
      ...runningTarget().variables,
      DOCKER_HOST: lab.dockerHost,
      PATH: `${lab.paths.bin}:${process.env.PATH}`,
    };
    const run = await npmRunLab([], sourced);
    expectSuccess(run);
    expect(await tasks()).toEqual(before);
  });
});
