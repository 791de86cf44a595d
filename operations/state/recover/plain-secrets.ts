import type { Service, ServiceSpec } from '../../docker/answers';

/** A secret that services show to all who may inspect them. */
export interface PlainSecret {
  readonly variable: string;
  /** Names of the services. */
  readonly services: readonly string[];
}

/** A shorter value may stand anywhere by chance. */
const SHORTEST = 8;

/**
 * Secrets whose values stand in the specification of a service, or in the one before it, which Swarm keeps for a
 * rollback: `docker stack deploy` knew no other way for programs that read environment variables.
 *
 * @param values by the names of their variables
 */
export function findPlainSecrets(
  services: readonly Service[],
  values: Readonly<Record<string, string | undefined>>,
): PlainSecret[] {
  return Object.entries(values).flatMap(([variable, value = '']) => {
    if (value.length < SHORTEST) return [];
    // In a URL it is encoded.
    const forms = [value, encodeURIComponent(value)];
    const found = services.filter(({ Spec, PreviousSpec }) =>
      [...wordsOf(Spec), ...wordsOf(PreviousSpec)].some((text) => forms.some((form) => text.includes(form))),
    );
    return found.length > 0 ? [{ variable, services: found.map(({ Spec }) => Spec.Name ?? '?').sort() }] : [];
  });
}

function wordsOf(spec: ServiceSpec | undefined): readonly string[] {
  const { Env = [], Args = [], Command = [] } = spec?.TaskTemplate?.ContainerSpec ?? {};
  return [...(Env ?? []), ...(Args ?? []), ...(Command ?? [])];
}

/** One line for each, and what to do; nothing where all are hidden. */
export function plainInWords(found: readonly PlainSecret[]): string[] {
  if (found.length === 0) return [];
  return [
    ...found.map(
      ({ variable, services }) =>
        `${variable} stands in plain text in ${services.join(', ')}, and stays there in what Swarm keeps for a rollback`,
    ),
    '  give it a new value, with this deploy or the next one: docs/secrets.md, "Rotating one"',
  ];
}
