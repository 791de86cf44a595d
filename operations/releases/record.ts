import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT_CODES } from '../../contract/outcome';
import { GATES, OWN_SCRIPTS, type RecordedParts, type Release } from '../../contract/release';
import type { Shell } from '../../contract/shell';
import type { Service } from '../docker/answers';
import { withDocker } from '../docker/client';
import type { ReadablePlan } from '../plan/changes/model';
import { planLines } from '../plan/text';
import type { Need } from '../policy/need';
import { rollSecondsOf } from '../records/pace';
import { LARGEST, pack, packedBytes } from '../records/packed';
import { writeRelease } from '../records/store';
import { redactorOf } from '../stack/redactor';
import type { SynthesizedStack } from '../stack/synthesized';
import { harmless } from '../terminal/untrusted';
import { authorOf, type Commit } from './author';
import { withoutPlace } from './place';
import { falseAlarmsIn, secretsIn } from './secret-free';

/** A deploy at its end, as far as it is kept. */
export interface Deployed {
  readonly environment: string;
  readonly outcome: string;
  readonly exitCode: number;
  readonly seconds: number;
  readonly plan: ReadablePlan | null;
  readonly services: readonly {
    readonly service: string;
    readonly change: string;
    readonly outcome: string;
    readonly seconds?: number;
    readonly tasksReplaced?: number;
  }[];
}

export interface RecordProps {
  readonly stack: SynthesizedStack;
  readonly shell: Shell;
  readonly result: Deployed;
  readonly acknowledged: readonly Need[];
  readonly commit: Commit;
  /** The release that was gone back to. */
  readonly of?: number | undefined;
  readonly say: (line: string) => void;
}

const OWN_FILES = new RegExp(`/(${OWN_SCRIPTS.join('|')})\\.js$`);

/** Whether anything was done that is worth a record. */
export const changedSomething = ({ services, exitCode }: Pick<Deployed, 'services' | 'exitCode'>): boolean =>
  exitCode === 0 || services.some(({ outcome }) => outcome !== 'notReached');

/**
 * Keeps what was deployed, for every machine to read. It fails no deploy: what goes wrong is said.
 *
 * @returns its number; undefined where it could not be kept
 */
export async function recordRelease(props: RecordProps): Promise<number | undefined> {
  const { stack, result, say } = props;
  try {
    // Where the server was not reached, the connection that all share may be the one that died.
    const fresh = result.exitCode === EXIT_CODES.unreachable;
    return await withDocker({ ...stack, fresh }, async (docker) => {
      const label = [`com.docker.stack.namespace=${stack.namespace}`];
      const release = compose(props, await docker.services({ label }), new Date());
      const number = await writeRelease(docker, stack.namespace, release, stack.settings.keepReleases);
      say(`release ${number}${release.leftOut ? `, to which nothing can go back: ${release.leftOut}` : ''}`);
      return number;
    });
  } catch (error) {
    const [why = ''] = harmless((error as Error).message).split('\n');
    say(`this deploy is not recorded as a release: ${why}`);
    return undefined;
  }
}

/** What a deploy leaves on record. */
export function compose(
  props: RecordProps,
  services: readonly Service[],
  now: Date,
): Omit<Release, 'number'> {
  const { stack, shell, result, acknowledged, commit, of } = props;
  const redactor = redactorOf(stack, shell);
  const hide = (text: string) => redactor.hide(text);
  const specs = Object.fromEntries(services.map(({ Spec }) => [Spec.Name ?? '', Spec]));
  const whole = { ...partsOf(stack.folder), specs };
  const falseAlarms = falseAlarmsIn(whole.stack);
  const { packed, leftOut } = fitting(whole, (parts) => secretsIn(parts, redactor, falseAlarms));
  const containers = services.map(({ Spec }) => Spec.TaskTemplate.ContainerSpec);
  const objects = containers.flatMap((container) => [
    ...(container?.Secrets ?? []).map(({ SecretName = '' }) => SecretName),
    ...(container?.Configs ?? []).map(({ ConfigName = '' }) => ConfigName),
  ]);
  const idOf = (name: string) => stack.services.find((service) => service.name === name)?.id ?? name;
  return {
    at: now.toISOString(),
    who: authorOf(shell),
    commit: commit.commit,
    clean: commit.clean,
    stack: stack.id,
    environment: result.environment,
    ...(of === undefined ? {} : { of }),
    outcome: result.outcome,
    exitCode: result.exitCode,
    seconds: Math.round(result.seconds),
    services: result.services.map((row) => ({
      service: row.service,
      change: hide(row.change),
      outcome: row.outcome,
      ...(row.seconds === undefined ? {} : { seconds: row.seconds }),
      ...rolled(rollSecondsOf(row, stack.settings.observeSeconds?.[row.service])),
    })),
    plan: result.plan ? planLines(result.plan).map(hide) : [],
    acknowledged: acknowledged.map(({ name, why }) => ({ name, why: hide(why) })),
    images: Object.fromEntries(
      services.map(({ Spec }) => [idOf(Spec.Name ?? ''), Spec.TaskTemplate.ContainerSpec?.Image ?? '?']),
    ),
    objects: [...new Set(objects)].filter((name) => name !== '').sort(),
    gates: GATES,
    packed,
    ...(leftOut ? { leftOut } : {}),
  };
}

const rolled = (rollSeconds: number | undefined) => (rollSeconds === undefined ? {} : { rollSeconds });

function partsOf(folder: string): Pick<RecordedParts, 'stack' | 'files'> {
  const stack = withoutPlace(JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8')));
  const assets = join(folder, 'assets');
  const names = existsSync(assets) ? readdirSync(assets, { recursive: true, encoding: 'utf8' }) : [];
  const files = names
    .map((name) => `assets/${name}`)
    .filter((name) => !OWN_FILES.test(`/${name}`) && statSync(join(folder, name)).isFile())
    .map((name) => [name, readFileSync(join(folder, name)).toString('base64')] as const);
  return { stack, files: Object.fromEntries(files) };
}

/** As much of it as may be kept and fits. */
export function fitting(
  parts: RecordedParts,
  secrets: (parts: RecordedParts) => string[],
): { readonly packed: string; readonly leftOut?: string } {
  const { specs } = parts;
  const [secret] = secrets(parts);
  const whole = secret === undefined ? pack(parts) : undefined;
  if (whole !== undefined && packedBytes(whole) <= LARGEST) return { packed: whole };
  const leftOut = secret ?? `the stack is larger than ${LARGEST / 1000} kB, compressed`;
  // The specifications alone still prove what runs.
  const rest = secrets({ specs }).length === 0 ? pack({ specs }) : pack({ specs: {} });
  return { packed: packedBytes(rest) <= LARGEST ? rest : pack({ specs: {} }), leftOut };
}
