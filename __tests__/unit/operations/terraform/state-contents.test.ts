import { parseContents } from '../../../../operations/terraform/state-contents';
import { stateOf } from '../state/states';

test('no state is an empty one', () => {
  expect(parseContents('')).toEqual([]);
  expect(parseContents('{"version": 4, "serial": 1}')).toEqual([]);
});

test('objects have the addresses of Terraform’s commands, the names of Swarm’s, and no values', () => {
  const known = parseContents(
    stateOf([
      { type: 'docker_service', name: 'users', id: 's1', as: 'acme_users', namespace: 'acme' },
      {
        type: 'docker_config',
        name: 'launcher',
        id: 'c1',
        as: 'acme_launcher_0123456789',
        key: '0123456789',
      },
      {
        type: 'docker_secret',
        name: 'db',
        id: 'x1',
        as: 'acme_db_abcdef0123',
        key: 'abcdef0123',
        data: 'hunter2',
      },
      { type: 'null_resource', name: 'users_rollout', id: '7', as: '' },
    ]),
  );
  expect(known).toEqual([
    {
      address: 'docker_service.users',
      type: 'docker_service',
      id: 's1',
      name: 'acme_users',
      namespace: 'acme',
    },
    expect.objectContaining({ address: 'docker_config.launcher["0123456789"]', namespace: '' }),
    expect.objectContaining({ address: 'docker_secret.db["abcdef0123"]' }),
  ]);
  expect(JSON.stringify(known)).not.toContain('hunter2');
});

test('what waits for its destruction has no address any more', () => {
  const object = { type: 'docker_secret', name: 'tls', as: 'acme_tls_0123456789' };
  const known = parseContents(
    stateOf([
      { ...object, id: 'old', deposed: 'ab12' },
      { ...object, id: 'new' },
    ]),
  );
  expect(known.map(({ id }) => id)).toEqual(['new']);
});
