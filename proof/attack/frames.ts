/** HTTP/2 as bytes: what a client that stops in the middle of something has sent until then. */

const SETTINGS = 4;
const HEADERS = 1;
const CONTINUATION = 9;
const DATA = 0;
const END_STREAM = 1;
const END_HEADERS = 4;
const ACKNOWLEDGED = 1;

function frame(type: number, flags: number, stream: number, payload = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A field that is not kept for later ones, in HPACK. */
const field = (name: string, value: string) => Buffer.concat([Buffer.from([0]), text(name), text(value)]);

function text(value: string): Buffer {
  const length = value.length < 127 ? [value.length] : [127];
  for (let rest = value.length - 127; rest >= 0; rest = rest < 128 ? -1 : rest >> 7)
    length.push(rest < 128 ? rest : 128 | (rest & 127));
  return Buffer.concat([Buffer.from(length), Buffer.from(value, 'latin1')]);
}

/** nginx takes no body before its settings are acknowledged. */
const BEGIN = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  frame(SETTINGS, 0, 0),
  frame(SETTINGS, ACKNOWLEDGED, 0),
]);
/** Settings by which nothing of an answer may be sent. */
const NO_WINDOW = Buffer.from([0, 4, 0, 0, 0, 0]);
const [GET, POST, HTTPS, ROOT] = [0x82, 0x83, 0x87, 0x84];
const fields = (method: number, ...more: Buffer[]) =>
  Buffer.concat([Buffer.from([method, HTTPS, ROOT]), field(':authority', 'localhost'), ...more]);

/** A whole request. */
export const whole = Buffer.concat([BEGIN, frame(HEADERS, END_STREAM | END_HEADERS, 1, fields(GET))]);

/** A header of almost 32 kB that does not end. */
const endless = (stream: number) => [
  frame(HEADERS, 0, stream, fields(GET, field('x-0', 'x'.repeat(7800)))),
  ...[1, 2, 3].map((at) => frame(CONTINUATION, 0, stream, field(`x-${at}`, 'x'.repeat(7800)))),
];
const body = (stream: number) => [
  frame(HEADERS, END_HEADERS, stream, fields(POST, field('content-length', '9999'))),
  frame(DATA, 0, stream, Buffer.alloc(9000, 'x')),
];

export const halfAHeader = Buffer.concat([BEGIN, ...endless(1)]);
export const halfABody = Buffer.concat([BEGIN, ...body(1)]);
/** What one connection may have for each request that is counted. */
export const halfOfBoth = Buffer.concat([BEGIN, ...body(1), ...endless(3)]);
/** What a client wants to have, and takes nothing of. */
export interface Wanted {
  readonly path: string;
  /** It sends a body of almost 10 kB with it, and takes what is compressed. @default false */
  readonly dearly?: boolean;
}

/** A whole request whose answer may not be sent, and a header of the next one that does not end. */
export function deaf({ path, dearly = false }: Wanted): Buffer {
  const asked = Buffer.concat([
    Buffer.from([dearly ? POST : GET, HTTPS]),
    field(':path', path),
    field(':authority', 'localhost'),
    ...(dearly ? [field('content-length', '9999'), field('accept-encoding', 'gzip')] : []),
  ]);
  return Buffer.concat([
    BEGIN,
    frame(SETTINGS, 0, 0, NO_WINDOW),
    frame(HEADERS, dearly ? END_HEADERS : END_HEADERS | END_STREAM, 1, asked),
    ...(dearly ? [frame(DATA, END_STREAM, 1, Buffer.alloc(9999, 'x'))] : []),
    ...endless(3),
  ]);
}
