import { actionOf, changesOf, idOf, type Json, type PlanDocument } from '../terraform/document';
import { terraformName } from '../terraform/program';
import { same } from './changes/differing-keys';
import { containerOf } from './changes/service-view';

/** A service that the deploy would remove and make again, for something that the provider cannot update. */
export interface Replacement {
  /** As in the catalogue. */
  readonly service: string;
  /** What runs and what the catalogue says, where they differ in that: `mount /data: driver_name local → none`. */
  readonly differences: readonly string[];
  /** What makes it equal in place, with a restart. Undefined where no command does. */
  readonly command?: string;
}

/** @param document a plan that may hold replacements of services */
export const replacementsOf = (document: PlanDocument): Replacement[] =>
  changesOf(document)
    .filter((one) => one.type === 'docker_service' && actionOf(one) === 'replace')
    .map((one) => {
      const { before, after, replace_paths: paths = [] } = one.change;
      const reasons = new Set(paths.map((path) => CURED.find((field) => path.includes(field))));
      const cures = [...reasons].map((field) => (field ? CURES[field](before, after) : undefined));
      const options = cures.flatMap((cure) => cure?.options ?? []);
      const isCured = options.length > 0 && cures.every((cure) => cure?.options !== undefined);
      return {
        service: idOf(one),
        differences: cures.flatMap((cure) => cure?.differences ?? []),
        ...(isCured
          ? { command: ['docker', 'service', 'update', ...options, before.name].map(word).join(' ') }
          : {}),
      };
    });

/** The commands, which leave what they change to `docker service rollback`; nothing where there is none. */
export function commandsInWords(replacements: readonly Replacement[]): string[] {
  const commands = replacements.flatMap(({ command }) => (command ? [command] : []));
  if (commands.length === 0) return [];
  return [
    `  the same in place restarts its tasks, as may the next change by ${terraformName()}, and docker service rollback takes it back; one after the other, with docker on the server:`,
    ...commands.map((command) => `    ${command}`),
  ];
}

interface Cure {
  readonly differences: readonly string[];
  /** Of `docker service update`. */
  readonly options?: readonly string[];
}

const CURED = ['mounts', 'networks_advanced'] as const;

const CURES: Readonly<Record<(typeof CURED)[number], (before: Json, after: Json) => Cure>> = {
  mounts: (before, after) => {
    const [runs, planned] = [mountsOf(before), mountsOf(after)];
    const added = planned.filter((mount) => isLabelled(mount) && !runs.some((one) => same(one, mount)));
    const removed = runs.filter(
      (mount) => isLabelled(mount) && !planned.some(({ target }) => target === mount.target),
    );
    return {
      differences: [
        ...added.map((mount) =>
          differenceOf(
            runs.find(({ target }) => target === mount.target),
            mount,
          ),
        ),
        ...removed.map((mount) => differenceOf(mount, undefined)),
      ],
      options: [
        ...removed.flatMap(({ target }) => ['--mount-rm', target]),
        // One at the same place is replaced by it.
        ...added.flatMap((mount) => ['--mount-add', optionOf(mount)]),
      ],
    };
  },
  networks_advanced: (before, after) => {
    const [runs, planned] = [networksOf(before), networksOf(after)];
    const more = runs.filter((network) => !planned.some(({ name }) => name === network.name));
    const isLess = planned.every((network) => runs.some((one) => same(one, network)));
    return {
      differences: [
        ...more.map(({ name }) => `network ${name}: the catalogue has none such`),
        ...(isLess ? [] : ['network: another one, or other aliases']),
      ],
      ...(isLess ? { options: more.flatMap(({ name }) => ['--network-rm', name]) } : {}),
    };
  },
};

const mountsOf = (service: Json): Json[] => containerOf(service)?.mounts ?? [];
const networksOf = (service: Json): Json[] => service?.task_spec?.[0]?.networks_advanced ?? [];
const labelsOf = ({ volume_options: [options] = [] }: Json): Json[] => options?.labels ?? [];

/** The labels of a mount are what the provider cannot update: it goes with them, whatever of it differs. */
const isLabelled = (mount: Json): boolean => mount.type === 'volume';

function differenceOf(runs: Json, planned: Json): string {
  const { target, source } = planned ?? runs;
  if (!runs) return `mount ${target}: runs without, the catalogue has volume ${source}`;
  if (!planned) return `mount ${target}: volume ${source}, which the catalogue lacks`;
  const fields = Object.keys(WORDS).filter((field) => !same(WORDS[field]!(runs), WORDS[field]!(planned)));
  const parts = fields.map((field) => `${field} ${shown(runs, field)} → ${shown(planned, field)}`);
  return `mount ${target}: ${parts.join(', ')}`;
}

const WORDS: Readonly<Record<string, (mount: Json) => unknown>> = {
  type: ({ type }) => type,
  source: ({ source }) => source,
  read_only: ({ read_only }) => read_only || undefined,
  driver: ({ volume_options: [options] = [] }) => options?.driver_name,
  // They may hold a login.
  driver_options: ({ volume_options: [options] = [] }) => Object.keys(options?.driver_options ?? {}),
  no_copy: ({ volume_options: [options] = [] }) => options?.no_copy || undefined,
  labels: (mount) => labelsOf(mount).map(({ label, value }) => `${label}=${value}`),
};

const shown = (mount: Json, field: string): string => {
  const value = WORDS[field]!(mount);
  return String(Array.isArray(value) ? value.join(' ') : (value ?? '')) || 'none';
};

const optionOf = (mount: Json): string =>
  [
    `type=volume,source=${mount.source},target=${mount.target}`,
    ...(mount.read_only ? ['readonly'] : []),
    ...labelsOf(mount).map(({ label, value }) => `volume-label=${label}=${value}`),
  ].join(',');

/** As a shell takes it. */
const word = (text: string): string =>
  /^[\w./=,:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
