import type { DeclaredSecret } from '../../contract/declared-secret';
import type { DeploySettings } from '../../contract/deploy-settings';
import { type Construct, SwarmSecret, type SwarmService } from '../swarm';
import { applicationsOf, grantsOf, ownSecretsOf } from './applications';
import { type BackedUpBackend, OPENS, ORIGINS } from './backup';
import type { UsedSecret } from './spec/backend';
import type { PlatformSpec } from './spec/platform';
import type { SecretCommand, SecretSpec } from './spec/secret';

type Entries = [string, SecretSpec][];

const entriesOf = (spec: PlatformSpec): Entries => Object.entries(spec.secrets as Record<string, SecretSpec>);

/** What prints a value, by variable. */
const commandsOf = (spec: PlatformSpec): [string, SecretCommand][] =>
  [
    ...entriesOf(spec).map(([name, { command }]) => ({ name, command })),
    ...(spec.registries ?? []).map(({ password, passwordCommand }) => ({
      name: password,
      command: passwordCommand,
    })),
  ].flatMap(({ name, command }) => (command ? [[name, command] as [string, SecretCommand]] : []));

/** Facts about secrets that types cannot see. */
export function secretErrors(spec: PlatformSpec): string[] {
  const secrets = new Map(entriesOf(spec));
  const unknown = Object.entries(spec.backends ?? {}).flatMap(([id, { uses = [] }]) =>
    uses
      .filter(({ name }) => !secrets.has(name) || secrets.get(name)!.optional)
      .map(
        ({ name }) =>
          `the backend ${id} needs the secret ${name}, which is ${secrets.has(name) ? 'optional' : 'not in secrets'}\n  declare it in secrets: ${name}: {}`,
      ),
  );
  return [
    ...unknown,
    ...commandsOf(spec)
      .filter(([, command]) => command.some((part) => part === '' || /[\n\0]/.test(part)))
      .map(
        ([name]) =>
          `the command of ${name} has an empty argument or one with a line break\n  write program and arguments one by one, without a shell`,
      ),
    ...[...secrets].flatMap(([name, { signsTokens, optional }]) => {
      const other = signsTokens?.acceptedKeys;
      if (other === undefined) return [];
      if (optional)
        return [`${name} signs tokens, so it cannot be optional\n  remove optional or signsTokens`];
      if (other !== name && secrets.get(other)?.optional) return [];
      return [
        `${name} names ${other} for the keys that are accepted besides, which is no optional secret of its own\n  declare it in secrets as { optional: true }`,
      ];
    }),
  ];
}

/** Secrets that are made from others: an application's own, and those of the accounts that make backups. */
export const madeSecrets = (
  spec: PlatformSpec,
  backends: readonly BackedUpBackend[],
): { readonly id: string; readonly from: string; readonly purpose: string }[] => [
  ...applicationsOf(spec)
    .flatMap((named) => ownSecretsOf(grantsOf(named, spec)))
    .map(({ own: { from, purpose }, id }) => ({ from, purpose, id })),
  ...backends.map(({ source, secret: id }) => ({ ...source.password, id })),
];

/** The secrets as objects of the stack, by name. */
export function declareSecrets(
  scope: Construct,
  spec: PlatformSpec,
  backends: readonly BackedUpBackend[],
): ReadonlyMap<string, SwarmSecret> {
  const declared = new Map(
    entriesOf(spec).map(([id, secret]) => [
      id,
      new SwarmSecret(scope, id, { ...secret, asciiOnly: needsAscii(spec, id), noLineEnd: true }),
    ]),
  );
  return new Map([
    ...declared,
    ...madeSecrets(spec, backends).map(({ from, purpose, id }): [string, SwarmSecret] => [
      id,
      new SwarmSecret(scope, id, { derived: { from: declared.get(from)!, purpose } }),
    ]),
  ]);
}

const needsAscii = (spec: PlatformSpec, secret: string): boolean =>
  usedBy(spec, secret).some(({ asciiOnly }) => asciiOnly);

/** How backends use a secret. */
export const usedBy = (
  { backends = {} }: PlatformSpec,
  secret: string,
): (UsedSecret & { readonly backend: string })[] =>
  Object.entries(backends).flatMap(([backend, { uses = [] }]) =>
    uses.filter(({ name }) => name === secret).map((use) => ({ ...use, backend })),
  );

function provisionedIn(spec: PlatformSpec, secret: string): { readonly provisionedIn?: string } {
  const use = usedBy(spec, secret).find(({ provisioned }) => provisioned);
  return use ? { provisionedIn: use.backend } : {};
}

/** For `./proctor deploy`: everything about the secrets but their values. */
export function describeSecrets(
  spec: PlatformSpec,
  secrets: ReadonlyMap<string, SwarmSecret>,
  services: readonly SwarmService[],
): Required<Pick<DeploySettings, 'secrets' | 'commands'>> {
  const derived = (name: string) =>
    [...secrets].flatMap(([id, { source }]) =>
      source !== undefined && source === secrets.get(name) ? [id] : [],
    );
  return {
    secrets: entriesOf(spec).map(
      ([name, { minLength = 16, optional = false, signsTokens }]): DeclaredSecret => ({
        name,
        minLength,
        optional,
        asciiOnly: needsAscii(spec, name),
        hashPrefix: secrets.get(name)!.hashPrefix,
        services: services
          .filter(({ props }) =>
            props.secrets?.some(({ secret }) =>
              [name, ...derived(name)].some((id) => secret === secrets.get(id)),
            ),
          )
          .map(({ node }) => node.id),
        ...(derived(name).length > 0 ? { derived: derived(name) } : {}),
        ...(ORIGINS[name] ? { origin: ORIGINS[name] } : {}),
        ...(OPENS[name] ? { opens: OPENS[name] } : {}),
        ...provisionedIn(spec, name),
        ...(signsTokens ? { signsTokens } : {}),
      }),
    ),
    commands: Object.fromEntries(commandsOf(spec)),
  };
}
