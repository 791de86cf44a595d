import { createServer, type Server } from 'node:net';
import { answering } from '../../../../operations/preflight/exposure';
import { freePorts } from '../../../support/programs/loopback';

let server: Server;
afterEach(() => new Promise((done) => server.close(done)));

test('a port that answers is told from one that does not', async () => {
  const [open, closed] = await freePorts(2);
  server = createServer((socket) => socket.end()).listen(open, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  expect(await answering('127.0.0.1', [closed!, open!])).toEqual([open]);
});
