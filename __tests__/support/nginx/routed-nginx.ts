import { createServer, type Server } from 'node:http';
import { createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import { type NginxConfOptions, nginxConf, type Route } from '../../../constructs/ingress/nginx-conf';
import { ask, certificatePair, freePorts, startDns } from '../programs/loopback';
import { type Nginx, NginxFolder } from './nginx';

type Handler = NonNullable<Parameters<typeof createServer>[1]>;
type Upgrade = (request: Parameters<Handler>[0], socket: Socket) => void;

/** A real nginx under the shipped nginx.conf, and tasks of services behind it, each on an address of loopback. */
export class RoutedNginx {
  private readonly names = new Map<string, readonly string[]>();
  private readonly servers: (Server | TcpServer)[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly folder: NginxFolder;
  private taskPort = 0;
  private stopDns = () => {};
  base = '';
  ports = { http: 0, https: 0 };
  resolver = '';

  constructor(nginx: Nginx) {
    this.folder = new NginxFolder(nginx);
  }

  /** Tasks first: nginx is ready once a route answers. */
  async open(routes: readonly Omit<Route, 'port'>[], options: Partial<NginxConfOptions> = {}): Promise<void> {
    const [http, https, health, dns] = (await freePorts(4)) as [number, number, number, number];
    this.stopDns = await startDns(dns, this.names);
    this.base = `https://127.0.0.1:${https}`;
    this.ports = { http, https };
    this.resolver = `127.0.0.1:${dns}`;
    const port = await this.servicePort();
    await this.folder.start(
      nginxConf({
        ...certificatePair(this.folder.path),
        routes: routes.map((route) => ({ ...route, port })),
        behindEdge: false,
        ports: { ...this.ports, health },
        publicHttpsPort: https,
        resolver: this.resolver,
        runtimeFolder: this.folder.path,
        ...options,
      }),
      () => ask(`http://127.0.0.1:${health}/health`),
    );
    await this.forgets();
  }

  /** A task that speaks HTTP; `upgrade` for WebSockets. */
  async task(address: string, handler: Handler, upgrade?: Upgrade): Promise<() => void> {
    const server = createServer(handler);
    if (upgrade) server.on('upgrade', upgrade);
    return this.listen(address, server);
  }

  /** One that does as it likes with each connection. */
  async rawTask(address: string, connection: (socket: Socket) => void): Promise<() => void> {
    return this.listen(address, createTcpServer(connection));
  }

  /** What Docker's DNS says of a service from now on. */
  name(service: string, ...addresses: string[]): void {
    this.names.set(`tasks.${service}`, addresses);
  }

  /** Until nginx has asked for all names again: it does so each two seconds. */
  forgets = () => new Promise<void>((done) => setTimeout(done, 2500));

  reload = () => this.folder.reload();

  output = () => this.folder.output();

  get port(): number {
    return this.ports.https;
  }

  async close(): Promise<void> {
    await this.folder.remove();
    for (const server of this.servers) server.close();
    for (const socket of this.sockets) socket.destroy();
    this.stopDns();
  }

  private async servicePort(): Promise<number> {
    if (this.taskPort === 0) [this.taskPort] = (await freePorts(1)) as [number];
    return this.taskPort;
  }

  private async listen(address: string, server: Server | TcpServer): Promise<() => void> {
    const own = new Set<Socket>();
    server.on('connection', (socket: Socket) => {
      socket.on('error', () => {});
      own.add(socket);
      this.sockets.add(socket);
    });
    this.servers.push(server);
    const port = await this.servicePort();
    await new Promise<void>((done) => server.listen(port, address, done));
    return () => {
      server.close();
      for (const socket of own) socket.destroy();
    };
  }
}
