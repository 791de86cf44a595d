import { cpSync } from 'node:fs';
import { ProjectCopy } from '../support/programs/project-copy';
import { tell } from './support/http';
import { describeLab, expectSuccess, npmRunLab, operator } from './support/lab';

const rollBack = (service: string) => operator('service', 'rollback', '--quiet', `proctorwise_${service}`);
const settingsOf = (service: string) =>
  operator(
    'service',
    'inspect',
    '--format',
    '{{.Spec.TaskTemplate.ContainerSpec.Args}}',
    `proctorwise_${service}`,
  );

describeLab('docker service rollback', () => {
  const project = new ProjectCopy();
  afterAll(() => project.remove());

  beforeAll(async () => {
    cpSync('lab', project.path('lab'), { recursive: true });
    project.edit("JWT_ALGORITHM: 'HS256'", "JWT_ALGORITHM: 'HS512'");
    expectSuccess(await npmRunLab([], { IMAGE_TAG: 'v2' }, project.folder));
  });

  test('takes one service back after a new image', async () => {
    expect((await tell('/analytics')).version).toBe('v2');
    await rollBack('analyticsservice');
    expect((await tell('/analytics')).version).toBe('v1');
    expect((await tell('/users')).version).toBe('v2');
  });

  test('takes one service back after a new setting', async () => {
    expect(await settingsOf('userservice')).toContain('JWT_ALGORITHM=HS512');
    await rollBack('userservice');
    expect(await settingsOf('userservice')).toContain('JWT_ALGORITHM=HS256');
    expect(await tell('/users')).toMatchObject({ status: 200, database: 'ok' });
  });
});
