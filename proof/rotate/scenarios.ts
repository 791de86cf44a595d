import { randomBytes } from 'node:crypto';
import { everyCharacter } from '../../lab/deploy/secrets';
import { oneImage } from '../roll/platform';
import type { Patch } from '../roll/project';
import type { Change } from '../roll/scenarios';
import type { Cut } from './cut';

/** Values of secrets by name; an empty one is none. */
export type Values = Readonly<Record<string, string>>;

/** What a step's values may be made from. */
export interface Known {
  /** Before the scenario's first step. */
  readonly first: Values;
  /** Of the step before. */
  readonly now: Values;
}

export interface Step {
  /** Secrets that this deploy changes. @default none */
  readonly values?: (known: Known) => Values;
  /** What it changes in the catalogue or a file, as in bench:roll. @default nothing */
  readonly change?: Change;
  /** The deploy is cut off there, however it then ends. @default it ends by itself */
  readonly cut?: Cut;
  /** How the deploy must end. @default 'well' */
  readonly apply?: 'well' | 'badly';
}

/** Something that is rotated while clients ask. */
export interface Rotation {
  /** For `--only`. */
  readonly name: string;
  readonly title: string;
  /** Deployed first, without load. @default the platform as it is written */
  readonly before?: Step;
  /** Deployed under load, one after the other. */
  readonly steps: readonly Step[];
  /** Whether clients ask with tokens meanwhile, and whether one may be refused. @default no clients with tokens */
  readonly tokens?: 'none refused' | 'measured';
  /** Services whose tasks must be the same afterwards. MariaDB is always one. @default none */
  readonly untouched?: readonly string[];
}

const databasePassword = (): string => everyCharacter();
const key = (): string => randomBytes(32).toString('hex');
const newPassword = { values: () => ({ db_password: databasePassword() }) };
const back = { values: ({ first }: Known) => ({ db_password: first.db_password ?? '' }) };

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
const QUICK: Change = {
  quick: {
    catalogue: `for (const [id, service] of Object.entries<any>(platform.services)) {
  const { Duration, UpdatePolicy } = constructs;
  service.replicas = id === 'userservice' ? 2 : 1;
  service.updatePolicy = UpdatePolicy.startFirst({ delay: Duration.seconds(4), monitor: Duration.seconds(4) });
}
platform.environments.lab.observe = constructs.Duration.seconds(4);`,
  },
};

const cutDeploys = (['killed', 'ssh'] as const).flatMap((how) =>
  (
    [
      ['plan', /^Plan: /, 'before anything is done'],
      ['prepared', /password: new one accepted beside/, 'as soon as both passwords are in force'],
      ['rolling', /proctorwise_\w+service .*1\/2/, 'while the first tasks are replaced'],
      ['half', /proctorwise_\w+service converged/, 'when some applications have the new password'],
      ['finished', /password: only the new one is accepted/, 'as soon as the older one is refused'],
    ] as const
  ).map(
    ([at, line, words]): Rotation => ({
      name: `${how}-${at}`,
      title: `database password, ${how === 'killed' ? 'deploy killed (-9)' : 'ssh cut'} ${words}, run again`,
      before: { change: QUICK },
      steps: [{ ...newPassword, cut: { how, line } }, {}],
    }),
  ),
);

/** In the order in which they cost the fewest deploys in between. */
export const rotations: readonly Rotation[] = [
  { name: 'database', title: 'database password', steps: [newPassword] },
  {
    name: 'database-twice',
    title: 'database password twice in a row, and back',
    before: { change: QUICK },
    steps: [newPassword, newPassword, back],
  },
  {
    name: 'database-bad',
    title: 'database password with an image that fails at its gate, then back',
    before: { change: QUICK },
    steps: [
      { ...newPassword, change: { bad: BAD }, apply: 'badly' },
      { ...back, change: { bad: null } },
    ],
  },
  {
    name: 'jwt',
    title: 'JWT key, images without a list of keys',
    steps: [{ values: () => ({ jwt_secret_key: key() }) }],
    tokens: 'measured',
    untouched: ['reservationservice', 'notificationservice'],
  },
  {
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
    tokens: 'none refused',
    untouched: ['reservationservice', 'notificationservice'],
  },
  {
    name: 'smtp',
    title: 'SMTP user and password',
    before: { values: () => ({ smtp_username: 'first', smtp_password: key() }) },
    steps: [{ values: () => ({ smtp_username: 'second', smtp_password: key() }) }],
    untouched: ['userservice', 'reservationservice'],
  },
  {
    name: 'registry',
    title: 'registry login',
    before: {
      change: { login: LOGIN },
      values: () => ({ registry_username: 'bench', registry_password: key() }),
    },
    steps: [{ values: () => ({ registry_password: key() }) }],
    untouched: ['userservice', 'reservationservice', 'notificationservice'],
  },
  ...cutDeploys,
];

/** What runs unless `--only` says otherwise: each kind of secret once. Cut deploys take half an hour. */
export const usual: readonly Rotation[] = rotations.filter((rotation) => !cutDeploys.includes(rotation));
