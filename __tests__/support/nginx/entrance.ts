import { readFileSync } from 'node:fs';
import { edgeConf } from '../../../constructs/ingress/edge-conf';
import { type NginxConfOptions, nginxConf } from '../../../constructs/ingress/nginx-conf';
import { ask, certificatePair, freePorts, startDns, startService } from '../programs/loopback';
import { type Nginx, NginxFolder } from './nginx';

export interface EntranceOptions {
  /** Of both. @default as shipped */
  readonly connections?: NginxConfOptions['connections'];
  /** Of nginx. @default what its service `app` needs */
  readonly conf?: Partial<NginxConfOptions>;
  /** What a test makes worse in a configuration. @default nothing */
  readonly spoil?: (conf: string) => string;
  /** Starts the service. @default one that tells what reached it */
  readonly service?: (port: number) => Promise<() => void>;
}

/** The shipped edge before the shipped nginx before a service, all on loopback. */
export class Entrance {
  readonly edge: NginxFolder;
  readonly nginx: NginxFolder;
  /** What clients connect to. */
  http = 0;
  https = 0;
  private stops: (() => void)[] = [];

  constructor(found: Nginx) {
    this.edge = new NginxFolder(found);
    this.nginx = new NginxFolder(found);
  }

  async start({ connections, conf, spoil = (text) => text, service }: EntranceOptions = {}): Promise<this> {
    const ports = await freePorts(8);
    const [http, https, edgeHealth, innerHttp, innerHttps, innerHealth, dns, app] = ports as [
      ...Array<number>,
    ] & { length: 8 };
    [this.http, this.https] = [http!, https!];
    const bounded = connections ? { connections } : {};
    const resolver = `127.0.0.1:${dns}`;
    this.stops = [
      await startDns(dns!, new Set(['tasks.nginx', 'tasks.app'])),
      await (service ?? ((port) => startService('app', port)))(app!),
    ];
    const inner = nginxConf({
      ...certificatePair(this.nginx.path),
      routes: [{ path: '/', service: 'app', port: app!, websocket: true }],
      behindEdge: true,
      trustedProxies: ['127.0.0.0/8'],
      publicHttpsPort: https!,
      ports: { http: innerHttp!, https: innerHttps!, health: innerHealth! },
      resolver,
      runtimeFolder: this.nginx.path,
      ...bounded,
      ...conf,
    });
    await this.nginx.start(spoil(inner), () => ask(`http://127.0.0.1:${innerHealth}/health`));
    const outer = edgeConf({
      servicePorts: { http: innerHttp!, https: innerHttps! },
      ports: { http: http!, https: https!, health: edgeHealth! },
      resolver,
      runtimeFolder: this.edge.path,
      ...bounded,
    });
    await this.edge.start(spoil(outer), () => ask(`https://127.0.0.1:${https}/health`));
    return this;
  }

  async remove(): Promise<void> {
    await Promise.all([this.edge.remove(), this.nginx.remove()]);
    for (const stop of this.stops) stop();
  }
}

/** For tests that count and measure, on machines where that takes longer than a client may take. */
export const patient = (conf: string): string =>
  conf.replace(
    /(client_header_timeout|client_body_timeout|send_timeout|keepalive_timeout) \d+s;/g,
    '$1 600s;',
  );

/**
 * The memory of a master and its workers, in bytes: each page for the share of it that they have. Pages of files (the
 * program, its libraries) only where asked for: their share grows when another nginx of the machine ends.
 */
export function memoryOf(folder: NginxFolder, { files = false } = {}): number {
  const kinds = ['Pss_Anon', 'Pss_Shmem', ...(files ? ['Pss_File'] : [])];
  const kilobytes = folder.processes().flatMap((id) => {
    const text = readFileSync(`/proc/${id}/smaps_rollup`, 'utf8');
    return kinds.map((kind) => Number(new RegExp(`^${kind}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]));
  });
  return kilobytes.reduce((sum, one) => sum + one, 0) * 1024;
}
