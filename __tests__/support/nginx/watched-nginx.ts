import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { nginxConf } from '../../../constructs/ingress/nginx-conf';
import { TLS_GROUPS } from '../../../constructs/ingress/tls/groups';
import { servedCertificate } from '../../../operations/certificates/served';
import type { Pair } from '../programs/certificates';
import { freePorts } from '../programs/loopback';
import type { PosixShell } from '../programs/posix-shells';
import type { Nginx } from './nginx';

export const TLS_WATCH = resolve(__dirname, '../../../constructs/assets/tls-watch.sh');

export interface WatchedNginxOptions {
  readonly nginx: Nginx;
  /** What it serves until there is better. */
  readonly fallback: Pair;
  /** Where better ones appear. @default a folder of its own */
  readonly live?: string;
  /** For challenges, over HTTP on `httpPort`. @default none */
  readonly webroot?: string;
  /** @default a free one */
  readonly httpPort?: number;
  readonly shell: PosixShell;
  /** What a test makes worse in nginx.conf. @default nothing */
  readonly spoil?: (conf: string) => string;
}

/** The shipped `tls-watch.sh` with a real nginx under the shipped nginx.conf. */
export class WatchedNginx {
  readonly folder = mkdtempSync(join(tmpdir(), 'tls-watch-'));
  readonly live: string;
  port = 0;
  private child: ChildProcess | undefined;
  private exit: Promise<number | null> = Promise.resolve(null);

  constructor(private readonly options: WatchedNginxOptions) {
    this.live = options.live ?? join(this.folder, 'live');
    for (const name of ['fallback', 'served']) mkdirSync(join(this.folder, name));
    if (!options.live) mkdirSync(this.live);
    this.write(join(this.folder, 'fallback'), options.fallback);
  }

  /** Lays a pair, or a part of one, where certbot would. */
  renew(pair: Partial<Pair>): void {
    this.write(this.live, pair);
  }

  /** @param service a service on loopback and the name server that knows it as `tasks.web` */
  async start(service: { readonly dns: number; readonly port: number }): Promise<void> {
    const { nginx, shell, webroot, httpPort, spoil = (text) => text } = this.options;
    const [http, https, health] = (await freePorts(3)) as [number, number, number];
    this.port = https;
    const served = join(this.folder, 'served');
    const conf = join(this.folder, 'nginx.conf');
    writeFileSync(
      conf,
      spoil(
        nginxConf({
          routes: [{ path: '/', service: 'web', port: service.port, websocket: true }],
          behindEdge: false,
          ports: { http: httpPort ?? http, https, health },
          certificate: join(served, 'fullchain.pem'),
          certificateKey: join(served, 'privkey.pem'),
          runtimeFolder: this.folder,
          resolver: `127.0.0.1:${service.dns}`,
          // Behind the edge there is no end to it.
          shutdownTimeout: 600,
          ...(webroot ? { acmeWebroot: webroot } : {}),
        }),
      ),
    );
    const [file, ...rest] = shell.argv;
    const settings = [`LIVE=${this.live}`, `FALLBACK=${join(this.folder, 'fallback')}`, `SERVED=${served}`];
    const command = [nginx.file, '-e', 'stderr', '-p', this.folder, '-g', `${nginx.globals}daemon off;`];
    const groups = join(this.folder, 'openssl.cnf');
    writeFileSync(groups, TLS_GROUPS);
    const out = openSync(join(this.folder, 'output'), 'a');
    this.child = spawn(
      file,
      [...rest, TLS_WATCH, ...settings, `CONF=${conf}`, 'EVERY=1', '--', ...command, '-c', conf],
      { stdio: ['ignore', out, out], detached: true, env: { ...process.env, OPENSSL_CONF: groups } },
    );
    closeSync(out);
    this.exit = new Promise((done) => this.child?.on('exit', done));
    await this.until(() => this.subject(), 'nginx does not start');
  }

  /** Whose certificate clients get. */
  async subject(): Promise<string> {
    return (await servedCertificate({ host: '127.0.0.1', port: this.port, serverName: 'localhost' })).subject;
  }

  async serves(subject: string): Promise<void> {
    await this.until(async () => {
      if ((await this.subject()) !== subject) throw new Error(`not ${subject}`);
    }, `${subject} is not served`);
  }

  async says(words: RegExp): Promise<void> {
    await this.until(async () => {
      if (!words.test(this.output())) throw new Error('not yet');
    }, `it does not say ${words}`);
  }

  output(): string {
    return readFileSync(join(this.folder, 'output'), 'utf8');
  }

  /** As Swarm stops nginx; the exit status. */
  async quit(): Promise<number | null> {
    this.child?.kill('SIGQUIT');
    return this.exit;
  }

  async remove(): Promise<void> {
    if (this.child?.pid && this.child.exitCode === null) process.kill(-this.child.pid, 'SIGKILL');
    await this.exit;
    rmSync(this.folder, { recursive: true, force: true });
  }

  private write(folder: string, { certificate, privateKey }: Partial<Pair>): void {
    if (certificate !== undefined) writeFileSync(join(folder, 'fullchain.pem'), certificate);
    if (privateKey !== undefined) writeFileSync(join(folder, 'privkey.pem'), privateKey);
  }

  private async until(works: () => Promise<unknown>, otherwise: string): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        await works();
        return;
      } catch (error) {
        if (tries > 100) throw new Error(`${otherwise}: ${error}\n${this.output()}`);
        await new Promise((done) => setTimeout(done, 100));
      }
    }
  }
}
