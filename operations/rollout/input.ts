import type { CertificateEndpoint } from '../certificates/note';
import { UsageError } from '../terminal/command-line';

/**
 * What a deploy planned for one service. A field that is left out (or null) is not compared, so a plan says only what
 * it set itself.
 */
export interface PlannedService {
  /** `repository:tag`, `repository@sha256:…` or both; with a digest, only the digest counts. */
  readonly image: string;
  /** The entrypoint: `Command` of Docker's ContainerSpec. */
  readonly command?: readonly string[] | null;
  readonly args?: readonly string[] | null;
  /** `KEY=value`, in any order. */
  readonly env?: readonly string[] | null;
  /** Absent for a global service. */
  readonly replicas?: number | null;
  readonly secrets?: readonly PlannedObject[] | null;
  readonly configs?: readonly PlannedObject[] | null;
  /** Anything else, as part of Docker's ServiceSpec in the API's own words; what is given must be there. */
  readonly spec?: Readonly<Record<string, unknown>> | null;
}

/** A secret or config that the service uses. */
export interface PlannedObject {
  readonly id: string;
  /** For people. @default - the id */
  readonly name?: string | null;
}

/** What bounds the wait. All in seconds. */
export interface RolloutTimings {
  /** @default 0 */
  readonly startPeriodSeconds?: number | null;
  /** @default 30, as in Docker */
  readonly healthIntervalSeconds?: number | null;
  /** @default 30, as in Docker */
  readonly healthTimeoutSeconds?: number | null;
  /** @default 3, as in Docker */
  readonly healthRetries?: number | null;
  /** Between two tasks of an update. @default 0 */
  readonly delaySeconds?: number | null;
  /** How long Swarm itself watches a new task. @default 5, as in Docker */
  readonly monitorSeconds?: number | null;
  /** @default 10, as in Docker */
  readonly stopGraceSeconds?: number | null;
  /** Tasks updated at once; 0 is all. @default 1 */
  readonly parallelism?: number | null;
  /** How long new tasks are observed after the last of them runs. @default - monitor, at least 30 */
  readonly observeSeconds?: number | null;
  /** The whole wait. @default - derived from the rest, see `deadlineSeconds` */
  readonly deadlineSeconds?: number | null;
}

/** The input of the gate: JSON in the variable `ROLLOUT`. */
export interface PlannedRollout {
  /** `ssh://user@host:port` or `unix:///path`. */
  readonly host: string;
  /** Arguments for ssh. @default - none */
  readonly sshOptions?: readonly string[] | null;
  /** The full name in Swarm, `proctorwise_userservice`. */
  readonly service: string;
  readonly planned: PlannedService;
  readonly timings?: RolloutTimings | null;
  /** Where clients get the certificate, looked at when the service has converged. @default - not looked at */
  readonly certificate?: CertificateEndpoint | null;
  /** For `[4/9]` before each line. @default - none */
  readonly position?: { readonly index: number; readonly total: number } | null;
}

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
  const root = record(value, 'ROLLOUT');
  const planned = record(root.planned, 'planned');
  text(root.host, 'host');
  text(root.service, 'service');
  text(planned.image, 'planned.image');
  for (const name of ['command', 'args', 'env'] as const) texts(planned[name], `planned.${name}`);
  texts(root.sshOptions, 'sshOptions');
  for (const name of ['secrets', 'configs'] as const) objects(planned[name], `planned.${name}`);
  const replicas = number(planned.replicas, 'planned.replicas');
  if (planned.spec !== undefined) record(planned.spec, 'planned.spec');
  const timings: Record<string, number | undefined> = {};
  for (const [name, given] of Object.entries(
    root.timings === undefined ? {} : record(root.timings, 'timings'),
  )) {
    timings[name] = number(given, `timings.${name}`);
  }
  const certificate = root.certificate === undefined ? null : door(record(root.certificate, 'certificate'));
  const position = root.position === undefined ? undefined : record(root.position, 'position');
  return {
    ...(root as unknown as PlannedRollout),
    planned: { ...(planned as unknown as PlannedService), replicas: replicas ?? null },
    timings,
    certificate,
    position: position
      ? {
          index: number(position.index, 'position.index') ?? 1,
          total: number(position.total, 'position.total') ?? 1,
        }
      : null,
  };
}

function wrong(field: string, got: unknown, expected: string): UsageError {
  const shown = got === undefined ? 'missing' : JSON.stringify(got).slice(0, 60);
  return new UsageError(`ROLLOUT: ${field} is ${shown}\nit must be ${expected}`);
}

function record(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(field, value, 'an object');
  return value as Record<string, unknown>;
}

function text(value: unknown, field: string): void {
  if (typeof value !== 'string' || value === '') throw wrong(field, value, 'a text that is not empty');
}

function texts(value: unknown, field: string): void {
  if (value === undefined) return;
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'string')) {
    throw wrong(field, field.endsWith('env') ? '(not shown)' : value, 'a list of texts');
  }
}

function door(given: Record<string, unknown>): CertificateEndpoint {
  text(given.host, 'certificate.host');
  text(given.serverName, 'certificate.serverName');
  return {
    ...(given as unknown as CertificateEndpoint),
    port: number(given.port, 'certificate.port') ?? 443,
  };
}

function objects(value: unknown, field: string): void {
  if (value === undefined) return;
  if (!Array.isArray(value)) throw wrong(field, value, 'a list of { id, name }');
  value.forEach((item, index) => {
    text(record(item, `${field}[${index}]`).id, `${field}[${index}].id`);
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
