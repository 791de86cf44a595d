import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connect } from 'node:tls';
import { eventually } from '../../../../lab/ground/shell';
import { makePair } from '../../../support/programs/certificates';
import { freePorts } from '../../../support/programs/loopback';

const script = resolve(__dirname, '../../../../lab/assets/mail.mjs');
const ca = makePair({ subject: '/CN=the CA', authority: true });
const pair = makePair({ issuer: ca, subject: '/CN=mail', names: 'IP:127.0.0.1' });
let folder: string;
let child: ChildProcess;
let port: number;

/** Says these lines, each one after an answer. @returns all answers */
const talk = (lines: readonly string[]) =>
  new Promise<string>((done, fail) => {
    const rest = [...lines];
    let answers = '';
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.on('data', (chunk) => {
      answers += chunk;
      const next = rest.shift();
      if (next !== undefined) socket.write(`${next}\r\n`);
    });
    socket.on('close', () => done(answers));
    socket.on('error', fail);
  });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lab-'));
  [port] = (await freePorts(1)) as [number];
  const files = ['mail.pem', 'mail.key'].map((name) => join(folder, name));
  writeFileSync(files[0]!, pair.certificate);
  writeFileSync(files[1]!, pair.privateKey);
  child = spawn(process.execPath, [script, '127.0.0.1', String(port), join(folder, 'mails.jsonl'), ...files]);
  const accepts = () =>
    talk(['QUIT']).then(
      () => true,
      () => false,
    );
  expect(await eventually(20, accepts)).toBe(true);
});
afterEach(() => {
  child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const mails = () =>
  readFileSync(join(folder, 'mails.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const base64 = (text: string) => Buffer.from(text).toString('base64');

test('keeps a mail as it came: both addresses, subject, body, lines that begin with a dot', async () => {
  const body = ['Subject: Exam moved', '', 'first', '..second', '.'].join('\r\n');
  await talk([
    'EHLO me',
    'MAIL FROM:<a@x.org>',
    'RCPT TO:<b@x.org>',
    'RCPT TO:<c@x.org>',
    'DATA',
    body,
    'QUIT',
  ]);
  expect(mails()).toEqual([
    expect.objectContaining({
      from: 'a@x.org',
      to: ['b@x.org', 'c@x.org'],
      subject: 'Exam moved',
      body: 'first\n.second',
    }),
  ]);
});

test.each([
  ['PLAIN in one line', [`AUTH PLAIN ${base64('\0user\0pass')}`]],
  ['PLAIN in two', ['AUTH PLAIN', base64('\0user\0pass')]],
  ['LOGIN', ['AUTH LOGIN', base64('user'), base64('pass')]],
])('takes a login by %s and remembers who it was', async (_, login) => {
  const answers = await talk([
    'EHLO me',
    ...login,
    'MAIL FROM:<a@x.org>',
    'RCPT TO:<b@x.org>',
    'DATA',
    'Subject: s\r\n\r\nt\r\n.',
    'QUIT',
  ]);
  expect(answers).toContain('235');
  expect(mails()[0].login).toBe('user');
});

test('a connection that ends half-way leaves no mail', async () => {
  await talk(['EHLO me', 'MAIL FROM:<a@x.org>', 'QUIT']);
  expect(existsSync(join(folder, 'mails.jsonl'))).toBe(false);
});

/** STARTTLS, and then these lines. @returns all answers that came encrypted */
const talkEncrypted = (lines: readonly string[], trusted: string) =>
  new Promise<string>((done, fail) => {
    const rest = [...lines];
    let answers = '';
    const plain = createConnection({ port, host: '127.0.0.1' }).on('error', fail);
    const hello = [
      ['220 lab', 'EHLO me\r\n'],
      ['250 AUTH', 'STARTTLS\r\n'],
      ['220 go ahead', ''],
    ];
    let heard = '';
    plain.on('data', (chunk) => {
      heard += chunk;
      if (!heard.includes(hello[0]![0]!)) return;
      const [, next] = hello.shift()!;
      if (next) return void plain.write(next);
      plain.removeAllListeners('data');
      const socket = connect({ socket: plain, ca: trusted, host: '127.0.0.1' }, () =>
        socket.write(`${rest.shift()}\r\n`),
      );
      socket.on('data', (chunk) => {
        answers += chunk;
        const line = rest.shift();
        if (line !== undefined) socket.write(`${line}\r\n`);
      });
      socket.on('close', () => done(answers));
      socket.on('error', fail);
    });
  });

test('offers STARTTLS, takes a mail by it, and says which came that way', async () => {
  const mail = ['MAIL FROM:<a@x.org>', 'RCPT TO:<b@x.org>', 'DATA', 'Subject: s\r\n\r\nt\r\n.', 'QUIT'];
  expect(await talk(['EHLO me', ...mail])).toContain('STARTTLS');
  // Not a second time.
  expect(await talkEncrypted(['EHLO me', ...mail], ca.certificate)).not.toContain('STARTTLS');
  expect(mails().map(({ tls }) => tls)).toEqual([false, true]);
});

test('is refused by who does not know its CA', async () => {
  await expect(talkEncrypted(['EHLO me'], makePair({ authority: true }).certificate)).rejects.toThrow(
    /unable to verify|self.signed|issuer/,
  );
});
