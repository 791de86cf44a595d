import type { SharedAccount } from '../../../../contract/deploy-settings';
import type { Service } from '../../../../operations/docker/answers';
import { gatherAccounts, judgeAccounts } from '../../../../operations/preflight/accounts';
import { describeWithMariadb, startedMariadb } from '../provision/mariadb';

const NAME = 'proctorwise_mariadb';
const account: SharedAccount = {
  service: NAME,
  user: 'proctorwise',
  databases: ['proctorwise_users'],
  otherRights: 'kept',
};
const service = { ID: 's', Spec: { Name: NAME } } as unknown as Service;

describeWithMariadb('the preflight asks the database what the shared account may do', () => {
  const server = startedMariadb();

  const docker = {
    services: async () => [service],
    tasks: async () => [
      {
        NodeID: 'n',
        Status: { State: 'running', ContainerStatus: { ContainerID: 'c' } },
        DesiredState: 'running',
      },
    ],
    info: async () => ({ Name: 'vm', Swarm: { NodeID: 'n' } }),
    exec: ({ command, stdin = '' }: { command: readonly string[]; stdin?: string }) =>
      server.execute(command, stdin),
  } as unknown as Parameters<typeof gatherAccounts>[0]['docker'];
  const said = async (more: Partial<SharedAccount> = {}, services = [service]) => {
    const found = await gatherAccounts({ docker, accounts: [{ ...account, ...more }], services });
    return judgeAccounts(found).map(({ level, text, fix = '' }) => [level, text, fix].join(' | '));
  };

  test('nothing where the service is not there yet, or has no such account', async () => {
    expect(await said({}, [])).toEqual([]);
    expect(await said()).toEqual([`ok | ${NAME} has no account proctorwise | `]);
  });

  test('an adopted account with all rights everywhere is told before anything is changed', async () => {
    await server.sql(
      "CREATE USER 'proctorwise'@'%' IDENTIFIED BY 'p'; GRANT ALL PRIVILEGES ON *.* TO 'proctorwise'@'%' WITH GRANT OPTION",
    );
    const what = `proctorwise of ${NAME} may do more than its databases need: ALL PRIVILEGES, GRANT OPTION on *.*`;
    expect(await said()).toEqual([
      `warning | ${what} | otherRights: 'revoked' in the catalogue takes it away at the end of the deploy; it stays without`,
    ]);
    expect(await said({ otherRights: 'revoked' })).toEqual([
      `ok | ${what}; that is taken away when the applications have rolled | `,
    ]);
    expect(await said({ dropped: true })).toEqual([
      `ok | ${what}; it is dropped when the applications have rolled | `,
    ]);
  });

  test('one with the rights that the catalogue gives has none too many', async () => {
    await server.sql(
      "REVOKE ALL PRIVILEGES, GRANT OPTION FROM 'proctorwise'@'%'; GRANT ALL ON `proctorwise\\_users`.* TO 'proctorwise'@'%'",
    );
    expect(await said()).toEqual([`ok | proctorwise of ${NAME} may do nothing beyond its databases | `]);
  });

  test('a database that does not answer stops no deploy that may mend it', async () => {
    await server.stop();
    expect(await said()).toEqual([
      expect.stringMatching(/^warning \| what proctorwise of \S+ may do is not known: MariaDB: ERROR 2002/),
    ]);
  });
});
