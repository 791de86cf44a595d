import { emptyPlanOf, type FreshRecord, recordOf, whyNotFresh } from '../../../../operations/fresh/record';
import { type Json, sightOf, stateDocument, swarm } from './sights';

const NOW = Date.parse('2026-12-01T00:00:00Z');

interface Later {
  readonly state?: (state: Json) => void;
  readonly server?: (swarm: Json) => void;
  readonly providers?: string;
  readonly namespace?: string;
  readonly now?: number;
}

/** What a plan says after a deploy has left its record and something happened. */
async function why(
  { state: changeState, server: change, now = NOW, ...more }: Later,
  records?: FreshRecord[],
) {
  const state = stateDocument();
  const server = swarm();
  const record = recordOf(await sightOf(state, server));
  changeState?.(state);
  change?.(server);
  return whyNotFresh({ ...(await sightOf(state, server)), ...more }, records ?? [record], now);
}

test('a state and a server that are as the deploy left them are fresh', async () => {
  expect(await why({})).toBeUndefined();
});

test('what Swarm itself moves says nothing: versions, times, how an update went', async () => {
  const server = (swarm: Json) =>
    Object.assign(swarm.services[0], {
      Version: { Index: 999 },
      UpdatedAt: '2027-01-01T00:00:00Z',
      UpdateStatus: { State: 'completed' },
    });
  expect(await why({ server })).toBeUndefined();
});

const spec = (swarm: Json, index = 1): Json => swarm.services[index].Spec;

test.each<[string, Later, RegExp]>([
  [
    'scaled',
    { server: (s) => Object.assign(spec(s, 3).Mode.Replicated, { Replicas: 3 }) },
    /^service proctorwise_monitoringservice was changed since the last deploy$/,
  ],
  [
    'rolled back',
    { server: (s) => Object.assign(spec(s).TaskTemplate.ContainerSpec, { Image: 'nginx:older' }) },
    /^service proctorwise_nginx was changed/,
  ],
  [
    'a label',
    { server: (s) => Object.assign(spec(s).Labels, { note: 'x' }) },
    /proctorwise_nginx was changed/,
  ],
  [
    'an update of what the provider does not know',
    { server: (s) => Object.assign(spec(s).TaskTemplate.ContainerSpec, { Ulimits: [{ Name: 'nofile' }] }) },
    /proctorwise_nginx was changed/,
  ],
  [
    'an update that writes zero where nothing was',
    { server: (s) => Object.assign(spec(s).TaskTemplate.ContainerSpec, { Init: false }) },
    /proctorwise_nginx was changed/,
  ],
  ['a service that is gone', { server: (s) => s.services.shift() }, /^service proctorwise_mariadb is gone/],
  [
    'a service made again',
    { server: (s) => Object.assign(s.services[0], { ID: 'again' }) },
    /^service proctorwise_mariadb is gone/,
  ],
  [
    'a secret that is gone',
    { server: (s) => s.secrets.pop() },
    /^secret proctorwise_db_password_\w+ is gone/,
  ],
  [
    'a secret made again',
    { server: (s) => Object.assign(s.secrets[0], { ID: 'again' }) },
    /^secret proctorwise_db_password_\w+ is gone/,
  ],
  ['a config that is gone', { server: (s) => s.configs.pop() }, /^config proctorwise_launcher_\w+ is gone/],
  [
    'a config made again',
    { server: (s) => Object.assign(s.configs[0], { ID: 'again' }) },
    /^config proctorwise_launcher_\w+ is gone/,
  ],
  ['a network that is gone', { server: (s) => s.networks.pop() }, /^network proctorwise_proctorwise is gone/],
  [
    'a network made again',
    { server: (s) => Object.assign(s.networks[0], { Id: 'again' }) },
    /^network proctorwise_proctorwise is gone/,
  ],
  ['another Swarm', { server: (s) => Object.assign(s, { cluster: 'cluster2' }) }, /of another Swarm/],
  [
    'a Swarm that does not say which',
    { server: (s) => Object.assign(s, { cluster: '' }) },
    /of another Swarm/,
  ],
  [
    'a new cluster out of an older copy of its data',
    {
      // docker swarm init --force-new-cluster keeps its id, and here its services lag behind.
      server: (s) => Object.assign(spec(s).TaskTemplate.ContainerSpec, { Args: ['older'] }),
    },
    /proctorwise_nginx was changed/,
  ],
  ['another deployer', { state: (s) => Object.assign(s, { serial: 90 }) }, /the state is not the one/],
  ['an older state restored', { state: (s) => Object.assign(s, { serial: 88 }) }, /the state is not the one/],
  [
    'an older state restored, and written on to the same number',
    { state: (s) => Object.assign(s.resources[7].instances[0].attributes, { id: '8' }) },
    /the state is not the one/,
  ],
  [
    'cdktf deploy past us: another service in the state',
    {
      state: (s) => {
        s.serial += 1;
        s.resources.push({ ...structuredClone(s.resources[0]), name: 'new' });
      },
    },
    /the state is not the one/,
  ],
  ['another state', { state: (s) => Object.assign(s, { lineage: 'x' }) }, /the record is of another state/],
  ['no state', { state: (s) => Object.assign(s, { lineage: '', resources: [] }) }, /of another state/],
  [
    'tainted',
    { state: (s) => Object.assign(s.resources[7].instances[0], { status: 'tainted' }) },
    /^null_resource\.mariadb_rollout is tainted$/,
  ],
  [
    'deposed',
    {
      state: (s) => s.resources[5].instances.push({ deposed: 'ab', attributes: { id: 'old', name: 'old' } }),
    },
    /^an older docker_secret\.db_password is still to be destroyed$/,
  ],
  [
    'what only its provider can read',
    { state: (s) => s.resources.push({ mode: 'managed', type: 'dns_record', name: 'www', instances: [{}] }) },
    /^only its provider can read dns_record\.www$/,
  ],
  [
    'data, which is read at every plan',
    { state: (s) => s.resources.push({ mode: 'data', type: 'docker_network', name: 'x', instances: [{}] }) },
    /^only its provider can read docker_network\.x$/,
  ],
  ['other providers', { providers: 'docker 3.6.3' }, /providers are not those/],
  ['another platform', { namespace: 'other' }, /the record is of the platform "proctorwise"/],
  [
    'a certificate within a minute of its renewal',
    { now: Date.parse('2027-01-26T11:59:30Z') },
    /certificate is to be renewed/,
  ],
  ['a certificate past it', { now: Date.parse('2027-06-01T00:00:00Z') }, /certificate is to be renewed/],
  [
    'a certificate whose end cannot be read',
    { state: (s) => Object.assign(s.resources[8].instances[0].attributes, { validity_end_time: null }) },
    /certificate is to be renewed/,
  ],
])('%s is read again, and it says why', async (_, later, words) => {
  expect(await why(later)).toMatch(words);
});

test('a certificate that has its time is fresh until a minute before its renewal', async () => {
  expect(await why({ now: Date.parse('2027-01-26T11:58:30Z') })).toBeUndefined();
});

test('without a record, or with one of another form, everything is read again', async () => {
  expect(await why({}, [])).toBe('no deploy has recorded yet what the server holds');
  const record = recordOf(await sightOf());
  expect(await why({}, [{ ...record, version: 2 as 1 }])).toMatch(/another version of this project/);
  const { [Object.keys(record.objects)[0]!]: _, ...objects } = record.objects;
  expect(await why({}, [{ ...record, objects }])).toBe('the record lacks something that the state has');
});

test('of several records one that holds is enough: each is a proof', async () => {
  const record = recordOf(await sightOf());
  expect(await why({}, [{ ...record, serial: 1 }, record])).toBeUndefined();
});

test('no secret is in a record, nor what somebody could guess one from', async () => {
  const state = stateDocument();
  const record = recordOf(await sightOf(state));
  expect(JSON.stringify(record)).not.toMatch(/Z2VoZWlt|PRIVATE|invalid/);
  state.resources[5].instances[0].attributes.data = 'YW5kZXJz';
  state.resources[8].instances[0].attributes.private_key_pem = 'OTHER';
  expect(recordOf(await sightOf(state)).state).toBe(record.state);
});

describe('a plan that is proved to be empty', () => {
  const EMPTY = { inputs: 'a', terraform: 'Terraform 1.11.4' };

  test('is one of the same inputs, of a state and a server that are proved', async () => {
    const sight = await sightOf();
    const record = recordOf(sight, EMPTY);
    expect(emptyPlanOf(sight, 'a', [record])).toEqual(EMPTY);
    expect(emptyPlanOf(sight, 'a', [{ ...record, serial: 1 }, record])).toEqual(EMPTY);
    expect(emptyPlanOf(sight, 'b', [record])).toBeUndefined();
    expect(emptyPlanOf(sight, 'a', [{ ...record, serial: 1 }])).toBeUndefined();
    expect(emptyPlanOf({ ...sight, providers: 'docker 3.6.3' }, 'a', [record])).toBeUndefined();
  });

  test('is none where nobody has planned', async () => {
    const sight = await sightOf();
    expect(emptyPlanOf(sight, 'a', [recordOf(sight)])).toBeUndefined();
    expect(emptyPlanOf(sight, 'a', [])).toBeUndefined();
  });
});
