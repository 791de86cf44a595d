import type { DeclaredSecret } from '../../contract/declared-secret';
import type { DeploySettings } from '../../contract/deploy-settings';
import type { SwarmSecret, SwarmService } from '../swarm';
import type { PlatformSpec, SecretCommand, SecretSpec } from './catalogue';

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
  return [
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

/** For the front door: everything about the secrets but their values. */
export function describeSecrets(
  spec: PlatformSpec,
  secrets: ReadonlyMap<string, SwarmSecret>,
  services: readonly SwarmService[],
): Required<Pick<DeploySettings, 'secrets' | 'commands'>> {
  return {
    secrets: entriesOf(spec).map(
      ([name, { minLength = 16, optional = false, signsTokens }]): DeclaredSecret => ({
        name,
        minLength,
        optional,
        asciiOnly: name === spec.mariadb.password,
        hashPrefix: secrets.get(name)!.hashPrefix,
        services: services
          .filter(({ props }) => props.secrets?.some(({ secret }) => secret === secrets.get(name)))
          .map(({ node }) => node.id),
        provisionedIn: name === spec.mariadb.password ? 'mariadb' : undefined,
        signsTokens,
      }),
    ),
    commands: Object.fromEntries(commandsOf(spec)),
  };
}
