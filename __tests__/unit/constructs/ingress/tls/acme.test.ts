import { type AcmeSpec, acmeOrder } from '../../../../../constructs/ingress/tls/acme';

const SPEC: AcmeSpec = {
  mode: 'letsencrypt',
  image: 'certbot/certbot:v5.8.0',
  email: 'operations@example.com',
  directory: 'staging',
};
const PORTS = { http: 80, https: 443 };
const order = (change: Partial<AcmeSpec> = {}, serverName = 'exam.example.com', ports = PORTS) =>
  acmeOrder({ ...SPEC, ...change }, serverName, ports);

test("staging and production are Let's Encrypt's directories", () => {
  expect(order().directory).toBe('https://acme-staging-v02.api.letsencrypt.org/directory');
  expect(order({ directory: 'production' }).directory).toBe('https://acme-v02.api.letsencrypt.org/directory');
});

test('the server’s name comes first, and each name once', () => {
  expect(order({ names: ['www.example.com', 'exam.example.com'] }).names).toEqual([
    'exam.example.com',
    'www.example.com',
  ]);
});

test('each directory has a lineage of its own, so that a changed one starts anew', () => {
  const directories = ['production', 'staging', 'https://ca.test/dir', 'https://ca.test/other'] as const;
  const lineages = directories.map((directory) => order({ directory }).lineage);
  expect(new Set(lineages).size).toBe(4);
  expect(lineages[0]).toBe('exam.example.com');
  expect(lineages[1]).toBe('exam.example.com-staging');
});

test.each([
  ['203.0.113.7', 'is an address: for addresses Let’s Encrypt has 6-day certificates'],
  ['2001:db8::7', 'is an address'],
  ['*.example.com', 'is a wildcard, which a CA gives against a DNS record only'],
  ['localhost', 'is no public host name'],
  ['exam_1.example.com', 'is no public host name'],
  ['-exam.example.com', 'is no public host name'],
  ['exam.example.com,other.example.com', 'is no public host name'],
  [`${'a'.repeat(64)}.example.com`, 'is no public host name'],
])('%s is refused as a name, with the reason and what to do', (name, reason) => {
  for (const refused of [() => order({}, name), () => order({ names: [name] })]) {
    expect(refused).toThrow(`'${name}' ${reason.replace('’', "'")}`);
    expect(refused).toThrow(/\n {2}\w/);
  }
});

test('another ACME server may vouch for a name that is nobody’s, and look on another port', () => {
  const directory = 'https://ca.internal:9000/acme/directory';
  expect(order({ directory }, 'exam', { http: 8080, https: 8443 })).toMatchObject({
    directory,
    httpPort: 8080,
  });
});

test.each<[string, Partial<AcmeSpec>, string]>([
  ['an address of nobody', { email: 'operations' }, "email 'operations' cannot be one"],
  ['two addresses', { email: 'a@example.com,b@example.com' }, 'email'],
  ['a profile that is an option', { profile: '--force' + ' x' }, 'profile'],
  ['a directory without a path', { directory: 'https://ca.example.com' }, 'directory'],
  ['a directory with a space', { directory: 'https://ca.example.com/a b' }, 'directory'],
])('refuses %s', (_, change, message) => expect(() => order(change)).toThrow(`tls: ${message}`));

test("Let's Encrypt is refused where port 80 is not published: it looks nowhere else", () => {
  expect(() => order({}, 'exam.example.com', { http: 8080, https: 443 })).toThrow(
    /HTTP port is 8080.*port 80 alone\n {2}publish port 80/,
  );
});

test('Strict-Transport-Security is refused with certificates that no browser trusts', () => {
  expect(() => order({ hsts: true })).toThrow(/hsts with the directory staging/);
  expect(() => order({ hsts: true, directory: 'https://ca.internal/dir' })).toThrow(/hsts/);
  expect(() => order({ hsts: true, directory: 'production' })).not.toThrow();
});
