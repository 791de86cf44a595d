// nxdomain.mjs <address> [port]: answers every DNS question with "no such name", but for those below .test, which are this address.
// The engine asks a server of its own for names that it does not know, `tasks.userservice` among them while no task is
// healthy. On a VPS the answer is NXDOMAIN at once; without a server it would be a time-out after seconds.
import { createSocket } from 'node:dgram';

const address = process.argv[2].split('.').map(Number);
const server = createSocket('udp4');
server.on('message', (query, peer) => {
  if (query.length < 12) return;
  let end = 12;
  while (end < query.length && query[end] !== 0) end += query[end] + 1;
  const answer = Buffer.from(query.subarray(0, Math.min(end + 5, query.length)));
  const isOwn = query.subarray(0, end).toString('latin1').toLowerCase().endsWith('\x04test');
  const isAddress = isOwn && query.readUInt16BE(end + 1) === 1;
  // Response, recursion desired and available; NXDOMAIN, or no error with one address or none.
  answer.writeUInt16BE(isOwn ? 0x8180 : 0x8183, 2);
  answer.writeUInt16BE(1, 4);
  answer.fill(0, 6, 12);
  if (isAddress) answer.writeUInt16BE(1, 6);
  // The name again, as a pointer to the question; type A, class IN, 60 s, four bytes.
  const record = isAddress ? [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address] : [];
  server.send(Buffer.concat([answer, Buffer.from(record)]), peer.port, peer.address);
});
server.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
server.bind(Number(process.argv[3] ?? 53), process.argv[2]);
