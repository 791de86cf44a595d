import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placeToPlan, withoutObjects } from '../../../../../operations/state/recover/place';

const instance = (id: string, key?: string) => ({
  ...(key === undefined ? {} : { index_key: key }),
  attributes: { id },
});

test('a state loses what is at these addresses, and keeps the rest and its place in the history', () => {
  const network = { mode: 'managed', type: 'docker_network', name: 'shop', instances: [instance('gone')] };
  const configs = {
    mode: 'managed',
    type: 'docker_config',
    name: 'launcher',
    instances: [instance('c1', 'a'), instance('c2', 'b')],
  };
  const text = JSON.stringify({ serial: 7, lineage: 'x', resources: [network, configs] });
  const left = withoutObjects(text, new Set(['docker_network.shop', 'docker_config.launcher["a"]']));
  expect(JSON.parse(left)).toEqual({
    serial: 7,
    lineage: 'x',
    resources: [{ ...configs, instances: [instance('c2', 'b')] }],
  });
});

test('imports are planned where the project’s files have the same way, in a folder of this user that goes again', async () => {
  const project = mkdtempSync(join(tmpdir(), 'place-'));
  const folder = join(project, 'cdktf.out', 'stacks', 'swarm');
  try {
    for (const path of ['tls', 'cdktf.out/stacks/swarm/assets'])
      mkdirSync(join(project, path), { recursive: true });
    writeFileSync(join(project, 'tls', 'chain.pem'), 'a chain');
    writeFileSync(join(folder, 'assets', 'nginx.conf'), 'a file');
    writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify({ terraform: { backend: { pg: {} } } }));
    const state = join(project, 'terraform.swarm.tfstate');
    const gone = { mode: 'managed', type: 'docker_network', name: 'shop', instances: [instance('gone')] };
    writeFileSync(state, JSON.stringify({ serial: 7, lineage: 'x', resources: [gone] }));
    const program = join(project, 'terraform');
    writeFileSync(
      program,
      `#!/bin/sh\ncase "$1 $2" in 'state pull') cat '${state}';; 'state push') cat > terraform.tfstate;; init*) mkdir -p .terraform;; esac\n`,
      { mode: 0o755 },
    );
    process.env.TERRAFORM_BINARY_NAME = program;
    const match = { address: 'docker_network.shop', id: 'n1', isStale: true };
    const place = await placeToPlan({ folder, localState: state }, { folder }, [match as never]);
    const at = (path: string) => join(place.run.folder, path);
    expect(readFileSync(at('../../../tls/chain.pem'), 'utf8')).toBe('a chain');
    expect(readFileSync(at('assets/nginx.conf'), 'utf8')).toBe('a file');
    expect(JSON.parse(readFileSync(at('terraform.tfstate'), 'utf8')).resources).toEqual([]);
    expect(statSync(place.run.folder).mode & 0o077).toBe(0);
    place.remove();
    expect(existsSync(place.run.folder)).toBe(false);
    expect(existsSync(join(folder, 'assets', 'nginx.conf'))).toBe(true);
  } finally {
    delete process.env.TERRAFORM_BINARY_NAME;
    rmSync(project, { recursive: true });
  }
});
