import { request } from 'node:https';
import { table } from '../../operations/terminal/table';
import { platform } from '../../services.config';
import type { Lab } from '../cluster/infrastructure';
import { LabError } from '../ground/error';
import { eventually } from '../ground/shell';
import { PORTS } from './target';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface AskOptions {
  /** @default GET */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** An address of this machine that the request comes from. @default the lab's first client */
  readonly from?: string;
  /** PEM that the certificate must be signed by. @default - any certificate: the pair is thrown away with the lab */
  readonly ca?: string;
}

/** One HTTPS request to the lab's public port, ended after 15 s. */
export function ask(lab: Lab, path: string, options: AskOptions = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: lab.address,
        port: PORTS.https,
        path,
        method: options.method ?? 'GET',
        headers: { host: 'localhost', ...options.headers },
        localAddress: options.from ?? lab.clients[0],
        servername: 'localhost',
        agent: false,
        timeout: 15_000,
        ...(options.ca ? { ca: options.ca } : { rejectUnauthorized: false }),
      },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          body += chunk;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
        response.on('error', reject);
      },
    );
    sent.on('timeout', () => sent.destroy(new Error('no answer within 15 s')));
    sent.on('error', reject);
    sent.end(options.body);
  });
}

/** What one route answered. */
export interface RouteLine {
  readonly path: string;
  readonly service: string;
  /** `200`, or the error of the connection. */
  readonly status: string;
  readonly version: string;
  readonly answeredBy: string;
  readonly client: string;
  readonly database: string;
  readonly broker: string;
}

/** nginx asks for names every one or two seconds, on a busy machine later: so long a task that is healthy is unknown to it. */
const NAMES_SECONDS = 30;

/** One request for each route of the catalogue, in turn; again where nginx does not know the service's tasks yet. */
export async function askRoutes(lab: Lab): Promise<RouteLine[]> {
  const lines: RouteLine[] = [];
  for (const { path, service } of platform.nginx.routes) {
    let line = await askRoute(lab, path, service);
    await eventually(NAMES_SECONDS, async () => {
      if (line.status === '502') line = await askRoute(lab, path, service);
      return line.status !== '502';
    });
    lines.push(line);
  }
  return lines;
}

async function askRoute(lab: Lab, path: string, service: string): Promise<RouteLine> {
  let status: string;
  let told: Readonly<Record<string, unknown>> = {};
  try {
    const answer = await ask(lab, path);
    status = String(answer.status);
    told = parse(answer.body);
  } catch (error) {
    status = (error as Error).message;
  }
  const word = (name: string) => String(told[name] ?? '–');
  // Of an error its kind: the whole of it is in the service's log.
  const kind = (name: string) => word(name).replace(/:.*$/s, '');
  return {
    path,
    service,
    status,
    version: word('version'),
    client: word('client'),
    answeredBy: `${word('service')} ${word('hostname')}`,
    database: kind('database'),
    broker: kind('broker'),
  };
}

/** @throws LabError when a route was answered by another service, or not with 200 */
export function expectAnswers(lines: readonly RouteLine[]): void {
  const bad = lines.filter(
    ({ status, service, answeredBy }) => status !== '200' || !answeredBy.startsWith(`${service} `),
  );
  if (bad.length === 0) return;
  const words = bad.map(({ path, status, answeredBy }) => `${path}: ${status} from ${answeredBy}`);
  throw new LabError(
    `not every route answers: ${words.join('; ')}`,
    'look at the logs: . .lab/env, then docker service logs proctorwise_nginx',
  );
}

export const routeTable = (lines: readonly RouteLine[]): string =>
  table([
    ['route', 'status', 'version', 'answered by', 'client seen', 'database', 'broker'],
    ...lines.map((line) => [
      line.path,
      line.status,
      line.version,
      line.answeredBy,
      line.client,
      line.database,
      line.broker,
    ]),
  ]).join('\n');

function parse(body: string): Record<string, unknown> {
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch {
    return {};
  }
}
