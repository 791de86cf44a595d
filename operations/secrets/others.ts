import { versionOfDeclared } from '../inputs/declared';
import type { ListFacts } from './list';

/** A secret of the platform in the Swarm that the catalogue does not name: nginx's certificate, or one that is no longer declared. */
export interface OtherSecret {
  /** As in the Swarm. */
  readonly name: string;
  /** ISO 8601. */
  readonly since: string | null;
  readonly usedBy: readonly string[];
}

/** What the Swarm has under the platform's name besides the catalogue's secrets. */
export function findOtherSecrets({ stack, objects, services }: ListFacts): OtherSecret[] {
  const { namespace, secrets } = stack;
  return objects
    .flatMap(({ Spec, CreatedAt }) => (Spec?.Name ? [{ name: Spec.Name, since: CreatedAt ?? null }] : []))
    .filter(({ name }) => name.startsWith(`${namespace}_`))
    .filter(({ name }) => !secrets.some((secret) => versionOfDeclared(name, namespace, secret)))
    .map((object) => ({
      ...object,
      usedBy: services
        .filter(({ Spec }) =>
          Spec.TaskTemplate?.ContainerSpec?.Secrets?.some(({ SecretName }) => SecretName === object.name),
        )
        .map(({ Spec }) => (Spec.Name ?? '').slice(namespace.length + 1)),
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}
