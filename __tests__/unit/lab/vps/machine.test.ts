import { labPaths } from '../../../../lab/ground/paths';
import { qemuCommand } from '../../../../lab/vps/machine';
import { INSIDE } from '../../../../lab/vps/ports';

const paths = labPaths('/tmp/some-lab');

test('the machine is reached from this one alone, and reaches the network by itself', () => {
  const network = qemuCommand(paths, false).find((word) => word.startsWith('user,'))!;
  const forwards = network.split(',').filter((word) => word.startsWith('hostfwd='));
  expect(forwards.length).toBe(Object.keys(INSIDE).length);
  for (const forward of forwards) expect(forward).toMatch(/^hostfwd=tcp:127\.0\.0\.1:\d+-:\d+$/);
});

test('what it writes goes to a layer over the bare disk, which is in no other word of the command', () => {
  const words = qemuCommand(paths, false);
  expect(words.filter((word) => word.includes('disk'))).toEqual([
    `file=/vps/${paths.id}/disk.qcow2,format=qcow2,if=virtio,cache=unsafe`,
  ]);
});

test('it is emulated where the processor does not lend itself', () => {
  expect(qemuCommand(paths, false).join(' ')).toContain('-accel tcg');
  expect(qemuCommand(paths, true).join(' ')).toContain('-accel kvm -cpu host');
});
