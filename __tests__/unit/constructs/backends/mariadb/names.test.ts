import { mariadb, type PlatformSpec } from '../../../../../constructs';
import { catalogue } from '../../../../support/platform/catalogue';
import { Workplace } from '../../../../support/platform/platform';

const workplace = new Workplace();
afterAll(() => workplace.remove());

type Spec = Parameters<typeof mariadb>[0];

/** What a catalogue is refused with whose MariaDB, used by nobody, is called `stock`. */
function refusal(change: Partial<Spec>): string {
  const { mariadb: before, ...others } = catalogue.backends!;
  const stock = mariadb({ ...(before!.spec as Spec), ...change });
  const spec = { ...catalogue, backends: { mariadb: before, ...others, stock } } as PlatformSpec;
  try {
    workplace.synth(spec);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

test.each(['exam.results', 'exam results', '', 'x'.repeat(65), 'größe'])('refuses a database %j', (name) => {
  expect(refusal({ databases: { [name]: {} } })).toBe(
    `stock: the database ${JSON.stringify(name)}\n  use letters, digits, _, $ and -, 64 at most`,
  );
});

test.each(['shop app', 'mariadb.sys', ''])('refuses the user %j', (user) => {
  expect(refusal({ user })).toBe(
    `stock: the user ${JSON.stringify(user)}\n  use letters, digits, _, $ and -, 64 at most`,
  );
});

test.each<[Partial<Spec>, string]>([
  [{ user: 'root' }, 'the user root'],
  [{ user: 'mysql' }, 'the user mysql'],
  [{ databases: { mysql: {} } }, 'the database mysql'],
  [{ databases: { Information_Schema: {} } }, 'the database Information_Schema'],
])("refuses what is MariaDB's own: %j", (change, what) => {
  expect(refusal(change)).toBe(`stock: ${what} is MariaDB's own\n  give the applications one of their own`);
});

test('accepts whatever the provisioning step does, and names all that is wrong at once', () => {
  expect(refusal({ user: 'Shop-app_1$', databases: { 'exam-results': {}, a$b: {} } })).toBe('');
  expect(refusal({ user: 'shop app', databases: { 'a.b': {}, sys: {} } }).split(/\n(?! )/)).toHaveLength(3);
});
