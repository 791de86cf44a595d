import {
  gatherPublicName,
  ipv6Words,
  judgePublicName,
  serverHosts,
} from '../../../../operations/entrance/public-name';

const KNOWN: Record<string, string[]> = {
  'here.example': ['203.0.113.10'],
  'both.example': ['203.0.113.10', '2001:db8::10'],
  'cdn.example': ['198.51.100.1', '198.51.100.2', '2001:db8:c::1'],
  'vps.example': ['203.0.113.10'],
  localhost: ['127.0.0.1', '::1'],
  '203.0.113.10': ['203.0.113.10'],
};
const ask = async (name: string) => KNOWN[name] ?? [];
const gather = (name: string, ...hosts: string[]) => gatherPublicName(name, hosts, ask);
const judge = async (name: string, front?: Parameters<typeof judgePublicName>[1], ...hosts: string[]) =>
  judgePublicName(await gather(name, ...(hosts.length > 0 ? hosts : ['203.0.113.10'])), front).map(
    ({ level, text }) => `${level}: ${text}`,
  );

test.each(['', '203.0.113.9', 'localhost', 'unknown.example'])(
  'of %j there is nothing to say',
  async (name) => {
    expect(await judge(name)).toEqual([]);
  },
);

test('a name that leads to the server is as it should be', async () => {
  expect(await judge('here.example')).toEqual(['ok: here.example leads to 203.0.113.10']);
  expect(await judge('here.example', undefined, 'vps.example')).toEqual([
    'ok: here.example leads to 203.0.113.10',
  ]);
});

test('one that leads elsewhere is warned of while nobody has said what stands there', async () => {
  const [warning, ...others] = await judge('cdn.example');
  expect(others).toEqual([]);
  expect(warning).toMatch(
    /^warning: cdn\.example leads to 198\.51\.100\.1, 198\.51\.100\.2, 2001:db8:c::1, and the server is 203\.0\.113\.10: .*share one limit/,
  );
  for (const front of ['header', 'proxy-protocol'] as const)
    expect(await judge('cdn.example', front)).toEqual([]);
});

test('where this machine does not know the server’s address it does not guess', async () => {
  expect(await judge('here.example', undefined, 'known-to-ssh-alone')).toEqual([
    'ok: here.example leads to 203.0.113.10',
  ]);
});

test('an AAAA record is warned of, unless a proxy takes it', async () => {
  const [warning] = await judge('both.example');
  expect(warning).toMatch(/^warning: both\.example has the IPv6 address 2001:db8::10: .*Docker's bridge/);
  expect(await judge('both.example', 'header')).toEqual([
    'ok: both.example leads to 203.0.113.10, 2001:db8::10',
  ]);
  expect(await judge('both.example', 'none')).toEqual([warning]);
  expect(ipv6Words((await gather('here.example'))!, undefined)).toBeUndefined();
});

test('the server is where ssh goes, and where clients reach it', () => {
  expect(serverHosts('ssh://root@[2001:db8::1]:22', {})).toEqual(['2001:db8::1']);
  expect(serverHosts('ssh://root@vps', { VPS_PUBLIC_HOST: 'a.example' })).toEqual(['vps', 'a.example']);
  expect(serverHosts('unix:///var/run/docker.sock', {})).toEqual([]);
});
