import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

const two = (value: number) => Buffer.from([value >> 8, value & 255]);
const sized = (body: Buffer) => Buffer.concat([two(body.length), body]);
const extension = (type: number, body: Buffer) => Buffer.concat([two(type), sized(body)]);

/**
 * A client of TLS 1.3 that knows one group and has sent no key yet, whatever OpenSSL this machine has.
 * @returns the group that the server asks it for (HelloRetryRequest), or undefined: it refuses
 */
export function askedGroup(port: number, group: number): Promise<number | undefined> {
  const extensions = Buffer.concat([
    extension(0x002b, Buffer.from([2, 0x03, 0x04])),
    extension(0x000a, sized(two(group))),
    extension(0x000d, sized(Buffer.from('0403080408050806', 'hex'))),
    extension(0x0033, sized(Buffer.alloc(0))),
  ]);
  const body = Buffer.concat([
    two(0x0303),
    randomBytes(32),
    Buffer.from([0]),
    sized(two(0x1301)),
    Buffer.from([1, 0]),
    sized(extensions),
  ]);
  const handshake = Buffer.concat([Buffer.from([1, 0]), two(body.length), body]);
  return new Promise((done, fail) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(Buffer.concat([Buffer.from([22, 3, 1]), sized(handshake)])),
    );
    socket.setTimeout(5000, () => socket.destroy(new Error('no answer to a ClientHello')));
    socket.once('error', fail);
    socket.once('data', (answer) => {
      socket.destroy();
      // The extension key_share of a HelloRetryRequest: its type, a length of 2, the group.
      const at = answer[0] === 22 ? answer.indexOf(Buffer.from([0, 0x33, 0, 2])) : -1;
      done(at < 0 ? undefined : answer.readUInt16BE(at + 4));
    });
  });
}
