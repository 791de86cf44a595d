import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeclaredService, SynthesizedStack } from '../../../../operations/stack/synthesized';

export function declared(id: string, more: Partial<DeclaredService> = {}): DeclaredService {
  return {
    id,
    name: `shop_${id}`,
    image: `registry.test/${id}:v2`,
    replicas: 2,
    nanoCpus: 1e8,
    memoryBytes: 2 ** 20,
    startFirst: true,
    parallelism: 1,
    ports: [],
    wave: 0,
    volumes: [],
    constraints: [],
    ...more,
  };
}

export function stack(more: Partial<SynthesizedStack> = {}): SynthesizedStack {
  return {
    id: 'swarm',
    folder: '/nowhere',
    namespace: 'shop',
    host: 'unix:///nowhere/s',
    sshOptions: [],
    registries: [],
    services: [declared('web')],
    requiredVariables: [],
    usesVariables: [],
    secretVariables: [],
    settings: {},
    ...more,
  };
}

/** What synth writes, as far as it is read. */
export function writeSynthesized(out: string, json: object, stacks = ['swarm']): void {
  const entries = stacks.map((name) => [
    name,
    { name, workingDirectory: `stacks/${name}`, synthesizedStackPath: `stacks/${name}/cdk.tf.json` },
  ]);
  for (const name of stacks) {
    mkdirSync(join(out, 'stacks', name), { recursive: true });
    writeFileSync(join(out, 'stacks', name, 'cdk.tf.json'), JSON.stringify(json));
  }
  writeFileSync(join(out, 'manifest.json'), JSON.stringify({ stacks: Object.fromEntries(entries) }));
}
