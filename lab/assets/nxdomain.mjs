// nxdomain.mjs <address>: answers every DNS question with "no such name".
// The engine asks a server of its own for names that it does not know, `tasks.userservice` among them while no task is
// healthy. On a VPS the answer is NXDOMAIN at once; without a server it would be a time-out after seconds.
import { createSocket } from 'node:dgram';

const server = createSocket('udp4');
server.on('message', (query, peer) => {
  if (query.length < 12) return;
  let end = 12;
  while (end < query.length && query[end] !== 0) end += query[end] + 1;
  const answer = Buffer.from(query.subarray(0, Math.min(end + 5, query.length)));
  answer.writeUInt16BE(0x8183, 2); // response, recursion desired and available, NXDOMAIN
  answer.writeUInt16BE(1, 4);
  answer.fill(0, 6, 12);
  server.send(answer, peer.port, peer.address);
});
server.on('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
server.bind(53, process.argv[2]);
