import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import type { Print } from '../ground/progress';
import { eventually, succeeds } from '../ground/shell';
import { deployToMachine } from './deploy';
import { inMachine } from './machine';
import { ask, speaks } from './outside';
import { becomesWhole, servicesOf } from './platform';
import { INSIDE, machinePorts } from './ports';
import type { Machine } from './start';

export interface Part {
  /** What is claimed. */
  readonly claim: string;
  readonly run: (machine: Machine, saw: Print) => Promise<void>;
}

const quiet: Print = () => {};
const sh = ({ paths }: Machine, script: string, seconds = 120) =>
  inMachine(paths, ['sh', '-s'], seconds, script);
const words = async (machine: Machine, script: string) => (await sh(machine, script)).trim();
const running = (machine: Machine) => words(machine, 'docker ps --quiet --no-trunc | sort');
const startOfDocker = (machine: Machine) =>
  words(machine, 'systemctl show --property=InvocationID --value docker');

async function deploy(machine: Machine, print: Print = quiet) {
  const deployed = await deployToMachine(machine.lab, machine.paths, print);
  assert.equal(deployed.status, 0, `the deploy ended with ${deployed.status}:\n${deployed.output}`);
  return deployed;
}

/** Which ports say something to the world, by what is behind them. */
async function open(names: readonly (keyof typeof INSIDE)[]): Promise<Record<string, boolean>> {
  const entries = await Promise.all(names.map(async (name) => [name, await speaks(machinePorts()[name])]));
  return Object.fromEntries(entries);
}

const bare: Part = {
  claim: 'the server has no Docker, no firewall and no swap',
  run: async (machine, saw) => {
    assert.equal(
      await words(
        machine,
        'PATH=$PATH:/usr/sbin:/sbin; for name in docker dockerd nft jq; do command -v $name; done; tail -n +2 /proc/swaps',
      ),
      '',
    );
    saw(await words(machine, '. /etc/os-release; echo "$PRETTY_NAME, user $(id -un) in: $(id -nG)"'));
  },
};

const bootstrap: Part = {
  claim: 'one `./proctor deploy` makes it the platform: every service whole, every route 200',
  run: async (machine, saw) => {
    const { seconds } = await deploy(machine, saw);
    await becomesWhole(machine.paths);
    const services = await servicesOf(machine.paths);
    saw(`from nothing to ${services.length} services in ${seconds.toFixed(0)} s: ${services.join(', ')}`);
    saw(
      await words(
        machine,
        'docker version --format "Docker {{.Server.Version}}"; tail -n 1 /proc/swaps; id -nG',
      ),
    );
  },
};

const again: Part = {
  claim: 'a second deploy finds nothing to do and restarts nothing',
  run: async (machine, saw) => {
    const before = await running(machine);
    const { output, seconds } = await deploy(machine);
    assert.match(output, /the server is as it should be/);
    assert.match(output, /nothing to do/);
    assert.equal(await running(machine), before);
    saw(`${seconds.toFixed(0)} s, ${before.split('\n').length} containers are those of before`);
  },
};

const PROBE = 'vps-probe';

const firewall: Part = {
  claim:
    'from outside ssh, 80 and 443 answer, the Swarm and what a container publishes do not; flushed rules come back',
  run: async (machine, saw) => {
    const image = await words(
      machine,
      "docker service inspect --format '{{.Spec.TaskTemplate.ContainerSpec.Image}}' proctorwise_userservice",
    );
    const { published } = INSIDE;
    await sh(
      machine,
      `docker rm -f ${PROBE} > /dev/null 2>&1; docker run -d --name ${PROBE} -p ${published}:${published} --entrypoint python3 ${image} -m http.server ${published}`,
    );
    try {
      await eventually(60, () =>
        sh(machine, `docker exec ${PROBE} curl -fsS -o /dev/null http://127.0.0.1:${published}/`).then(
          () => true,
          () => false,
        ),
      );
      const closed = { ssh: true, http: true, https: true, manager: false, published: false };
      const all = Object.keys(closed) as (keyof typeof closed)[];
      assert.deepEqual(await open(all), closed);
      await sh(machine, 'sudo nft delete table inet swarm_host');
      assert.deepEqual(await open(['manager', 'published']), { manager: true, published: true });
      const { output } = await deploy(machine);
      assert.match(output, /firewall +the rules are not in force/);
      assert.deepEqual(await open(all), closed);
      saw(
        'closed: 2377 and a published 9000; both answered while the rules were flushed; the next deploy closed them',
      );
    } finally {
      await sh(machine, `docker rm -f ${PROBE}`);
    }
  },
};

/** As somebody does it in a hurry. */
const EDIT = `set -e
jq '."log-opts"."max-size" = "9g" | del(."no-new-privileges")' /etc/docker/daemon.json > daemon.json
sudo cp daemon.json /etc/docker/daemon.json`;

const drift: Part = {
  claim: 'a daemon.json that was changed by hand is found and mended, and nothing restarts for it',
  run: async (machine, saw) => {
    const [before, start] = [await running(machine), await startOfDocker(machine)];
    await sh(machine, EDIT);
    const { output } = await deploy(machine);
    assert.match(output, /~ daemon +\/etc\/docker\/daemon.json: log-opts, no-new-privileges/);
    const daemon = JSON.parse(await words(machine, 'cat /etc/docker/daemon.json'));
    assert.deepEqual(daemon['log-opts'], { 'max-size': '10m', 'max-file': '3' });
    assert.equal(daemon['no-new-privileges'], true);
    // The operator's own key stays through all of it.
    assert.equal(daemon['insecure-registries'].length, 1);
    assert.equal(await startOfDocker(machine), start);
    assert.equal(await running(machine), before);
    saw(
      'log-opts and no-new-privileges are back, the key of the operator is still there, Docker was not restarted',
    );
  },
};

const reboot: Part = {
  claim: 'after a reboot all services come back by themselves, with their data, behind the firewall',
  run: async (machine, saw) => {
    const mark = randomUUID();
    assert.equal((await ask('/exams', JSON.stringify({ mark }))).status < 300, true);
    const start = await startOfDocker(machine);
    const bootId = await words(machine, 'cat /proc/sys/kernel/random/boot_id');
    const began = Date.now();
    const seconds = () => `${((Date.now() - began) / 1000).toFixed(0)} s`;
    await succeeds('ssh', ['-F', machine.paths.sshConfig, '-O', 'exit', 'vps']);
    await sh(machine, 'sudo systemctl reboot').catch(() => {});
    const isBack = () =>
      words(machine, 'cat /proc/sys/kernel/random/boot_id').then(
        (id) => id !== bootId,
        () => false,
      );
    assert.ok(await eventually(400, isBack), 'the server does not come back');
    saw(`ssh again after ${seconds()}`);
    assert.deepEqual(await open(['manager']), { manager: false });
    await becomesWhole(machine.paths);
    saw(`every service whole and every route 200 after ${seconds()}, nobody did anything`);
    assert.notEqual(await startOfDocker(machine), start);
    assert.match((await ask('/exams/rows')).body, new RegExp(mark));
    assert.deepEqual(await open(['ssh', 'https', 'manager']), { ssh: true, https: true, manager: false });
    saw(
      await words(
        machine,
        'sysctl vm.max_map_count vm.swappiness; tail -n 1 /proc/swaps; systemctl is-active systemd-timesyncd apt-daily-upgrade.timer swarm-host-firewall',
      ),
    );
    const { output } = await deploy(machine);
    assert.match(output, /the server is as it should be/);
    assert.match(output, /nothing to do/);
    saw('the row of before is there, and a deploy finds nothing to do');
  },
};

const restart: Part = {
  claim: 'a restart of Docker opens nothing, and the services come back',
  run: async (machine, saw) => {
    await sh(machine, 'sudo systemctl restart docker', 300);
    assert.deepEqual(await open(['manager']), { manager: false });
    const seconds = await becomesWhole(machine.paths);
    saw(`2377 stays closed; whole again after ${seconds.toFixed(0)} s`);
  },
};

/** In this order: each goes on with what the ones before have left. */
export const PARTS: Readonly<Record<string, Part>> = {
  bare,
  bootstrap,
  again,
  firewall,
  drift,
  reboot,
  restart,
};
