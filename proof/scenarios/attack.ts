import { ATTACKS, type Attack, CLASSROOM, FLOODS } from '../attack/attacks';
import type { ConfigPatch, Patch } from '../platform/patch';
import type { Scenario } from '../runner/scenario';
import { type Column, FAILED, REQUESTS, reported, titled, VERDICT } from '../runner/text';
import { attacked, type Reason } from '../watch/attack';

/** A median of as many. */
export const ROUNDS = 3;
const SECONDS = 15;

export const QUIET: Scenario = {
  name: 'quiet',
  title: 'nobody attacks',
  steps: [],
  failing: 'none',
  after: SECONDS,
};

const scenarioOf = (attack: Attack): Scenario => ({
  name: attack.name,
  title: attack.title,
  steps: [],
  failing: 'none',
  after: attack.seconds ?? SECONDS,
  watches: [attacked(attack)],
});

const edge = (from: ConfigPatch['from'], to: string): Patch => ({ config: { id: 'edge_conf', from, to } });
const nginx = (from: ConfigPatch['from'], to: string): Patch => ({ config: { id: 'nginx_conf', from, to } });

/** As the entrance was before it counted. */
const UNLIMITED = {
  address: edge('limit_conn address \\d+;', ''),
  all: edge('limit_conn all \\d+;', ''),
  patience: nginx('client_header_timeout 10s;', 'client_header_timeout 60s;'),
};

const control = (name: string, change: Readonly<Record<string, Patch>>, reason: Reason): Scenario => {
  const flood = FLOODS.find((one) => one.name === name)!;
  return {
    name: `${name}-unlimited`,
    title: `control: ${flood.title}, without limits`,
    before: { change: { ...UNLIMITED, ...change } },
    steps: [],
    failing: 'must',
    after: 2 * SECONDS,
    watches: [attacked(flood, reason)],
  };
};

/** All attacks, as often as the median wants, then the controls. */
export const attacks: readonly Scenario[] = [
  ...Array.from({ length: ROUNDS }, () => [
    QUIET,
    ...[...ATTACKS, ...FLOODS, CLASSROOM].map(scenarioOf),
  ]).flat(),
  control(
    'idle-flood',
    {
      buffers: edge('proxy_buffer_size 4k;', 'proxy_buffer_size 16k;'),
      memory: {
        catalogue:
          "platform.nginx.edge = { ...platform.nginx.edge, limits: { cpus: constructs.Cpu.cores(0.25), memory: constructs.Memory.mebibytes(64) }, acknowledge: { 'connections-fit': 'a control' } };",
      },
    },
    { what: 'a worker of the edge that ran out of memory', line: /worker process \d+ exited on signal 9/ },
  ),
  control(
    'header-flood',
    {
      connections: nginx('worker_connections \\d+;', 'worker_connections 4096;'),
      edgeConnections: edge('worker_connections \\d+;', 'worker_connections 8192;'),
    },
    { what: 'connections that a worker has no room for', line: /worker_connections are not enough/ },
  ),
];

export const ATTACK_COLUMNS: readonly Column[] = [
  titled('attack'),
  REQUESTS,
  FAILED,
  { head: 'p50 ms', cell: ({ load }) => load.p50.toFixed(0) },
  { head: 'p99 ms', cell: ({ load }) => load.p99.toFixed(0) },
  reported('held'),
  reported('refused'),
  reported('memory'),
  reported('disk'),
  VERDICT,
];
