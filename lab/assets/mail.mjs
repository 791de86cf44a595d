// mail.mjs <address> <port> <file> [<certificate> <key>]: an SMTP server that accepts every mail, with or without a login,
// and appends one JSON object per mail to the file: { from, to, login, tls, subject, body, at }. With a certificate it
// offers STARTTLS; `tls` says whether the mail came that way.
import { appendFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';

const [address, port, file, certificate, key] = process.argv.slice(2);
const secureContext =
  certificate && createSecureContext({ cert: readFileSync(certificate), key: readFileSync(key) });
const decode = (text) => Buffer.from(text ?? '', 'base64').toString();
const path = (line) => /<([^>]*)>/.exec(line)?.[1] ?? '';

function session(plain) {
  let socket = plain;
  let tls = false;
  const say = (line) => socket.write(`${line}\r\n`);
  let mail = { from: '', to: [] };
  let login;
  let lines; // of the mail under way
  let expects; // what the next line answers during a login

  const finish = () => {
    const split = lines.indexOf('');
    const subject = lines.find((line) => /^subject:/i.test(line))?.replace(/^subject:\s*/i, '') ?? '';
    const body = lines.slice(split + 1).join('\n');
    appendFileSync(
      file,
      `${JSON.stringify({ ...mail, login, tls, subject, body, at: new Date().toISOString() })}\n`,
    );
    lines = undefined;
    mail = { from: '', to: [] };
    say('250 kept');
  };
  const authenticate = (line) => {
    const [, method = '', initial] = line.split(' ');
    if (/^plain$/i.test(method)) {
      expects = (text) => {
        login = decode(text).split('\0')[1];
        say('235 welcome');
      };
      return initial ? accept(initial) : say('334 ');
    }
    expects = (text) => {
      login = decode(text);
      expects = () => say('235 welcome');
      say('334 UGFzc3dvcmQ6');
    };
    return initial ? accept(initial) : say('334 VXNlcm5hbWU6');
  };
  const accept = (line) => {
    const answer = expects;
    expects = undefined;
    answer(line);
  };
  const command = (line) => {
    if (lines) return line === '.' ? finish() : lines.push(line.replace(/^\.\./, '.'));
    if (expects) return accept(line);
    switch (line.slice(0, 4).toUpperCase()) {
      case 'EHLO':
        say('250-lab');
        if (secureContext && !tls) say('250-STARTTLS');
        return say('250 AUTH PLAIN LOGIN');
      case 'AUTH':
        return authenticate(line);
      case 'STAR':
        if (!secureContext || tls) return say('503 not now');
        say('220 go ahead');
        return encrypt();
      case 'MAIL':
        mail.from = path(line);
        return say('250 ok');
      case 'RCPT':
        mail.to.push(path(line));
        return say('250 ok');
      case 'DATA':
        lines = [];
        return say('354 end with a dot');
      case 'QUIT':
        return socket.end('221 bye\r\n');
      default:
        return say('250 ok');
    }
  };

  let rest = '';
  const listen = () => {
    socket.setEncoding('utf8');
    socket.on('error', () => {});
    socket.on('data', (text) => {
      const all = (rest + text).split('\r\n');
      rest = all.pop();
      for (const line of all) command(line);
    });
  };
  // What was said before, in the clear, counts for nothing.
  const encrypt = () => {
    plain.removeAllListeners('data');
    socket = new TLSSocket(plain, { isServer: true, secureContext });
    tls = true;
    rest = '';
    mail = { from: '', to: [] };
    login = undefined;
    listen();
  };
  listen();
  say('220 lab ESMTP');
}

createServer(session)
  .on('error', (error) => {
    console.error(error.message);
    process.exit(1);
  })
  .listen(Number(port), address);
