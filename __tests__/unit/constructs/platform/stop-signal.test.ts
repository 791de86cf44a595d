import type { PlatformSpec } from '../../../../constructs';
import { catalogue } from '../../../support/platform/catalogue';
import { Workplace } from '../../../support/platform/platform';
import type { Json } from '../../../support/platform/template';

const workplace = new Workplace();
afterAll(() => workplace.remove());

const withMailer = (mailer: object): PlatformSpec =>
  ({
    ...catalogue,
    services: { ...catalogue.services, mailer: { ...catalogue.services.mailer, ...mailer } },
  }) as PlatformSpec;
const stopped = (mailer: object) => {
  const { container_spec } = workplace.synth(withMailer(mailer)).json.resource.docker_service.mailer
    .task_spec as Json;
  const { stop_signal, args } = container_spec;
  return [stop_signal, args.filter((arg: string) => arg.startsWith('--signal='))];
};
const ALONE = { launcher: false, variables: undefined, urls: undefined };

test('Docker tells the launcher by SIGTERM, whatever the image says', () => {
  expect(stopped({})).toEqual(['SIGTERM', []]);
});

test('the launcher sends the program the signal on which it stops', () => {
  expect(stopped({ stopSignal: 'QUIT' })).toEqual(['SIGTERM', ['--signal=QUIT']]);
  expect(stopped({ stopSignal: 'TERM' })).toEqual(['SIGTERM', []]);
});

test('without the launcher Docker sends it, or what the image says', () => {
  expect(stopped({ ...ALONE, stopSignal: 'QUIT' })).toEqual(['SIGQUIT', []]);
  expect(stopped(ALONE)).toEqual([undefined, []]);
});

test('a job is stopped by SIGTERM, whatever its service is stopped by', () => {
  const jobs = { tidy: { service: 'mailer', command: ['tidy'], schedule: '0 3 * * *' } } as const;
  const { json } = workplace.synth({ ...withMailer({ stopSignal: 'QUIT' }), jobs });
  const { stop_signal, args } = json.resource.docker_service.tidy.task_spec.container_spec;
  expect(stop_signal).toBe('SIGTERM');
  expect(args).not.toContain('--signal=QUIT');
});
