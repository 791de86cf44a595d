import { Duration, type PlatformSpec } from '../../../../constructs';
import { platform } from '../../../../services.config';
import { Workplace } from '../../../support/platform/platform';
import type { Json } from '../../../support/platform/template';

const workplace = new Workplace();
afterAll(() => workplace.remove());

const service = (spec: PlatformSpec, name: string): Json =>
  workplace.synth(spec).json.resource.docker_service[name];
const started = (spec: PlatformSpec, name: string): { args: string[]; startPeriod: string } => {
  const container = service(spec, name).task_spec.container_spec;
  return { args: container.args, startPeriod: container.healthcheck.start_period };
};
const waits = ({ args }: { args: string[] }) => args.filter((arg) => arg.startsWith('--wait'));
const withWait = (name: 'reservationservice', seconds: number) =>
  ({
    ...platform,
    services: {
      ...platform.services,
      [name]: { ...platform.services[name], waitForBackends: Duration.seconds(seconds) },
    },
  }) as PlatformSpec;

test('an application waits for each backend that it names, and may start as much later', () => {
  const reservation = started(platform, 'reservationservice');
  expect(waits(reservation)).toEqual([
    '--wait-seconds=120',
    '--wait-for=mysql://mariadb:3306',
    '--wait-for=kafka://kafka:9092',
  ]);
  expect(reservation.startPeriod).toBe('2m30s');
  expect(waits(started(platform, 'userservice'))).toEqual([
    '--wait-seconds=120',
    '--wait-for=mysql://mariadb:3306',
  ]);
});

test('as long as the catalogue says', () => {
  const reservation = started(withWait('reservationservice', 45), 'reservationservice');
  expect(waits(reservation)[0]).toBe('--wait-seconds=45');
  expect(reservation.startPeriod).toBe('1m15s');
});

test('not at all with zero seconds, nor without backends', () => {
  const reservation = started(withWait('reservationservice', 0), 'reservationservice');
  expect(waits(reservation)).toEqual([]);
  expect(reservation.startPeriod).toBe('30s');
  const { backends: _, ...alone } = platform.services.userservice;
  const spec = { ...platform, services: { ...platform.services, userservice: alone } } as PlatformSpec;
  expect(waits(started(spec, 'userservice'))).toEqual([]);
});
