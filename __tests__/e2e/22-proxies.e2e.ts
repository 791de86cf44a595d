import { cpSync, symlinkSync } from 'node:fs';
import { createServer as createHttps, request } from 'node:https';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ask } from '../../lab/deploy/requests';
import { PORTS } from '../../lab/deploy/target';
import { makePair } from '../support/programs/certificates';
import { ask as askAt } from '../support/programs/loopback';
import { ProjectCopy } from '../support/programs/project-copy';
import { tell } from './support/http';
import { describeLab, expectSuccess, npmRunLab, runningLab, runningTarget, runProgram } from './support/lab';

const FORGED = '198.51.100.66';

/** A CDN in small: it speaks HTTPS to both sides, and appends the address of its client to a header. */
function headerProxy(to: { host: string; from: string }): Server {
  const { certificate, privateKey } = makePair({ names: 'DNS:localhost' });
  return createHttps({ cert: certificate, key: privateKey }, (asked, answer) => {
    const before = asked.headers['x-forwarded-for'];
    const list = [...(before ? [String(before)] : []), asked.socket.remoteAddress].join(', ');
    const passed = request({
      host: to.host,
      port: PORTS.https,
      localAddress: to.from,
      path: asked.url,
      method: asked.method,
      headers: { ...asked.headers, 'x-forwarded-for': list },
      servername: 'localhost',
      rejectUnauthorized: false,
      agent: false,
    });
    passed.on('response', (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    passed.on('error', () => answer.writeHead(502).end());
    asked.pipe(passed);
  });
}

/** A load balancer in small: it passes TCP on, and says first by the PROXY protocol who has connected. */
function tcpProxy(to: { host: string; from: string }): Server {
  return createServer((client) => {
    const server = connect({ host: to.host, port: PORTS.https, localAddress: to.from }, () => {
      server.write(proxyLine(client.remoteAddress!, client.remotePort!, to.host));
      client.pipe(server).pipe(client);
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const)
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
  });
}

const proxyLine = (address: string, port: number, to: string) =>
  `PROXY TCP4 ${address} ${to} ${port} ${PORTS.https}\r\n`;

/** Who an application takes for its client, when somebody begins with the PROXY protocol by himself. */
const speak = (from: string, line: string) =>
  new Promise<string>((done, fail) => {
    const socket: Socket = connect(
      { host: runningLab().address, port: PORTS.https, localAddress: from },
      () => {
        socket.write(line);
        const tls = connectTls({ socket, servername: 'localhost', rejectUnauthorized: false }, () =>
          tls.write('GET /users HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'),
        );
        let text = '';
        tls.on('data', (data) => (text += data));
        tls.on('end', () => done(/"client": ?"([^"]+)"/.exec(text)?.[1] ?? text));
        tls.on('error', fail);
      },
    );
    socket.on('error', fail);
  });

describeLab('a proxy before the server', () => {
  const project = new ProjectCopy();
  let proxy: Server;
  let lab: ReturnType<typeof runningLab>;
  /** The client, where the proxy comes from, and where it listens and somebody else comes from. */
  let [client, inner, outer]: string[] = [];

  const open = (made: Server) =>
    new Promise<void>((done) => {
      proxy = made.listen(PORTS.https, outer, done);
    });
  /** The catalogue says what stands there, and a deploy is probed through it. */
  const deploy = async (word: string) => {
    project.edit(
      /(\n {4}lab: \{\n)( {6}trustedProxies: .*\n)?/,
      `$1      trustedProxies: { networks: ['${inner}/32'], ${word} },\n`,
    );
    const run = await runProgram(
      'deploy',
      ['--yes', '--environment', 'lab', '--acknowledge', 'edge'],
      { ...runningTarget().variables, VPS_PUBLIC_HOST: outer! },
      project.folder,
    );
    expectSuccess(run);
    return run.output;
  };
  const through = async (headers: Record<string, string> = {}) => {
    const { port } = proxy.address() as AddressInfo;
    const { body } = await askAt(`https://${outer}:${port}/users`, {
      localAddress: client!,
      headers: { host: 'localhost', ...headers },
    });
    return JSON.parse(body).client;
  };

  beforeAll(() => {
    lab = runningLab();
    [client, inner, outer] = lab.clients;
    cpSync('lab', project.path('lab'), { recursive: true });
    symlinkSync(lab.paths.dir, project.path('.lab'));
  });
  afterEach(() => {
    proxy.close();
  });
  afterAll(async () => {
    project.remove();
    expectSuccess(await npmRunLab());
  });

  test('without a word all that it brings is one client', async () => {
    await open(headerProxy({ host: lab.address, from: inner! }));
    expect(await through()).toBe(inner);
  });

  test('that says the client’s address in a header is believed, and nobody else', async () => {
    await open(headerProxy({ host: lab.address, from: inner! }));
    await deploy("header: 'X-Forwarded-For'");
    expect(await through()).toBe(client);
    expect(await through({ 'X-Forwarded-For': FORGED })).toBe(client);
    expect(await tell('/users', { from: outer!, headers: { 'X-Forwarded-For': FORGED } })).toMatchObject({
      status: 200,
      client: outer,
    });
  });

  test('that says it by the PROXY protocol is believed, and nobody gets in past it', async () => {
    await open(tcpProxy({ host: lab.address, from: inner! }));
    await deploy('proxyProtocol: true');
    expect(await through()).toBe(client);
    expect(await through({ 'X-Forwarded-For': FORGED })).toBe(client);
    expect(await speak(outer!, proxyLine(FORGED, 4711, lab.address))).toBe(outer);
    await expect(ask(lab, '/health')).rejects.toThrow();
  });
});
