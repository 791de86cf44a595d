import type { ExistingObject } from '../../../../../operations/stack/existing';
import type { DeclaredObject } from '../../../../../operations/state/recover/declared';
import { findCollisions, findLeftovers, matchObjects } from '../../../../../operations/state/recover/match';
import type { KnownObject } from '../../../../../operations/terraform/state-contents';

const NETWORK: DeclaredObject = { type: 'docker_network', address: 'docker_network.shop', name: 'shop_shop' };
const SERVICE: DeclaredObject = { type: 'docker_service', address: 'docker_service.web', name: 'shop_web' };
const CONFIG: DeclaredObject = {
  type: 'docker_config',
  address: 'docker_config.conf["0123456789"]',
  name: 'shop_conf_0123456789',
};
const DECLARED = { objects: [NETWORK, CONFIG, SERVICE], secrets: ['db', 'tls_key'], configs: ['conf'] };
const there = (type: ExistingObject['type'], id: string, name: string): ExistingObject => ({
  type,
  id,
  name,
});
const kept = ({ address, type, name }: DeclaredObject, id: string): KnownObject => ({
  address,
  type,
  name,
  id,
  namespace: 'shop',
});
const ALL = [
  there('docker_network', 'n1', 'shop_shop'),
  there('docker_config', 'c1', 'shop_conf_0123456789'),
  there('docker_service', 's1', 'shop_web'),
];

test('what is declared and runs is imported; what the state knows is not', () => {
  expect(matchObjects(DECLARED, ALL, []).map(({ id }) => id)).toEqual(['n1', 'c1', 's1']);
  expect(matchObjects(DECLARED, ALL, [kept(NETWORK, 'n1'), kept(SERVICE, 's1')])).toEqual([
    { ...CONFIG, id: 'c1', isStale: false },
  ]);
});

test('what was made anew by hand takes the place of what is gone', () => {
  expect(matchObjects(DECLARED, ALL, [kept(SERVICE, 'gone')]).at(-1)).toEqual({
    ...SERVICE,
    id: 's1',
    isStale: true,
  });
});

test('a name counts for its kind alone, and a declared object that does not run is left to the deploy', () => {
  expect(matchObjects(DECLARED, [there('docker_network', 'n1', 'shop_web')], [])).toEqual([]);
});

test('a planned secret collides with one of its name', () => {
  const existing = [
    there('docker_secret', 'x', 'shop_db_aaaaaaaaaa'),
    there('docker_config', 'y', 'shop_db_bbbbbbbbbb'),
  ];
  const created = (hash: string) =>
    findCollisions([`docker_secret.db["${hash}"]`, 'docker_service.web'], existing, 'shop');
  expect(created('aaaaaaaaaa')).toEqual(['shop_db_aaaaaaaaaa']);
  expect(created('bbbbbbbbbb')).toEqual([]);
  // Named after what Terraform makes at apply.
  expect(findCollisions(['docker_secret.tls_key'], existing, 'shop')).toEqual([]);
});

test('older versions that nobody knows are left over, and nothing else', () => {
  const existing = [
    ...ALL,
    there('docker_secret', 'x1', 'shop_db_aaaaaaaaaa'),
    there('docker_secret', 'x2', 'shop_tls_key_bbbbbbbbbb'),
    there('docker_secret', 'known', 'shop_db_cccccccccc'),
    // By hand: not one of ours.
    there('docker_secret', 'x3', 'shop_backup_dddddddddd'),
    there('docker_secret', 'x4', 'shop_db_password'),
    there('docker_config', 'c2', 'shop_conf_9876543210'),
  ];
  const known = [{ ...kept(SERVICE, 'known'), type: 'docker_secret' }];
  expect(findLeftovers(DECLARED, existing, known, 'shop')).toEqual([
    'docker secret rm shop_db_aaaaaaaaaa shop_tls_key_bbbbbbbbbb',
    'docker config rm shop_conf_9876543210',
  ]);
  expect(findLeftovers(DECLARED, ALL, [], 'shop')).toEqual([]);
});
