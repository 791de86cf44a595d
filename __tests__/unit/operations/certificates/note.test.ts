import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { certificateNote } from '../../../../operations/certificates/note';
import { makePair, type Pair } from '../../../support/programs/certificates';
import { freePorts } from '../../../support/programs/loopback';

const DAY = 86_400_000;
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

async function doorOf({ certificate, privateKey }: Pair) {
  const server = createServer({ cert: certificate, key: privateKey });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port, serverName: 'exam.test' };
}
const inDays = (days: number) => new Date(Date.now() + days * DAY);

test('is a fact while there is time, a warning with what to do near the end, and an alarm after it', async () => {
  const issuer = makePair({ subject: '/O=Trust Inc/CN=R1', authority: true });
  const door = await doorOf(makePair({ names: 'DNS:exam.test', issuer }));
  const where = `the certificate at 127.0.0.1:${door.port} (by Trust Inc R1)`;
  expect(await certificateNote(door)).toEqual({ warn: false, text: `${where} ends in 29 days` });
  expect(await certificateNote(door, inDays(25))).toEqual({
    warn: true,
    text: `${where} ends in 4 days: renew it, see docs/certificates.md`,
  });
  const after = await certificateNote(door, inDays(31));
  expect(after).toMatchObject({ warn: true, text: expect.stringMatching(/expired on .*clients refuse it/) });
});

test("says that it is the fallback while Let's Encrypt has given none", async () => {
  const door = await doorOf(makePair({ names: 'DNS:exam.test' }));
  expect((await certificateNote(door))?.warn).toBe(false);
  expect(await certificateNote({ ...door, acme: true })).toMatchObject({
    warn: true,
    text: expect.stringMatching(/is the fallback: there is none from the ACME server yet/),
  });
});

test('is nothing where nobody answers', async () => {
  const [port] = (await freePorts(1)) as [number];
  expect(await certificateNote({ host: '127.0.0.1', port, serverName: 'exam.test' })).toBeUndefined();
});
