import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { freePorts } from '../programs/loopback';

/** What the tests with a real CA need of this machine; `missing` is empty when all is there. */
export function acmePrograms(): { readonly path: string; readonly missing: string[] } {
  const { CERTBOT_BIN, PATH = '' } = process.env;
  const path = CERTBOT_BIN ? `${dirname(CERTBOT_BIN)}${delimiter}${PATH}` : PATH;
  const answers = (file: string, ...args: string[]) => {
    const { status, stdout, stderr, error } = spawnSync(file, args, { env: { ...process.env, PATH: path } });
    return error ? undefined : { status, text: `${stdout}${stderr}` };
  };
  const certbot = /certbot (\d+)\./.exec(answers('certbot', '--version')?.text ?? '')?.[1];
  const missing = [
    ...['pebble', 'pebble-challtestsrv'].filter((file) => !answers(file, '-help')),
    ...(Number(certbot) >= 4 ? [] : ['certbot 4.0 or newer (CERTBOT_BIN)']),
    ...['openssl', 'python3'].filter((file) => answers(file, 'version') === undefined),
  ];
  return { path, missing };
}

export interface PebbleOptions {
  /** How long its certificates live. @default 3600 */
  readonly validitySeconds?: number;
  /** Where it looks for challenges. */
  readonly httpPort: number;
  /** Variables of pebble itself. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Pebble, Let's Encrypt's ACME server for tests, and its name server, on loopback: every name is 127.0.0.1. */
export class Pebble {
  readonly folder = mkdtempSync(join(tmpdir(), 'pebble-'));
  /** PEM of the certificate that the server itself shows. */
  readonly caFile = join(this.folder, 'server.pem');
  readonly keyFile = join(this.folder, 'server.key');
  directory = '';
  private readonly children: ChildProcess[] = [];
  private ports: number[] = [];

  constructor(private readonly options: PebbleOptions) {
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    const files = ['-keyout', this.keyFile, '-out', this.caFile];
    execFileSync('openssl', ['req', '-x509', ...key, ...subject, ...files], { stdio: 'pipe' });
  }

  /** Starts it, or starts it anew: it then knows no account and no order, as after a loss of its data. */
  async start(environment: Readonly<Record<string, string>> = {}): Promise<this> {
    if (this.ports.length === 0) this.ports = await freePorts(4);
    const [acme, management, dns, control] = this.ports as [number, number, number, number];
    const { httpPort, validitySeconds = 3600 } = this.options;
    const config = join(this.folder, 'config.json');
    writeFileSync(
      config,
      JSON.stringify({
        pebble: {
          listenAddress: `127.0.0.1:${acme}`,
          managementListenAddress: `127.0.0.1:${management}`,
          certificate: this.caFile,
          privateKey: this.keyFile,
          httpPort,
          tlsPort: httpPort,
          certificateValidityPeriod: validitySeconds,
        },
      }),
    );
    const off = ['-http01', '', '-https01', '', '-tlsalpn01', '', '-defaultIPv6', ''];
    this.run('pebble-challtestsrv', [
      ...off,
      '-dns01',
      `127.0.0.1:${dns}`,
      '-management',
      `127.0.0.1:${control}`,
    ]);
    this.run('pebble', ['-config', config, '-dnsserver', `127.0.0.1:${dns}`], {
      // It answers as fast as it can, and is in a bad mood only where a test says so.
      PEBBLE_VA_NOSLEEP: '1',
      PEBBLE_AUTHZREUSE: '0',
      PEBBLE_WFE_NONCEREJECT: '0',
      ...this.options.environment,
      ...environment,
    });
    this.directory = `https://127.0.0.1:${acme}/dir`;
    for (let tries = 0; ; tries++) {
      try {
        await this.get(this.directory);
        return this;
      } catch (error) {
        if (tries > 600) throw new Error(`pebble does not start: ${error}\n${this.log()}`);
        await new Promise((done) => setTimeout(done, 50));
      }
    }
  }

  /** The certificate that its issuers' chains end in; another one after each start. */
  async root(): Promise<string> {
    return this.get(`https://127.0.0.1:${this.ports[1]}/roots/0`);
  }

  /** What it was asked and did. */
  log(): string {
    return readFileSync(join(this.folder, 'pebble'), 'utf8');
  }

  /** How many orders it was asked for. */
  get orders(): number {
    return this.log().match(/POST \/order-plz/g)?.length ?? 0;
  }

  async stop(): Promise<void> {
    const gone = this.children.splice(0).map((child) => {
      const exit = new Promise((done) => (child.exitCode === null ? child.on('exit', done) : done(0)));
      child.kill('SIGTERM');
      return exit;
    });
    await Promise.all(gone);
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private run(file: string, args: string[], environment: Readonly<Record<string, string>> = {}): void {
    const out = openSync(join(this.folder, file), 'a');
    this.children.push(
      spawn(file, args, { env: { ...process.env, ...environment }, stdio: ['ignore', out, out] }),
    );
    closeSync(out);
  }

  private get(url: string): Promise<string> {
    return new Promise((done, fail) => {
      const asked = request(url, { ca: readFileSync(this.caFile), agent: false }, async (response) => {
        let body = '';
        for await (const part of response) body += part;
        done(body);
      });
      asked.on('error', fail).end();
    });
  }
}
