import { entriesOf } from '../../../../operations/docker/volume/archive';
import { holdsFiles } from '../../../../operations/docker/volume/read-volume';

/** A header of ustar, and as much content as it says. */
function entry(name: string, content = ''): Buffer {
  const header = Buffer.alloc(512);
  header.write(name);
  header.write(content.length.toString(8).padStart(11, '0'), 124);
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  body.write(content);
  return Buffer.concat([header, body]);
}

test('what a folder’s archive names is what is in it', () => {
  const end = Buffer.alloc(1024);
  expect(entriesOf(Buffer.concat([entry('look/'), end]))).toEqual([]);
  const full = [
    entry('look/'),
    entry('look/lost+found/'),
    entry('look/a', 'x'.repeat(600)),
    entry('look/b/c'),
  ];
  expect(entriesOf(Buffer.concat([...full, end]))).toEqual(['lost+found/', 'a', 'b/c']);
});

test('an archive that was given up half way names what had come', () => {
  const large = Buffer.concat([entry('look/'), entry('look/ibdata1', 'x'.repeat(9000))]);
  expect(entriesOf(large.subarray(0, 3000))).toEqual(['ibdata1']);
});

describe('an image with which no container can be made', () => {
  const docker = (...usable: string[]) =>
    ({
      listImages: async () => [{ Id: 'gone' }, { Id: 'foreign' }, { Id: 'good' }],
      listContainers: async () => [],
      createContainer: async ({ Image }: { Image: string }) => {
        if (!usable.includes(Image)) throw Object.assign(new Error(`no ${Image}`), { statusCode: 404 });
        const archive = Buffer.concat([entry('look/'), entry('look/a', 'x'), Buffer.alloc(1024)]);
        return { getArchive: async () => [archive], remove: async () => {} };
      },
    }) as never;

  test('is passed by for the next', async () => {
    expect(await holdsFiles(docker('good'), 'data')).toBe(true);
  });

  test('is told where there is no other', async () => {
    await expect(holdsFiles(docker(), 'data')).rejects.toThrow('no good');
  });
});

test('a folder that somebody has emptied with rm -rf * has no data', async () => {
  const docker = (...names: string[]) =>
    ({
      listImages: async () => [{ Id: 'any' }],
      listContainers: async () => [],
      createContainer: async () => ({
        getArchive: async () => [
          Buffer.concat([...['', ...names].map((name) => entry(`look/${name}`)), Buffer.alloc(1024)]),
        ],
        remove: async () => {},
      }),
    }) as never;
  expect(await holdsFiles(docker('lost+found/', '.proctorwise-data'), 'data')).toBe(false);
  expect(await holdsFiles(docker('.proctorwise-data', 'ibdata1'), 'data')).toBe(true);
});
