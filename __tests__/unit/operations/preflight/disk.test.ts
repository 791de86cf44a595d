import { dataFolders, rootIn } from '../../../../operations/preflight/data-folders';
import { type Disk, judgeDisks, parseDf } from '../../../../operations/preflight/disk';

const GIB = 2 ** 30;
const disk = (folder: string, free: number, mountedOn: string, more: Partial<Disk> = {}): Disk => ({
  folder,
  images: true,
  space: { totalBytes: 100 * GIB, freeBytes: free * GIB, mountedOn },
  ...more,
});

test.each([
  [100, 11, 'ok'],
  [100, 9, 'warning'],
  [10, 1.9, 'warning'],
])('of %i GiB %d free is %s', (total, free, level) => {
  const space = { totalBytes: total * GIB, freeBytes: free * GIB, mountedOn: '/' };
  expect(judgeDisks([disk('/d', 0, '/', { space })])).toMatchObject([{ level }]);
});

test('the POSIX output of df is read, and nothing from a login that allows none', () => {
  const output =
    'Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/my data 1000 600 400 60% /var/lib docker\n';
  expect(parseDf(output)).toEqual({
    totalBytes: 1_024_000,
    freeBytes: 409_600,
    mountedOn: '/var/lib docker',
  });
  expect(parseDf('')).toBeUndefined();
  expect(parseDf('This account is for Docker only.\n')).toBeUndefined();
  expect(judgeDisks([disk('/d', 1, '/', { space: undefined })])).toMatchObject([
    { level: 'warning', fix: 'look at it there: df -h /d; docker system df' },
  ]);
});

test('of two disks each is told, of one it is told once', () => {
  const docker = disk('/var/lib/docker', 50, '/', { images: false });
  expect(judgeDisks([docker, disk('/var/lib/containerd', 50, '/')])).toMatchObject([
    { level: 'ok', text: '50.0 GiB (50 %) free at /var/lib/docker' },
  ]);
  expect(judgeDisks([docker, disk('/var/lib/containerd', 1, '/data')])).toMatchObject([
    { level: 'ok', text: '50.0 GiB (50 %) free at /var/lib/docker' },
    {
      level: 'warning',
      text: '1.0 GiB (1 %) free at /var/lib/containerd, where the images are',
      fix: expect.stringMatching(/\.\/proctor prune/),
    },
  ]);
  // What images leave is no help where volumes are.
  const [full] = judgeDisks([
    { ...docker, space: { ...docker.space!, freeBytes: GIB } },
    disk('/c', 50, '/data'),
  ]);
  expect(full).toMatchObject({ level: 'warning', fix: expect.stringMatching(/docker system df -v/) });
});

describe('the folders of an engine', () => {
  const nothing = () => Promise.resolve('');
  // `docker info` of Docker 29 with containerd's image store, and of the older one.
  const containerd = [['driver-type', 'io.containerd.snapshotter.v1']] as const;
  const overlay2 = [
    ['Backing Filesystem', 'extfs'],
    ['Supports d_type', 'true'],
  ] as const;
  const folders = async (...asked: Parameters<typeof dataFolders>) =>
    (await dataFolders(...asked)).map(({ folder }) => folder);

  test('images are in its own, or in containerd’s', async () => {
    expect(await folders({ DockerRootDir: '/data/docker', DriverStatus: overlay2 }, nothing)).toEqual([
      '/data/docker',
    ]);
    expect(await folders({ DockerRootDir: '/data/docker', DriverStatus: containerd }, nothing)).toEqual([
      '/data/docker',
      '/var/lib/containerd',
    ]);
    expect(await folders({ DriverStatus: null }, nothing)).toEqual(['/var/lib/docker']);
  });

  test('containerd’s own configuration may say another', async () => {
    const read = (file: string) =>
      Promise.resolve(file === '/etc/containerd/config.toml' ? 'root = "/big"\n' : '');
    expect(await folders({ DriverStatus: containerd }, read)).toEqual(['/var/lib/docker', '/big']);
    // One that Docker itself has started reads no such file.
    const Containerd = { Address: '/var/run/docker/containerd/containerd.sock' };
    expect(await folders({ DriverStatus: containerd, Containerd }, read)).toEqual(['/var/lib/docker']);
    const system = { Address: '/run/containerd/containerd.sock' };
    expect(await folders({ DriverStatus: containerd, Containerd: system }, read)).toContain('/big');
  });

  test.each([
    ['version = 2\n  root = \'/data/c\' # moved\n[grpc]\n  root = "/no"\n', '/data/c'],
    ['#root = "/var/lib/containerd"\n[plugins."x"]\n  root = "/no"\n', undefined],
    ['oom_root = "/x"\n', undefined],
    ['', undefined],
  ])('of %j the root is %s', (toml, root) => {
    expect(rootIn(toml)).toBe(root);
  });
});
