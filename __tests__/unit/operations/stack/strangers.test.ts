import { askExisting, type ExistingObject } from '../../../../operations/stack/existing';
import { declaredNames, strangersInWords, strangersOf } from '../../../../operations/stack/strangers';
import { catalogue } from '../../../support/platform/catalogue';
import { Workplace } from '../../../support/platform/platform';

const NAMESPACE = 'com.docker.stack.namespace';
const labels = (namespace: string) => ({ [NAMESPACE]: namespace });
const service = (Name: string, Labels: Record<string, string> = {}) => ({
  ID: Name,
  Version: { Index: 1 },
  CreatedAt: '',
  UpdatedAt: '',
  Spec: { Name, Labels, TaskTemplate: {} },
});
const object = (Name: string, Labels?: Record<string, string>) => ({
  ID: Name,
  Spec: { Name, ...(Labels ? { Labels } : {}) },
});
const there = (type: ExistingObject['type'], name: string): ExistingObject => ({ type, id: name, name });

test('what carries a stack’s name does so by its label, and by its name where it has none', async () => {
  const swarm = {
    networks: async () => [{ Id: 'n', Name: 'acme_old', Labels: null }],
    configs: async () => [object('acme_conf'), object('other_conf'), object('acme_theirs', labels('other'))],
    secrets: async () => [object('acme_key')],
    volumes: async () => [{ Name: 'without-a-prefix', Labels: labels('acme') }, { Name: 'acmedata' }],
  };
  const services = [service('acme_web', labels('acme')), service('acme_web', labels('other'))];
  const found = await askExisting(swarm, 'acme', services);
  expect(found.map(({ type, name }) => `${type} ${name}`)).toEqual([
    'docker_network acme_old',
    'docker_config acme_conf',
    'docker_service acme_web',
    'docker_secret acme_key',
    'docker_volume without-a-prefix',
  ]);
});

describe('strangers', () => {
  const workplace = new Workplace();
  afterAll(() => workplace.remove());
  const declared = () => declaredNames(workplace.synth(catalogue, 'production').json, 'acme');
  const HASH = '0123456789';

  test('nothing that the catalogue declares is one, in whatever version', () => {
    const ours = [
      ...['users', 'nginx', 'edge', 'mariadb', 'kafka'].map((id) => there('docker_service', `acme_${id}`)),
      there('docker_network', 'acme_acme'),
      ...['mariadb', 'kafka'].map((id) => there('docker_volume', `acme_${id}_data`)),
      there('docker_config', `acme_nginx_conf_${HASH}`),
      ...['db_password', 'tls_self_signed_key'].map((id) => there('docker_secret', `acme_${id}_${HASH}`)),
    ];
    expect(strangersOf(ours, declared())).toEqual([]);
  });

  test('services are declared with their names in Swarm', () => {
    expect(declared().services).toEqual(
      expect.arrayContaining([
        { id: 'users', name: 'acme_users' },
        { id: 'edge', name: 'acme_edge' },
      ]),
    );
  });

  test('what an older catalogue, docker stack deploy or a hand left is one, unless the state has it', () => {
    const others = [
      there('docker_service', 'acme_reports'),
      there('docker_volume', 'acme_reports_data'),
      there('docker_volume', 'acme_cache'),
      there('docker_config', `acme_reports_conf_${HASH}`),
      // A name alone is no version of ours.
      there('docker_config', 'acme_nginx_conf'),
    ];
    expect(strangersInWords(strangersOf(others, declared()))).toEqual([
      `not in the catalogue, left alone: service acme_reports; volumes acme_cache, acme_reports_data; configs acme_nginx_conf, acme_reports_conf_${HASH}`,
    ]);
    const known = [{ id: 'another', name: 'acme_reports' }];
    expect(strangersOf(others, declared(), known).map(({ name }) => name)).not.toContain('acme_reports');
  });

  test('without any, nothing is said', () => {
    expect(strangersInWords([])).toEqual([]);
  });
});
