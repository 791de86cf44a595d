import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatherDisks, judgeDisks } from '../../../../operations/preflight/disk';

test('the server is asked for both, and one that may not be looked at hides not the other', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'disk-'));
  const path = process.env.PATH;
  const row =
    'case "$*" in *containerd/config.toml*) echo \'root = "/big"\' ;; *\'/big\'*) echo "/dev/vdb 1000 990 10 99% /big" ;; *) exit 1 ;; esac';
  writeFileSync(join(folder, 'ssh'), `#!/bin/sh\n${row}\n`);
  chmodSync(join(folder, 'ssh'), 0o755);
  try {
    process.env.PATH = `${folder}:${path}`;
    const store = { DriverStatus: [['driver-type', 'io.containerd.snapshotter.v1']] as const };
    const found = judgeDisks(await gatherDisks({ host: 'ssh://deploy@vps', sshOptions: [] }, store));
    expect(found).toMatchObject([
      {
        level: 'warning',
        text: 'free space at /var/lib/docker is not known: the login allows no `df` of it',
      },
      { level: 'warning', text: '0.0 GiB (1 %) free at /big, where the images are' },
    ]);
  } finally {
    process.env.PATH = path;
    rmSync(folder, { recursive: true });
  }
});
