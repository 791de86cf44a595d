import { type DatabaseUse, type KafkaSpec, kafka, type MariadbSpec, mariadb } from './backends';
import type { UsesOf } from './catalogue/spec/backend';
import type { Backends, PlatformSpec } from './catalogue/spec/platform';

/** The keys that a catalogue had for its two backends, read for this release. */
interface FormerKeys<Database extends string, Secret extends string> {
  /** @deprecated Write `backends: { mariadb: mariadb({ … }) }`. */
  readonly mariadb?: MariadbSpec<Database, NoInfer<Secret>>;
  /** @deprecated Write `backends: { kafka: kafka({ … }) }`. */
  readonly kafka?: KafkaSpec;
}

type FormerUses<Database extends string> = [Database] extends [never]
  ? unknown
  : { readonly mariadb?: DatabaseUse<Database>; readonly kafka?: true };

interface WrittenSpec<
  Secret extends string,
  Variable extends string,
  Declared,
  Service extends string,
  Environment extends string,
  Database extends string,
> extends PlatformSpec<
      Secret,
      Variable,
      Declared,
      Service,
      Environment,
      UsesOf<Declared> & FormerUses<Database>
    >,
    FormerKeys<Database, Secret> {}

/** Checks a catalogue's types: a misspelt key, a wrong unit or a reference to what is not there does not compile. */
export function definePlatform<
  const Secret extends string,
  const Variable extends string,
  const Service extends string,
  const Environment extends string,
  const Declared extends Backends = Record<never, never>,
  const Database extends string = never,
>(spec: WrittenSpec<Secret, Variable, Declared, Service, Environment, Database>) {
  const { mariadb: database, kafka: broker, ...rest } = spec;
  const former = {
    ...(database ? { mariadb: mariadb(database) } : {}),
    ...(broker ? { kafka: kafka(broker) } : {}),
  };
  for (const key of Object.keys(former)) {
    process.stderr.write(
      `services.config.ts: write backends: { ${key}: ${key}({ … }) } in place of ${key}: { … }, which the next release does not read\n`,
    );
  }
  const backends = { ...former, ...spec.backends };
  return { ...rest, backends } as PlatformSpec<
    Secret,
    Variable,
    Declared,
    Service,
    Environment,
    UsesOf<Declared> & FormerUses<Database>
  >;
}
