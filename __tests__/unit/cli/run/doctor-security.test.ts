import { parse } from '../../../../cli/parse/parse';
import { read } from '../../../../cli/run/doctor-security';
import type { Call } from '../../../../cli/table/verb';
import type { doctorSecurity } from '../../../../cli/verbs/doctor';

const NAMES = {
  stack: 'shop',
  backends: ['mariadb'],
  httpsPort: 443,
  httpPort: 80,
  serverName: 'shop.example.com',
};
const SHELL = { VPS_HOST: '203.0.113.10', VPS_USER: 'deploy' };
const options = (args: readonly string[], names: Parameters<typeof read>[1] = NAMES) =>
  read(
    {
      ...parse(['doctor', 'security', ...args]),
      shell: SHELL,
      projectFolder: '.',
    } as unknown as Call<typeof doctorSecurity>,
    names,
  );

test('asks the environment’s server and entrance', () => {
  expect(options([])).toMatchObject({
    target: { host: 'ssh://deploy@203.0.113.10:22' },
    stack: 'shop',
    backends: ['mariadb'],
    entrance: { host: '203.0.113.10', https: 443, http: 80, serverName: 'shop.example.com' },
    accept: [],
    json: false,
  });
});

test('asks by what speaks the PROXY protocol, where the server hears nothing else', () => {
  const names = { ...NAMES, front: 'proxy-protocol' } as const;
  expect(options([], names).entrance.host).toBe('shop.example.com');
  expect(options(['--https-host=other.example.com'], names).entrance.host).toBe('other.example.com');
});

test('what is accepted comes as a list, or one by one', () => {
  const given = ['--accept', 'autolock,user:web', '--accept', 'hsts', '--http-port', '8080', '--json'];
  expect(options(given)).toMatchObject({
    accept: ['autolock', 'user:web', 'hsts'],
    entrance: { http: 8080 },
    json: true,
  });
});

test('a port that is none is wrong usage', () => {
  expect(() => options(['--http-port', 'http'])).toThrow('--http-port');
});
