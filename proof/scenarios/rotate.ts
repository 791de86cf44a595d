import { randomBytes } from 'node:crypto';
import { everyCharacter } from '../../lab/deploy/secrets';
import { type Change, oneImage, type Patch } from '../platform/patch';
import type { Known, Scenario, Step } from '../runner/scenario';
import { type Column, FAILED, REQUESTS, reported, SECONDS, titled, VERDICT } from '../runner/text';
import { noObjectsLeft, OBJECTS_LEFT, rows, untouched, valuesInForce } from '../watch/rotation';
import { type Refusals, TOKENS_REFUSED, tokens } from '../watch/tokens';

export const ROTATION_COLUMNS: readonly Column[] = [
  titled('what rotated'),
  REQUESTS,
  FAILED,
  SECONDS,
  reported(OBJECTS_LEFT),
  reported(TOKENS_REFUSED),
  VERDICT,
];

interface Rotation extends Pick<Scenario, 'name' | 'title' | 'before' | 'steps'> {
  /** Whether clients ask with tokens meanwhile, and whether one may be refused. @default no clients with tokens */
  readonly tokens?: Refusals;
  /** Services whose tasks must be the same afterwards. MariaDB is always one. @default none */
  readonly untouched?: readonly string[];
}

/** Rotates under load, from the platform as it is written unless it says otherwise. */
export const rotation = ({ name, title, before = {}, steps, ...looks }: Rotation): Scenario => ({
  name,
  title,
  before,
  steps,
  failing: 'none',
  after: looks.tokens ? 8 : 3,
  watches: [
    ...(looks.tokens ? [tokens(looks.tokens)] : []),
    untouched('mariadb', ...(looks.untouched ?? [])),
    rows,
    valuesInForce,
    noObjectsLeft,
  ],
});

const databasePassword = (): string => everyCharacter();
const key = (): string => randomBytes(32).toString('hex');
export const newPassword: Step = { values: () => ({ db_password: databasePassword() }) };
const back: Step = { values: ({ first }: Known) => ({ db_password: first.db_password ?? '' }) };

const ACCEPTED_KEYS: Patch = {
  catalogue: `platform.secrets.jwt_secret_key.signsTokens = { acceptedKeys: 'jwt_accepted_keys' };
platform.secrets.jwt_accepted_keys = { optional: true, minLength: 32 };
platform.services.userservice.secrets.JWT_ACCEPTED_SECRET_KEYS = 'jwt_accepted_keys';`,
};
const LOGIN: Patch = {
  catalogue:
    "platform.registries = [{ address: process.env.IMAGE_REGISTRY, username: 'registry_username', password: 'registry_password' }];",
};
const BAD: Patch = oneImage('userservice', 'bad');
/** Short waits and few tasks: what is looked at in a cut deploy is not how long it takes. */
export const QUICK: Change = {
  quick: {
    catalogue: `for (const [id, service] of Object.entries<any>(platform.services)) {
  const { Duration, UpdatePolicy } = constructs;
  service.replicas = id === 'userservice' ? 2 : 1;
  service.updatePolicy = UpdatePolicy.startFirst({ delay: Duration.seconds(4), monitor: Duration.seconds(4) });
}
platform.environments.lab.observe = constructs.Duration.seconds(4);`,
  },
};

/** In the order in which they cost the fewest deploys in between. */
export const rotations: readonly Scenario[] = [
  rotation({ name: 'database', title: 'database password', steps: [newPassword] }),
  rotation({
    name: 'database-twice',
    title: 'database password twice in a row, and back',
    before: { change: QUICK },
    steps: [newPassword, newPassword, back],
  }),
  rotation({
    name: 'database-bad',
    title: 'database password with an image that fails at its gate, then back',
    before: { change: QUICK },
    steps: [
      { ...newPassword, change: { bad: BAD }, apply: 'badly' },
      { ...back, change: { bad: null } },
    ],
  }),
  rotation({
    name: 'jwt',
    title: 'JWT key, images without a list of keys',
    steps: [{ values: () => ({ jwt_secret_key: key() }) }],
    tokens: 'measured',
    untouched: ['reservationservice', 'notificationservice'],
  }),
  rotation({
    name: 'jwt-list',
    title: 'JWT key with a list of accepted keys: announced, changed over',
    before: { change: { keys: ACCEPTED_KEYS } },
    steps: [
      { values: () => ({ jwt_accepted_keys: key() }) },
      {
        values: ({ now }) => ({
          jwt_secret_key: now.jwt_accepted_keys ?? '',
          jwt_accepted_keys: now.jwt_secret_key ?? '',
        }),
      },
    ],
    tokens: 'none',
    untouched: ['reservationservice', 'notificationservice'],
  }),
  rotation({
    name: 'smtp',
    title: 'SMTP user and password',
    before: { values: () => ({ smtp_username: 'first', smtp_password: key() }) },
    steps: [{ values: () => ({ smtp_username: 'second', smtp_password: key() }) }],
    untouched: ['userservice', 'reservationservice'],
  }),
  rotation({
    name: 'registry',
    title: 'registry login',
    before: {
      change: { login: LOGIN },
      values: () => ({ registry_username: 'bench', registry_password: key() }),
    },
    steps: [{ values: () => ({ registry_password: key() }) }],
    untouched: ['userservice', 'reservationservice', 'notificationservice'],
  }),
];
