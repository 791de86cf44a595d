import { DockerClient } from '../../../../operations/docker/client';
import { archiveOf, contentOf, entriesOf } from '../../../../operations/docker/volume/archive';
import { type FakeDaemon, fakeDaemon } from './fake-daemon';

const FILE = { name: '.proctorwise-data', content: 'an-id\n', uid: 999, gid: 1001 };

test('an archive of one file has its name, mode and owner', () => {
  const tar = archiveOf(FILE);
  expect([entriesOf(tar), contentOf(tar), tar.length % 512]).toEqual([['.proctorwise-data'], 'an-id\n', 0]);
  const field = (at: number) => Number.parseInt(tar.toString('latin1', at, at + 8), 8);
  expect([field(100), field(108), field(116)]).toEqual([0o444, 999, 1001]);
});

/** One container, whose folder of data belongs to 999:1001. */
describe('a file in a container', () => {
  const put: string[] = [];
  let daemon: FakeDaemon;
  let docker: DockerClient;
  beforeAll(async () => {
    daemon = await fakeDaemon((request, body, response) => {
      const url = new URL(request.url!, 'http://docker');
      const [what, path] = [`${request.method} ${url.pathname}`, url.searchParams.get('path')];
      const gone = (message: string) => response.writeHead(404).end(JSON.stringify({ message }));
      if (what === 'PUT /containers/c1/archive') {
        put.push(`${path} ${body.slice(0, 17)} ${body.slice(108, 123)}`);
        response.writeHead(200).end();
      } else if (what === 'GET /containers/c1/json') response.end('{"Id":"c1"}');
      else if (what !== 'GET /containers/c1/archive') gone('No such container');
      else if (path === '/data') response.end(archiveOf({ ...FILE, name: 'data/', content: '' }));
      else if (path === '/data/there') response.end(archiveOf(FILE));
      else gone(`Could not find the file ${path} in container c1`);
    });
    docker = new DockerClient({ host: daemon.host });
  });
  afterAll(async () => {
    docker.close();
    await daemon.stop();
  });

  test('is read', async () => {
    expect(await docker.fileIn('c1', '/data/there')).toBe('an-id\n');
  });

  test('that is not there is told from a container that is not', async () => {
    expect(await docker.fileIn('c1', '/data/other')).toBeUndefined();
    await expect(docker.fileIn('c2', '/data/there')).rejects.toMatchObject({ statusCode: 404 });
  });

  test('is put to whom the folder belongs', async () => {
    await docker.putFile('c1', '/data', FILE);
    expect(put).toEqual(['/data .proctorwise-data 0001747\0' + '0001751']);
  });
});
