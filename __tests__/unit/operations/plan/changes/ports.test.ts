import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPlan } from '../../../../../operations/plan/changes/read-plan';
import { planLines } from '../../../../../operations/plan/text';
import type { Json, PlanDocument, ResourceChange } from '../../../../../operations/terraform/document';

/** The edge and nginx as a real plan has them; what of them changes is written here. */
const fixture = JSON.parse(readFileSync(join(__dirname, '../fixtures/first.json'), 'utf8')) as PlanDocument;
const made = (name: string): Json =>
  fixture.resource_changes!.find((one) => one.type === 'docker_service' && one.name === name)!.change.after;
const edge = made('edge');
const behind = made('nginx');
const alone = { ...behind, endpoint_spec: edge.endpoint_spec, update_config: edge.update_config };

const change = (name: string, before: Json, after: Json, action?: string): ResourceChange => ({
  type: 'docker_service',
  name,
  mode: 'managed',
  address: `docker_service.${name}`,
  change: { actions: [action ?? (before ? (after ? 'update' : 'delete') : 'create')], before, after },
});
const WAVES = { users: 0, nginx: 1, edge: 2 };
/** The catalogue has what the plan leaves. */
function read(...resource_changes: ResourceChange[]) {
  const services = Object.entries(WAVES)
    .map(([id, wave]) => ({ id, wave }))
    .filter(({ id }) => resource_changes.find(({ name }) => name === id)?.change.after !== null);
  const observeSeconds = Object.fromEntries(services.map(({ id }) => [id, 30]));
  return readPlan({ resource_changes }, { settings: { observeSeconds }, services, now: new Date(0) });
}
const lines = (...changes: ResourceChange[]) =>
  planLines(read(...changes)).map((line) => line.replace(/ {2,}/g, ' '));
const needs = (...changes: ResourceChange[]) =>
  read(...changes).needs.map(({ name, why }) => `${name}: ${why}`);

const ON = [change('edge', null, edge), change('nginx', alone, behind)];
const OFF = [change('edge', edge, null), change('nginx', behind, alone)];

test('the edge is turned on: who gives up the ports, who takes them, and that nobody has them in between', () => {
  expect(lines(...ON)).toEqual([
    'create edge nginx:1.30, 1 task · takes 8080/tcp, 8443/tcp from nginx · new · DOWNTIME about 16 s',
    'update nginx endpoint_spec, update_config · gives up 8080/tcp, 8443/tcp, which edge takes · rolling, start-first · about 6 s · DOWNTIME of its ports until then',
    // nginx is not watched for 30 s more while the ports wait for the edge.
    'services: 1 is new, 1 rolls; about 37 s with what the gates watch',
    'downtime: edge about 16 s',
  ]);
  expect(needs(...ON)).toEqual(['edge: takes 8080/tcp, 8443/tcp from nginx; DOWNTIME about 16 s']);
});

test('the edge is turned off: it is removed first, and nginx takes the ports', () => {
  expect(lines(...OFF)).toEqual([
    'REMOVE edge nginx:1.30, 1 task · gives up 8080/tcp, 8443/tcp, which nginx takes · DOWNTIME: its tasks stop for good',
    'update nginx endpoint_spec, update_config · takes 8080/tcp, 8443/tcp from edge · restarts · DOWNTIME about 6 s',
    'services: 1 restarts, 1 is removed; about 31 s with what the gates watch',
    'downtime: nginx about 6 s',
  ]);
  expect(needs(...OFF)).toEqual([
    'edge: gives up 8080/tcp, 8443/tcp, which nginx takes; it is REMOVED',
    'nginx: takes 8080/tcp, 8443/tcp from edge; DOWNTIME about 6 s',
  ]);
});

test('only the ports that move are told, and a protocol is part of a port', () => {
  const [http, https] = edge.endpoint_spec[0].ports;
  const udp = { ...https, protocol: 'udp' };
  const withPorts = (...ports: Json[]) => ({ ...behind, endpoint_spec: [{ mode: 'dnsrr', ports }] });
  const moved = [
    change('edge', null, withPorts(http, udp)),
    change('nginx', withPorts(http, https), withPorts(https)),
  ];
  expect(lines(...moved)[0]).toContain('takes 8080/tcp from nginx');
  expect(read(...moved).services.map(({ portMoves }) => portMoves)).toEqual(
    Array.from({ length: 2 }, () => [{ ports: ['8080/tcp'], from: 'nginx', to: 'edge' }]),
  );
});

test('ports in ingress mode move as well: Swarm gives one to one service only', () => {
  const ingress = { ...edge, endpoint_spec: [{ ports: [{ published_port: 443, protocol: 'tcp' }] }] };
  expect(needs(change('nginx', ingress, behind), change('edge', null, ingress))).toEqual([
    expect.stringMatching(/^edge: takes 443\/tcp from nginx; DOWNTIME about/),
  ]);
});

test('a port that nobody takes is told: the clients who use it lose it for good', () => {
  expect(lines(change('nginx', alone, behind))[1]).toBe(' nobody publishes 8080/tcp, 8443/tcp any more');
});

test('a service that Terraform only forgets keeps its ports, one that is replaced too', () => {
  const forgotten = read(change('edge', edge, null, 'forget'), change('nginx', behind, alone));
  expect(forgotten.services.some(({ portMoves }) => portMoves)).toBe(false);
  const replaced = read({
    ...change('edge', edge, edge),
    change: { actions: ['delete', 'create'], before: edge, after: edge },
  });
  expect(replaced.services[0]?.portMoves).toBeUndefined();
});

test('one that would take a port before the other gives it up waits forever, and is refused', () => {
  const taken = read(change('users', behind, edge), change('nginx', alone, behind));
  expect(taken.refusals).toEqual([
    'users takes 8080/tcp, 8443/tcp before nginx gives it up, and would wait forever: take the port from nginx in one deploy, give it to users in the next',
  ]);
  expect(read(...ON).refusals).toEqual([]);
  expect(read(...OFF).refusals).toEqual([]);
});
