import type {
  PlannedObject,
  PlannedRollout,
  PlannedService,
  Position,
  RolloutTimings,
} from '../../contract/rollout';
import type { TlsEndpoint } from '../../contract/tls-endpoint';
import { UsageError } from '../terminal/usage-error';

/** As it was read: every field may be anything. */
type Raw<T> = { readonly [Key in keyof T]?: unknown };

/**
 * Reads the gate's input, dropping nulls, which is how Terraform writes what is not set.
 *
 * @throws {UsageError} with the field, what it is and what it should be
 */
export function parsePlanned(json: string): PlannedRollout {
  let value: unknown;
  try {
    value = JSON.parse(json, (_key, inner) => (inner === null ? undefined : inner));
  } catch {
    throw new UsageError(
      'ROLLOUT is not JSON\nit is written by the rollout construct; run the gate through it',
    );
  }
  const root = record<PlannedRollout>(value, 'ROLLOUT');
  const planned = record<PlannedService>(root.planned, 'planned');
  return {
    host: text(root.host, 'host'),
    sshOptions: texts(root.sshOptions, 'sshOptions'),
    service: text(root.service, 'service'),
    planned: readService(planned),
    timings: optional(root.timings, (given) => readTimings(record(given, 'timings'))) ?? {},
    certificate: optional(root.certificate, (given) => readEndpoint(record(given, 'certificate'))),
    position: optional(root.position, (given) => readPosition(record(given, 'position'))),
  };
}

const readService = (planned: Raw<PlannedService>): PlannedService => ({
  image: text(planned.image, 'planned.image'),
  command: texts(planned.command, 'planned.command'),
  args: texts(planned.args, 'planned.args'),
  env: texts(planned.env, 'planned.env'),
  replicas: number(planned.replicas, 'planned.replicas'),
  secrets: objects(planned.secrets, 'planned.secrets'),
  configs: objects(planned.configs, 'planned.configs'),
  spec: optional(planned.spec, (given) => record(given, 'planned.spec')),
  whole: optional(planned.whole, (given) => given === true),
});

function readTimings(given: Raw<RolloutTimings>): RolloutTimings {
  const of = (name: keyof RolloutTimings) => number(given[name], `timings.${name}`);
  return {
    startPeriodSeconds: of('startPeriodSeconds'),
    healthIntervalSeconds: of('healthIntervalSeconds'),
    healthTimeoutSeconds: of('healthTimeoutSeconds'),
    healthRetries: of('healthRetries'),
    delaySeconds: of('delaySeconds'),
    monitorSeconds: of('monitorSeconds'),
    stopGraceSeconds: of('stopGraceSeconds'),
    parallelism: of('parallelism'),
    observeSeconds: of('observeSeconds'),
    pullSeconds: of('pullSeconds'),
    deadlineSeconds: of('deadlineSeconds'),
  };
}

const readEndpoint = (given: Raw<TlsEndpoint>): TlsEndpoint => ({
  host: text(given.host, 'certificate.host'),
  port: number(given.port, 'certificate.port') ?? 443,
  serverName: text(given.serverName, 'certificate.serverName'),
  acme: optional(given.acme, (acme) => acme === true),
});

const readPosition = (given: Raw<Position>): Position => ({
  index: number(given.index, 'position.index') ?? 1,
  total: number(given.total, 'position.total') ?? 1,
});

function wrong(field: string, got: unknown, expected: string): UsageError {
  const shown = got === undefined ? 'missing' : JSON.stringify(got).slice(0, 60);
  return new UsageError(`ROLLOUT: ${field} is ${shown}\nit must be ${expected}`);
}

const optional = <T>(value: unknown, read: (given: unknown) => T): T | undefined =>
  value === undefined ? undefined : read(value);

function record<T>(value: unknown, field: string): Raw<T> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(field, value, 'an object');
  return value;
}

function text(value: unknown, field: string): string {
  if (typeof value !== 'string' || value === '') throw wrong(field, value, 'a text that is not empty');
  return value;
}

function texts(value: unknown, field: string): readonly string[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'string')) {
    throw wrong(field, field.endsWith('env') ? '(not shown)' : value, 'a list of texts');
  }
  return value;
}

function objects(value: unknown, field: string): readonly PlannedObject[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw wrong(field, value, 'a list of { id, name }');
  return value.map((item, index) => {
    const { id, name, file } = record<PlannedObject>(item, `${field}[${index}]`);
    return {
      id: text(id, `${field}[${index}].id`),
      ...(typeof name === 'string' ? { name } : {}),
      ...(file === undefined ? {} : { file: record(file, `${field}[${index}].file`) }),
    };
  });
}

/** Terraform turns numbers into texts now and then; both are read. */
function number(value: unknown, field: string): number | undefined {
  if (value === undefined) return undefined;
  const read = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof read !== 'number' || !Number.isFinite(read) || read < 0)
    throw wrong(field, value, 'a number, 0 or more');
  return read;
}
