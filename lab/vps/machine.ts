import { copyFileSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../ground/error';
import type { LabPaths } from '../ground/paths';
import { requireFreePort } from '../ground/ports';
import { becomesReady, lastWord, processesOf, startProcess, stopProcesses } from '../ground/processes';
import type { Print } from '../ground/progress';
import { eventually, run, succeeds } from '../ground/shell';
import { FILES, type MachinePaths } from './machine-paths';
import { INSIDE, type MachinePorts, machinePorts } from './ports';

/** MariaDB, Kafka and six applications with a reserve. */
const MEMORY_MIB = 6144;
const PROCESSORS = 2;
/** An emulated machine takes a minute or two, on a busy one more. */
const BOOT_SECONDS = 300;

/** Whether the processor lends itself; `/dev/kvm` alone says only that the kernel could. */
const mayUseKvm = (): boolean =>
  existsSync('/dev/kvm') && /\b(vmx|svm)\b/.test(readFileSync('/proc/cpuinfo', 'utf8'));

export interface MachineOptions {
  /** Forget all that was ever written to its disk. @default false */
  readonly fresh?: boolean;
}

/** Sees to it that the machine runs and answers over ssh. @returns seconds until it did */
export async function startMachine(
  paths: LabPaths,
  machine: MachinePaths,
  note: Print,
  { fresh = false }: MachineOptions = {},
): Promise<number> {
  const start = Date.now();
  if (fresh) await stopMachine(paths, machine);
  if (processesOf(paths, 'vps').length === 0) {
    for (const [name, port] of Object.entries(machinePorts())) {
      await requireFreePort(port, `virtual machine (${name})`, 'LAB_VPS_PORT');
    }
    await prepareFiles(paths, machine, fresh);
    note(mayUseKvm() ? 'with KVM' : 'emulated: this processor has no KVM to offer');
    startProcess(paths, 'vps', ['chroot', machine.qemu, ...qemuCommand(paths, mayUseKvm())]);
  }
  const answers = () =>
    inMachine(machine, ['true'], 8).then(
      () => true,
      () => false,
    );
  if (await becomesReady(paths, 'vps', BOOT_SECONDS, answers)) return (Date.now() - start) / 1000;
  const console = join(machine.files, 'console.log');
  const said = existsSync(console)
    ? readFileSync(console, 'utf8').trim().split('\n').slice(-3).join(' | ')
    : '';
  throw new LabError(
    `the virtual machine does not start: ${said || lastWord(paths, 'vps')}`,
    `see ${console}`,
  );
}

/** Turns it off in good order, by force where it takes longer than a minute. Its disk stays. */
export async function stopMachine(paths: LabPaths, machine: MachinePaths): Promise<void> {
  if (processesOf(paths, 'vps').length === 0) return;
  await succeeds('ssh', ['-F', machine.sshConfig, 'vps', 'sudo', 'systemctl', 'poweroff'], {
    timeoutSeconds: 15,
  });
  await eventually(90, () => processesOf(paths, 'vps').length === 0);
  await stopProcesses(paths, 'vps');
}

/** Runs a command on the machine. @returns its standard output @throws CommandError */
export const inMachine = (
  { sshConfig }: MachinePaths,
  command: readonly string[],
  timeoutSeconds = 120,
  input?: string,
): Promise<string> =>
  // A shared connection would be the one of before a reboot.
  run('ssh', ['-F', sshConfig, '-o', 'ConnectTimeout=5', '-o', 'ControlPath=none', 'vps', ...command], {
    timeoutSeconds,
    ...(input === undefined ? {} : { input }),
  });

/** The base lies in another folder of the same disk: linked, not copied, and under a disk that takes all writes. */
async function prepareFiles(paths: LabPaths, machine: MachinePaths, fresh: boolean): Promise<void> {
  const at = (name: string) => join(machine.files, name);
  mkdirSync(machine.files, { recursive: true });
  for (const name of ['vmlinuz', 'initrd', 'disk.raw']) {
    const known = existsSync(at(name)) && statSync(at(name)).ino === statSync(join(machine.base, name)).ino;
    // Writes to a disk over another base would be noise.
    if (!known) rmSync(at('disk.qcow2'), { force: true });
    if (!known) rmSync(at(name), { force: true });
    if (!known) linkSync(join(machine.base, name), at(name));
  }
  // QEMU's network answers names with the name server of its root.
  copyFileSync('/etc/resolv.conf', join(machine.qemu, 'etc/resolv.conf'));
  if (mayUseKvm() && !existsSync(join(machine.qemu, 'dev/kvm'))) {
    await run('mknod', ['-m', '600', join(machine.qemu, 'dev/kvm'), 'c', '10', '232']);
  }
  rmSync(at('console.log'), { force: true });
  if (!fresh && existsSync(at('disk.qcow2'))) return;
  rmSync(at('disk.qcow2'), { force: true });
  const folder = `${FILES}/${paths.id}`;
  await run('chroot', [
    ...[machine.qemu, 'qemu-img', 'create', '-q', '-f', 'qcow2'],
    ...['-F', 'raw', '-b', `${folder}/disk.raw`, `${folder}/disk.qcow2`],
  ]);
}

/** QEMU's command line, with paths as in its root. */
export function qemuCommand(paths: LabPaths, kvm: boolean): string[] {
  const at = (name: string) => `${FILES}/${paths.id}/${name}`;
  const ports = machinePorts();
  const names = Object.keys(INSIDE) as (keyof MachinePorts)[];
  const forwarded = names.map((name) => `hostfwd=tcp:127.0.0.1:${ports[name]}-:${INSIDE[name]}`);
  return [
    ...['qemu-system-x86_64', '-machine', 'q35', '-display', 'none', '-serial', `file:${at('console.log')}`],
    ...(kvm ? ['-accel', 'kvm', '-cpu', 'host'] : ['-accel', 'tcg,thread=multi,tb-size=1024', '-cpu', 'max']),
    ...['-smp', String(PROCESSORS), '-m', String(MEMORY_MIB)],
    ...['-kernel', at('vmlinuz'), '-initrd', at('initrd')],
    ...['-append', 'console=ttyS0 root=/dev/vda rw net.ifnames=0 mitigations=off quiet'],
    // A machine that is lost with this one need not survive it.
    ...['-drive', `file=${at('disk.qcow2')},format=qcow2,if=virtio,cache=unsafe`],
    ...['-device', 'virtio-net-pci,netdev=lan', '-netdev', ['user', 'id=lan', ...forwarded].join(',')],
    ...['-device', 'virtio-rng-pci'],
  ];
}
