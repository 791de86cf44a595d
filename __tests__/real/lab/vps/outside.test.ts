import { createServer, type Server, type Socket } from 'node:net';
import { speaks } from '../../../../lab/vps/outside';
import { isWhole } from '../../../../lab/vps/platform';
import { INSIDE, machinePorts } from '../../../../lab/vps/ports';

describe('a port speaks', () => {
  const servers: Server[] = [];
  const sockets: Socket[] = [];
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    for (const server of servers) server.close();
  });
  const listening = (answer: (socket: Socket, data: Buffer) => void) =>
    new Promise<number>((done) => {
      const server = createServer((socket) => {
        sockets.push(socket);
        socket.on('data', (data) => answer(socket, data));
        socket.on('error', () => {});
      });
      servers.push(server);
      server.listen(0, '127.0.0.1', () => done((server.address() as { port: number }).port));
    });

  test('when it answers either greeting', async () => {
    const http = await listening(
      (socket, data) => String(data).startsWith('GET') && socket.end('HTTP/1.0 200 OK'),
    );
    const tls = await listening(
      (socket, data) => data[0] === 0x16 && socket.end(Buffer.from([0x15, 3, 3, 0, 2, 2, 50])),
    );
    expect(await Promise.all([speaks(http, 500), speaks(tls, 500)])).toEqual([true, true]);
  });

  test('not when the connection is made and nothing comes, as QEMU does for a port that is closed', async () => {
    const silent = await listening(() => {});
    const hangUp = await listening((socket) => socket.destroy());
    expect(await Promise.all([speaks(silent, 500), speaks(hangUp, 500)])).toEqual([false, false]);
  });
});

test.each<[boolean, string[]]>([
  [true, ['userservice 2/2 2 healthy', 'kafka 1/1 1 healthy']],
  [false, []],
  [false, ['userservice 1/2 1 healthy']],
  [false, ['userservice 2/2 1 healthy']],
  [false, ['userservice 2/2 2 healthy', 'kafka 0/0 0 healthy']],
])('a platform is whole (%s): %j', (whole, services) => expect(isWhole(services)).toBe(whole));

test('a first port that is none, or leaves no room, is refused', () => {
  for (const text of ['ssh', '0', '65535']) {
    expect(() => machinePorts({ LAB_VPS_PORT: text })).toThrow(`LAB_VPS_PORT=${text}`);
  }
});

test('the ports of the machine are one after the other, from the one that is asked for', () => {
  const names = Object.keys(INSIDE);
  expect(Object.keys(machinePorts({}))).toEqual(names);
  expect(Object.values(machinePorts({ LAB_VPS_PORT: '20000' }))).toEqual(
    names.map((_, index) => 20000 + index),
  );
});
