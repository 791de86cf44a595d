import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { join } from 'node:path';
import { certificatePair, freePorts } from '../../../../../support/programs/loopback';

/** The platform's public door: https with a pair that nobody vouches for, and http that leads there. */
export interface Door {
  /** Where it is, for a step. */
  readonly env: Readonly<Record<string, string>>;
  readonly close: () => void;
}

export async function openDoor(folder: string): Promise<Door> {
  const [http, https] = (await freePorts(2)) as [number, number];
  const { certificate, certificateKey } = certificatePair(folder);
  const pair = { cert: readFileSync(certificate), key: readFileSync(certificateKey) };
  const servers = [
    createHttp(({ url }, response) => {
      if (url === '/health') response.end('ok');
      else response.writeHead(301, { location: 'https://proctorwise.example.com/' }).end();
    }).listen(http, '127.0.0.1'),
    createHttps(pair, (_, response) => response.end('ok')).listen(https, '127.0.0.1'),
  ];
  return {
    env: { HTTP_PORT: String(http), HTTPS_PORT: String(https) },
    close: () => {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

/** What a deploy leaves in its project: the stack as it was synthesized. */
export function synthesized(project: string, settings: object): string {
  const stack = join(project, 'cdktf.out.deploy-production', 'stacks', 'swarm');
  mkdirSync(stack, { recursive: true });
  writeFileSync(join(stack, 'cdk.tf.json'), JSON.stringify({ '//': { deploy: settings } }));
  return stack;
}
